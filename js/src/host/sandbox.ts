/**
 * Runs inside the sandboxed frame: widgets on this side, the page that holds the socket on the other.
 *
 * It has an opaque origin and no network. All it knows comes through its port.
 */

import { watchAttention } from "./attention";
import type { Shown } from "./classic";
import { Classics } from "./classics";
import { Code } from "./code";
import { FeedHub } from "./feed-hub";
import { hostFor } from "./host";
import {
  type Failure,
  type FromSandbox,
  GREETING,
  type ShareSpec,
  type ToSandbox,
} from "./messages";
import type { Outlet } from "./model";
import { Registry } from "./registry";
import { SandboxAnnotations } from "./sandbox-annotations";
import { SandboxLooks } from "./sandbox-looks";
import { SandboxPlaces } from "./sandbox-places";
import { watchInput, watchPointer } from "./sandbox-sight";
import { SandboxSnaps } from "./sandbox-snaps";
import { SandboxWords } from "./sandbox-words";
import { drawFailure, Stage } from "./stage";
import { textOf } from "./widget";

// Calls reach any address, past every policy, and tell it where the people are who look at a widget. Other
// realms, from which these could be taken back, have other origins here.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
  Reflect.deleteProperty(globalThis, name);
}

const { port1: port, port2: theirs } = new MessageChannel();
let turn = 0;

function tell(message: FromSandbox): void {
  port.postMessage(message);
}

function fail(el: HTMLElement, failure: Failure, name: string): void {
  drawFailure(el, failure, name, words.failure);
  tell({ type: "failure", failure });
}

const main = document.getElementById("stage");
if (main === null) throw new Error("the sandbox's document has a stage");
const stage = new Stage(main);
const words = new SandboxWords();
const code = new Code();
const annotations = new SandboxAnnotations(tell);
const { signal: always } = new AbortController();
const places = new SandboxPlaces(main, tell, always);
const looks = new SandboxLooks(tell, (local) => registry.receiveLook(local));
const feeds = new FeedHub((wish) => tell({ type: "feed", wish }), false);
const closings = new Map<string, AbortController>();
const outlet: Outlet = {
  save: (values) => {
    turn += 1;
    tell({ type: "set", turn, values });
    return turn;
  },
  emit: (model, content, buffers) => tell({ type: "emit", model, content, buffers }),
  keep: (values) => looks.keep(values),
  find: (ref) => registry.find(ref),
};
const importCode = (text: string) => code.import(text);
const classics = new Classics({
  importCode,
  surroundings: {
    outlet,
    moduleText: (name) => registry.moduleText(name),
    runScript: (text) => code.runScript(text),
    find: (ref) => registry.find(ref),
    fail: (el, model, phase, error) =>
      fail(el, { model, phase, text: textOf(error) }, registry.nameOf(model)),
  },
});
const registry: Registry = new Registry(outlet, {
  importCode,
  link: (text, modules) => code.link(text, modules),
  classics,
  drawFailure: fail,
  hostFor: (signal) => hostFor(signal, (ref) => registry.find(ref)),
  servicesFor: (share) => ({
    share,
    open: (feed, signal) => feeds.open(feed, signal),
    ...annotations.of(share),
    ...looks.of(share),
    onWords: words.onWords,
  }),
});

const snaps = new SandboxSnaps(tell, {
  boxOf: (share) => stage.boxOf(share),
  lookOf: (share) => registry.lookOf(share),
  askMoment: (share) => annotations.ask(share),
});

/** What our person takes over from a message is what they have chosen: who follows them sees it. */
function wear(local: Record<string, unknown>): void {
  registry.receiveLook(local);
  looks.keep(local);
}

function receiveShare(share: ShareSpec, seen: number): void {
  const widget = registry.receiveShare(share, seen);
  stage.style(registry.styles());
  if (share.hidden) unplace(share.name);
  else if (widget !== undefined) place(share, widget);
}

function place(share: ShareSpec, widget: Shown): void {
  const { el, fresh } = stage.place(share);
  if (!fresh) return;
  const closing = new AbortController();
  closings.set(share.name, closing);
  void widget.show(el, closing.signal);
}

function unplace(share: string): void {
  closings.get(share)?.abort();
  closings.delete(share);
  stage.remove(share);
}

/** Where somebody wants to look: once it is laid out, for a page that shows the widgets only now. */
function tellPlace(share: string): void {
  requestAnimationFrame(() => {
    const place = stage.placeOf(share);
    if (place !== null) tell({ type: "reveal", ...place });
  });
}

function receiveGone(share: string): void {
  unplace(share);
  annotations.receiveGone(share);
  looks.receiveGone(share);
  registry.receiveGone(share);
  stage.style(registry.styles());
}

port.onmessage = ({ data }: MessageEvent<ToSandbox>): void => {
  switch (data.type) {
    case "share":
      receiveShare(data.share, data.turn);
      break;
    case "gone":
      receiveGone(data.share);
      break;
    case "state":
      registry.receiveState(data.values, data.turn);
      break;
    case "message":
      registry.receiveMessage(data.model, data.message);
      break;
    case "theme":
      stage.dress(data.theme);
      break;
    case "words":
      words.receive(data.words);
      break;
    case "feed":
      feeds.receive(data.news);
      break;
    case "left":
      annotations.receiveLeft();
      break;
    case "cursors":
      annotations.receiveCursors(data.cursors);
      break;
    case "marks":
      annotations.receiveMarks(data.share, data.marks);
      break;
    case "focus":
      annotations.receiveFocus(data.share, data.range);
      tellPlace(data.share);
      break;
    case "watched":
      looks.receiveWatched(data.watched);
      break;
    case "points":
      places.receivePoints(data.points);
      break;
    case "look":
      looks.receiveLook(data.look);
      break;
    case "snap":
      void snaps.receive(data);
      break;
    case "wear":
      wear({ ...data.local });
      break;
    case "find":
      tellPlace(data.share);
      break;
  }
};

watchAttention((seen) => feeds.receiveAttention(seen), always);
watchPointer(tell, always);
watchInput(tell, always);
stage.measure((height) => tell({ type: "size", height }));
// The opaque origin has no name to give, and the greeting holds nothing but the port.
parent.postMessage(GREETING, "*", [theirs]);
