/** The whole interface around the widgets: a guest's page, or the panel in a notebook. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { ChatDoor } from "./chat-door";
import { ChatPlace } from "./chat-place";
import { ChatToggle, Unread } from "./chat-toggle";
import { Ending } from "./ending";
import { FollowFrame } from "./follow-frame";
import { Icon } from "./icons";
import { LinkPanel } from "./link-card";
import { useAttached } from "./moments";
import { NameDialog } from "./name-dialog";
import { OneWidget } from "./one-widget";
import { PeopleList, PeopleStrip } from "./people";
import { RoomLine } from "./room-line";
import { ShareBar, ShareButton } from "./share-bar";
import { Stage } from "./stage";
import { StatusPill } from "./status-pill";
import type { Store } from "./store";
import { useWanted } from "./talk";
import { TEXTS } from "./texts";
import { ToastList } from "./toast-list";

interface Place {
  store: Store;
  door: ChatDoor;
  dark: ReadonlySignal<boolean>;
}

/** What of the room a panel shows: all of it; all but the widgets; a link; one share by itself. */
export type Part = "room" | "bar" | "link" | "share";

/** A whole page is its own ground; a panel is a card in a notebook. */
export type AppProps = Place &
  ({ kind: "page"; room: string; askName: boolean } | { kind: "panel"; part: Part });

export function App(props: AppProps) {
  const { store } = props;
  const status = store.status.value;
  const stopped = store.stopping.value && status.phase !== "live";
  if (stopped && props.kind === "panel") return <Stopped />;
  if (status.phase === "ended") {
    return props.kind === "page" ? (
      <Ending closing={status.closing} />
    ) : (
      <Ending closing={status.closing} hint={TEXTS.endingPanel} />
    );
  }
  if (props.kind === "page") return <PageApp {...props} />;
  if (props.part === "share") return <OneWidget store={store} dark={props.dark} />;
  return props.part === "link" ? <LinkPanel store={store} /> : <PanelApp {...props} />;
}

/** Some proxies lose the code of the relay's closing; who has stopped the room knows why it ended. */
function Stopped() {
  const closing = { code: 4504, slug: "stopped", nextStep: "stop", text: "" } as const;
  return <Ending closing={closing} hint={TEXTS.endingPanel} />;
}

type Tab = "widgets" | "chat" | "people";

/** Wide: widgets and chat beside each other. Narrow: one at a time, chosen at the bottom. */
function PageApp({ store, door, dark, room, askName }: Extract<AppProps, { kind: "page" }>) {
  const [tab, setTab] = useState<Tab>("widgets");
  const [asking, setAsking] = useState(askName);
  const narrow = useNarrow();
  const chatSeen = !narrow || tab === "chat";
  // A moment is written about in the chat, and seen among the widgets.
  useAttached(store.moments, () => setTab("chat"));
  useAttached(store.snapshots, () => setTab("chat"));
  useWanted(store.talk, () => setTab("chat"));
  useEffect(() => {
    const leaving = new AbortController();
    store.moments.onWanted(() => setTab("widgets"), leaving.signal);
    store.snapshots.onWish(({ type }) => type === "find" && setTab("widgets"), leaving.signal);
    return () => leaving.abort();
  }, [store]);
  // Who follows somebody wants to see what they see.
  const followed = store.company.following.target.value?.peer ?? "";
  useEffect(() => {
    if (followed !== "") setTab("widgets");
  }, [followed]);
  const status = store.status.value;
  return (
    <div class="app page" data-tab={tab}>
      <header class="bar">
        <span class="mark" aria-hidden="true" />
        <h1 class="room-name" title={room}>
          {store.title.value || TEXTS.untitled}
        </h1>
        <StatusPill store={store} />
        {status.phase === "live" && store.me.value.role === "viewer" && (
          <span class="tag">{TEXTS.viewOnlyTag}</span>
        )}
        {!narrow && <RoomLine store={store} />}
        <span class="spring" />
        <PeopleStrip store={store} />
        <ShareButton store={store} />
      </header>
      {narrow && <RoomLine store={store} />}
      <main class="widgets-side" aria-label={TEXTS.widgets} tabIndex={-1}>
        <Stage store={store} dark={dark} emptyText={TEXTS.emptyPage} />
      </main>
      <aside class="chat-side">{chatSeen && <ChatPlace door={door} store={store} />}</aside>
      {narrow && tab === "people" && (
        <section class="people-side">
          <PeopleList store={store} />
        </section>
      )}
      {narrow && <TabBar store={store} tab={tab} onTab={setTab} />}
      {asking && <NameDialog store={store} onDone={() => setAsking(false)} />}
      <FollowFrame store={store} />
      <ToastList toasts={store.toasts} />
    </div>
  );
}

/** Whether the window has room for one thing only. The same width is in page.css. */
function useNarrow(): boolean {
  const [query] = useState(() => matchMedia("(max-width: 767px)"));
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const look = (): void => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [query]);
  return narrow;
}

interface TabBarProps {
  store: Store;
  tab: Tab;
  onTab(tab: Tab): void;
}

function TabBar({ store, tab, onTab }: TabBarProps) {
  const tabs: Tab[] = ["widgets", "chat", "people"];
  return (
    <nav class="tab-bar">
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          aria-current={one === tab ? "page" : undefined}
          onClick={() => onTab(one)}
        >
          <span class="tab-icon">
            <Icon name={one} />
            {one === "chat" && one !== tab && <Unread conversation={store.chat.value} />}
          </span>
          {TEXTS[one]}
        </button>
      ))}
    </nav>
  );
}

function PanelApp({ store, door, dark, part }: Extract<AppProps, { kind: "panel" }>) {
  const [chatOpen, setChatOpen] = useState(false);
  useAttached(store.moments, () => setChatOpen(true));
  useAttached(store.snapshots, () => setChatOpen(true));
  useWanted(store.talk, () => setChatOpen(true));
  return (
    <div class="app panel" data-part={part} data-chat={chatOpen}>
      <header class="bar">
        <StatusPill store={store} />
        <RoomLine store={store} follow />
        <span class="spring" />
        <PeopleStrip store={store} />
        <ShareBar store={store} />
        <ChatToggle store={store} open={chatOpen} onToggle={() => setChatOpen(!chatOpen)} />
      </header>
      {part === "room" && (
        <div class="widgets-side">
          <Stage store={store} dark={dark} emptyText={TEXTS.emptyPanel} />
        </div>
      )}
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
