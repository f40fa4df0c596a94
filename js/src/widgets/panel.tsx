/** The panel in a notebook, the host's or a guest's: one anywidget module with the same interface as the page. */
import { type ClientOptions, plainMemory } from "../client";
import type { ModelFace } from "../host/model";
import { App, type Part } from "../ui/app";
import { NoticePage } from "../ui/ending";
import { keptInTab } from "../ui/kept";
import { mount } from "../ui/mount";
import { rememberedIdentity, safeColor } from "../ui/names";
import { createStore, type Store } from "../ui/store";
import { TEXTS } from "../ui/texts";
import { chatDoor, openWhenLive } from "./chat-code";
import { startJoined } from "./joined";
import { Kernel } from "./kernel";
import { labTongue } from "./lab-tongue";
import { OneShareClient } from "./one-share";
import { Parts } from "./parts";
import { Reach } from "./reach";
import { jupyterBase } from "./ways";

interface RenderProps {
  model: ModelFace;
  el: HTMLElement;
  /** Missing in front ends with an older anywidget; they call what `render` returns. */
  signal?: AbortSignal;
}

/** Events that a notebook would take for its own shortcuts, pastes and drags. */
const OURS = [
  ...["keydown", "keypress", "keyup", "copy", "cut", "paste"],
  ...["dragstart", "dragenter", "dragover", "dragleave", "drop", "contextmenu"],
];

/** What a host is called who has not told a name; the same for everybody, whatever they speak. */
const HOST_NAME = "Host";

/** Where there is no room, no relay gives what a panel needs. */
const NO_RELAY = { blob: () => Promise.reject(new Error("there is no relay")) };

/** Milliseconds between tickets for a panel that was turned away: a broken room must not spin. */
const RENEWAL_PAUSE_MS = 5000;

function makeHost(el: HTMLElement, kernel: Kernel, signal: AbortSignal): HTMLElement {
  const host = document.createElement("div");
  host.className = "cowidget-panel";
  host.dataset.lmSuppressShortcuts = "true";
  for (const name of OURS)
    host.addEventListener(name, (event) => event.stopPropagation(), { signal });
  const setHeight = (): void => {
    const height = kernel.number("height");
    host.style.setProperty("--panel-height", height > 0 ? `${height}px` : "none");
  };
  setHeight();
  kernel.onChange(["height"], setHeight);
  el.append(host);
  signal.addEventListener("abort", () => host.remove(), { once: true });
  return host;
}

/** Asks for the link as soon as the room can be asked, and after each break: it may be another one by then. */
function fetchLink(store: Store, kernel: Kernel, signal: AbortSignal): void {
  let asked = false;
  const stop = store.status.subscribe(({ phase, owner }) => {
    if (phase !== "live" || owner === "away") asked = false;
    else if (!asked) {
      asked = true;
      store.client.emit("", { ask: "link", invitation: kernel.text("invitation") });
    }
  });
  signal.addEventListener("abort", stop, { once: true });
}

/** A ticket that was too old or used up is no end: the kernel gives another one. */
function renewWhenTurnedAway(store: Store, signal: AbortSignal): void {
  let renewedMs = Number.NEGATIVE_INFINITY;
  const stop = store.status.subscribe(({ phase, closing }) => {
    const turnedAway = phase === "ended" && closing?.nextStep === "ask-for-link";
    if (!turnedAway || performance.now() - renewedMs < RENEWAL_PAUSE_MS) return;
    renewedMs = performance.now();
    queueMicrotask(() => store.client.retry());
  });
  signal.addEventListener("abort", stop, { once: true });
}

/** Ends the client with the room that was stopped from here; the interface stays and says so. */
function endWhenStopped(store: Store, end: AbortController): void {
  const stop = store.status.subscribe(({ phase }) => {
    if (store.stopping.peek() && phase !== "live") end.abort();
  });
  end.signal.addEventListener("abort", stop, { once: true });
}

/** Whether the room is somebody else's, which this kernel has joined. */
function isGuest(kernel: Kernel): boolean {
  const part = kernel.text("part");
  return part === "joined" || part === "widget";
}

function partOf(kernel: Kernel): Part {
  const part = kernel.text("part");
  return part === "bar" || part === "link" || part === "share" ? part : "room";
}

function start(host: HTMLElement, kernel: Kernel, signal: AbortSignal): void {
  kernel.tellOrigin(location.origin);
  const reach = new Reach(kernel, jupyterBase(document), location, signal);
  // The same for every panel of a notebook: people's lists take them for the one person that they are.
  const { name, color } = rememberedIdentity() ?? {
    name: HOST_NAME,
    color: safeColor("", HOST_NAME),
  };
  const part = partOf(kernel);
  const options: ClientOptions = {
    room: kernel.text("room"),
    kind: "panel",
    name,
    color,
    dial: reach.dial,
    credential: reach.credential,
    memory: plainMemory(), // a reloaded notebook begins anew, with a new ticket
  };
  const client = new OneShareClient(options, part === "share" ? kernel.text("share") : "");
  const parts = new Parts(client, kernel);
  const tongue = labTongue(parts, signal);
  const store = createStore(client, signal, keptInTab(`cowidget:draft:${options.room}`), tongue);
  const connecting = new AbortController();
  signal.addEventListener("abort", () => connecting.abort(), { once: true });
  fetchLink(store, kernel, signal);
  endWhenStopped(store, connecting);
  renewWhenTurnedAway(store, signal);
  // Nobody sits behind a card that shows a link: people's lists leave it out.
  if (part === "link") client.present({ part });
  const door = chatDoor(parts);
  const view = { kind: "panel", part, store, door } as const;
  mount(host, (dark) => <App {...view} dark={dark} />, signal, door);
  if (part === "room" || part === "bar") openWhenLive(door, store, signal);
  client.start(connecting.signal);
}

function render({ model, el, signal }: RenderProps): () => void {
  const closing = new AbortController();
  signal?.addEventListener("abort", () => closing.abort(), { once: true });
  const kernel = new Kernel(model, closing.signal);
  const host = makeHost(el, kernel, closing.signal);
  let running = new AbortController();
  let joined = false;
  const begin = (): void => {
    running.abort();
    running = new AbortController();
    const lifetime = AbortSignal.any([closing.signal, running.signal]);
    joined = kernel.text("failure") === "";
    if (!joined) showFailure(host, kernel, lifetime);
    else if (isGuest(kernel)) startJoined(host, kernel, lifetime);
    else start(host, kernel, lifetime);
  };
  begin();
  kernel.onChange(["room", "part"], begin);
  // A room that runs goes on when the kernel loses its own line; its status says that the host is away. A
  // guest's kernel that has left takes its panels with it.
  kernel.onChange(["failure"], () => (joined && !isGuest(kernel)) || begin());
  return () => closing.abort();
}

function showFailure(host: HTMLElement, kernel: Kernel, signal: AbortSignal): void {
  labTongue(new Parts(NO_RELAY, kernel), signal);
  mount(host, () => <Failure kernel={kernel} />, signal);
}

function Failure({ kernel }: { kernel: Kernel }) {
  const title = isGuest(kernel) ? TEXTS.leftTitle : TEXTS.failureTitle;
  return <NoticePage title={title} text={kernel.text("failure")} way="none" slug="failure" />;
}

export default { render };
