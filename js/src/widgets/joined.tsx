/** The panel in a guest's notebook: somebody else's room, or one of its widgets. */
import type { ReadonlySignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { ClientOptions, Memory } from "../client";
import { token } from "../lib/random";
import type { ChatDoor } from "../ui/chat-door";
import { ChatPlace } from "../ui/chat-place";
import { ChatToggle } from "../ui/chat-toggle";
import { Ending } from "../ui/ending";
import { FollowFrame } from "../ui/follow-frame";
import { keptInTab } from "../ui/kept";
import { useAttached } from "../ui/moments";
import { mount } from "../ui/mount";
import { safeColor } from "../ui/names";
import { OneWidget } from "../ui/one-widget";
import { PeopleStrip } from "../ui/people";
import { RoomLine } from "../ui/room-line";
import { Stage } from "../ui/stage";
import { StatusPill } from "../ui/status-pill";
import { createStore, type Store } from "../ui/store";
import { useWanted } from "../ui/talk";
import { TEXTS } from "../ui/texts";
import { ToastList } from "../ui/toast-list";
import { chatDoor, openWhenLive } from "./chat-code";
import { GuestReach } from "./guest-reach";
import type { Kernel, Session } from "./kernel";
import { labTongue } from "./lab-tongue";
import { OneShareClient } from "./one-share";
import { Parts } from "./parts";
import { jupyterBase } from "./ways";

/** All of the room, or the one widget that a cell is about. */
type Part = "joined" | "widget";

/** Milliseconds that a kernel has to give its session, before it is asked again: it may have been busy. */
const SESSION_TIMEOUT_MS = 5000;

/** A peer that begins where the kernel's session is, as a duplicated tab does: the relay gives it its own (S7). */
function memoryOf(session: () => Session | null): Memory {
  return {
    load: () => {
      const known = session();
      if (known === null) return null;
      return { ...known, instance: token(), lastId: 0, tried: 0, pushes: [], blobs: {} };
    },
    save: () => undefined, // a reloaded notebook asks its kernel again
    clear: () => undefined,
  };
}

/** Draws the room that the kernel has joined, until `signal` aborts. */
export function startJoined(host: HTMLElement, kernel: Kernel, signal: AbortSignal): void {
  const part: Part = kernel.text("part") === "widget" ? "widget" : "joined";
  const reach = new GuestReach(kernel, jupyterBase(document), location);
  const name = kernel.text("person");
  let session: Session | null = null;
  const options: ClientOptions = {
    room: kernel.text("room"),
    kind: "panel",
    name,
    color: safeColor(kernel.text("color"), name),
    dial: reach.dial,
    credential: () => Promise.resolve(""),
    memory: memoryOf(() => session),
  };
  const client = new OneShareClient(options, part === "widget" ? kernel.text("share") : "");
  const parts = new Parts(client, kernel);
  const tongue = labTongue(parts, signal);
  const store = createStore(client, signal, keptInTab(`cowidget:draft:${options.room}`), tongue);
  goThroughKernelWhenRefused(store, reach, signal);
  const door = chatDoor(parts);
  const view = { part, store, door } as const;
  mount(host, (dark) => <JoinedApp {...view} dark={dark} />, signal, door);
  if (part === "joined") openWhenLive(door, store, signal);
  void comeIn(kernel, signal).then((given) => {
    if (given === null) return;
    session = given;
    // The kernel leaves the people's list to the panel while it is here.
    client.present({ of: given.peer });
    client.start(signal);
  });
}

/** The kernel's session; null when the panel has gone before the kernel could answer. */
async function comeIn(kernel: Kernel, signal: AbortSignal): Promise<Session | null> {
  while (!signal.aborted) {
    const session = await kernel.askSession(SESSION_TIMEOUT_MS);
    if (session !== null) return session;
  }
  return null;
}

/** A relay that does not take this notebook's pages (A9) takes its kernel. */
function goThroughKernelWhenRefused(store: Store, reach: GuestReach, signal: AbortSignal): void {
  const stop = store.status.subscribe(({ phase, closing }) => {
    const refused = phase === "ended" && closing?.slug === "origin";
    if (refused && reach.giveUpDirect()) queueMicrotask(() => store.client.retry());
  });
  signal.addEventListener("abort", stop, { once: true });
}

interface JoinedProps {
  part: Part;
  store: Store;
  door: ChatDoor;
  dark: ReadonlySignal<boolean>;
}

function JoinedApp(props: JoinedProps) {
  const { phase, closing } = props.store.status.value;
  if (phase === "ended") {
    return (
      <Ending
        closing={closing}
        hint={closing?.slug === "full" ? TEXTS.twoPlaces : TEXTS.joinAgain}
      />
    );
  }
  return props.part === "widget" ? <OneWidget {...props} /> : <WholeRoom {...props} />;
}

function WholeRoom({ store, door, dark }: JoinedProps) {
  const [chatOpen, setChatOpen] = useState(false);
  useAttached(store.moments, () => setChatOpen(true));
  useAttached(store.snapshots, () => setChatOpen(true));
  useWanted(store.talk, () => setChatOpen(true));
  return (
    <div class="app panel" data-part="room" data-chat={chatOpen}>
      <header class="bar">
        <span class="room-name">{store.title.value || TEXTS.untitled}</span>
        <StatusPill store={store} />
        {store.me.value.role === "viewer" && <span class="tag">{TEXTS.viewOnlyTag}</span>}
        <RoomLine store={store} follow />
        <span class="spring" />
        {/* In a narrow cell these go to the next line together. */}
        <div class="bar">
          <PeopleStrip store={store} />
          <ChatToggle store={store} open={chatOpen} onToggle={() => setChatOpen(!chatOpen)} />
        </div>
      </header>
      <div class="widgets-side">
        <Stage store={store} dark={dark} emptyText={TEXTS.emptyPage} />
      </div>
      {chatOpen && (
        <aside class="chat-side">
          <ChatPlace door={door} store={store} />
        </aside>
      )}
      <FollowFrame store={store} bare />
      <ToastList toasts={store.toasts} />
    </div>
  );
}
