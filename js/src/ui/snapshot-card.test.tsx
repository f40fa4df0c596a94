import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Snapshot } from "../protocol/frames";
import { App } from "./app";
import { useChatless } from "./chatless";
import type { StageWish } from "./snapshots";
import { createStore, type Store } from "./store";
import { chartShare, DOOR, type FakeRoom, fakeRoom, line, MOMENT } from "./support";
import { TEXTS } from "./texts";
import { ToastList } from "./toast-list";

const { card } = TEXTS;
const SNAPSHOT: Snapshot = {
  kind: "snapshot",
  share: "map",
  values: { "map/value": 5, "map/zoom": 4, "map/label": "x" },
  picture: new Uint8Array(),
  text: "",
  reply: 0,
};

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;
let values: Record<string, unknown>;
let wishes: StageWish[];

beforeEach(() => {
  localStorage.clear();
  room = fakeRoom();
  share(["value"], ["zoom"]);
  values = { "map/value": 1, "map/zoom": 1, "map/label": "x" };
  room.client.value = (key) => values[key];
  closing = new AbortController();
  store = createStore(room.client, closing.signal);
  wishes = [];
  store.snapshots.onWish((wish) => wishes.push(wish), closing.signal);
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

function share(writable: string[], local: string[]): void {
  const bare = { code: null, style: null, classic: null, messages: false, events: [] };
  const traits = ["value", "zoom", "label"];
  const model = { path: "", name: "Map", traits, writable, local, ...bare };
  room.shares = [{ ...chartShare("map", "The map"), models: [model] }];
}

function open(over: Partial<Snapshot> = {}): void {
  const view = { store, dark: signal(false), door: DOOR };
  act(() => render(<App kind="page" room="lab" askName={false} {...view} />, place));
  say(over);
}

function say(over: Partial<Snapshot> = {}): void {
  const lines = [{ ...line(1, "bo", ""), body: { ...SNAPSHOT, ...over } }];
  room.conversation = { lines, older: false, unread: 0 };
  act(() => room.tell({ type: "chat" }));
}

function button(name: string): HTMLButtonElement {
  const found = [...place.querySelectorAll("button")].find(
    (one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === name,
  );
  if (found === undefined) throw new Error(`nothing is called ${name} in ${place.innerHTML}`);
  return found;
}

function press(name: string): void {
  act(() => button(name).click());
}

function sets(): unknown[] {
  return room.said.filter(([verb]) => verb === "set").map(([, set]) => set);
}

function toasts(): (string | null)[] {
  return [...place.querySelectorAll(".toast-text")].map((one) => one.textContent?.trim() ?? null);
}

function reason(): string {
  return place.querySelector(".snapshot-reason")?.textContent ?? "";
}

test("a snapshot without a picture is its values", () => {
  open();
  const shown = [...place.querySelectorAll(".snapshot dl > div")].map((one) => one.textContent);
  expect(shown).toEqual(["value5", "zoom4", "labelx"]);
  expect(place.querySelector(".snapshot-title")?.textContent).toContain("The map");
});

test("a snapshot with a picture shows that", async () => {
  open({ picture: MOMENT.picture });
  expect(place.querySelector(".snapshot dl")).toBeNull();
  await vi.waitFor(() => {
    const image = place.querySelector<HTMLImageElement>(".snapshot img");
    expect(image?.alt).toBe(card.snapshotAlt("The map", "bo"));
  });
});

test("more values than a few are counted", () => {
  const many = Array.from({ length: 9 }, (_, n) => [`map/t${n}`, n] as const);
  open({ values: Object.fromEntries(many) });
  expect(place.querySelectorAll(".snapshot dl > div")).toHaveLength(6);
  expect(place.querySelector(".snapshot-values small")?.textContent).toBe(card.moreValues(3));
});

test("a click on its name leads to the widget", () => {
  open();
  act(() => place.querySelector<HTMLElement>("button.snapshot-title")?.click());
  expect(wishes).toEqual([{ type: "find", share: "map" }]);
});

test("applied to all, what may be written is set at once, and can be undone", () => {
  open();
  press(card.applyToAll);
  expect(sets()).toEqual([{ "map/value": 5 }]);
  expect(toasts()).toEqual([card.appliedToAll("The map")]);
  values["map/value"] = 5;
  press(card.undo);
  expect(sets()).toEqual([{ "map/value": 5 }, { "map/value": 1 }]);
  expect(toasts()).toEqual([card.undone("The map")]);
});

test("what is like that already is not set again", () => {
  values["map/value"] = 5;
  open();
  press(card.applyToAll);
  expect(sets()).toEqual([]);
  expect(toasts()).toEqual([card.appliedAlready("The map")]);
});

test("applied to oneself, local values are set here, and what is everybody's is said to be left", () => {
  open();
  press(card.applyToMe);
  expect(wishes).toEqual([{ type: "wear", local: { "map/zoom": 4 } }]);
  expect(sets()).toEqual([]);
  expect(toasts()).toEqual([card.appliedPartly(1)]);
});

test("applied to oneself, nothing is said to be left when nothing is", () => {
  values["map/value"] = 5;
  open();
  press(card.applyToMe);
  expect(toasts()).toEqual([card.appliedToMe("The map")]);
});

test("where nothing is a viewer's own, nothing is offered for one alone", () => {
  share(["value"], []);
  open();
  expect(() => button(card.applyToMe)).toThrow();
  expect(button(card.applyToAll).disabled).toBe(false);
});

test("who only watches can have what is their own, and is told why not the rest", () => {
  room.client = Object.assign(room.client, { self: { ...room.client.self, role: "viewer" } });
  room.people = [{ ...room.people[0], role: "viewer" } as (typeof room.people)[0]];
  open();
  act(() => room.tell({ type: "people" }));
  expect(button(card.applyToAll).disabled).toBe(true);
  expect(button(card.applyToMe).disabled).toBe(false);
  expect(reason()).toBe(card.applyViewer);
});

test("in a locked room only hosts apply to all", () => {
  open();
  room.locked = true;
  act(() => room.tell({ type: "room" }));
  expect(button(card.applyToAll).disabled).toBe(true);
  expect(reason()).toBe(card.applyLocked);
});

test("a widget that is gone cannot be set, and comes back", () => {
  open();
  const before = room.shares;
  room.shares = [];
  act(() => room.tell({ type: "shares" }));
  expect(button(card.applyToAll).disabled).toBe(true);
  expect(reason()).toBe(card.applyGone);
  room.shares = before;
  act(() => room.tell({ type: "shares" }));
  expect(button(card.applyToAll).disabled).toBe(false);
});

test("what the host has opened nothing of says so", () => {
  share([], []);
  open();
  expect(button(card.applyToAll).disabled).toBe(true);
  expect(reason()).toBe(card.applyNotOpen);
});

test("where the widgets are not shown, nothing is set for one alone", () => {
  const view = { store, dark: signal(false), door: DOOR };
  act(() => render(<App kind="panel" part="bar" {...view} />, place));
  press(TEXTS.openChat);
  say();
  expect(button(card.applyToMe).disabled).toBe(true);
  expect(button(card.applyToMe).title).toBe(card.applyNotShown);
});

test("a snapshot is sent with what is written to it", () => {
  open();
  const { share: name, values: shown, picture } = SNAPSHOT;
  act(() => store.snapshots.attach({ share: name, values: shown, picture }));
  expect(place.querySelector(".moment-draft")?.textContent).toContain("The map");
  act(() => store.talk.draft.write("look"));
  press(TEXTS.send);
  expect(room.said).toContainEqual(["say", { ...SNAPSHOT, text: "look" }]);
  expect(store.snapshots.attached.value).toBeNull();
});

test("a snapshot can be left out, and goes without words", () => {
  open();
  act(() => store.snapshots.attach(SNAPSHOT));
  press(card.removeSnapshot);
  expect(store.snapshots.attached.value).toBeNull();
  act(() => store.snapshots.attach(SNAPSHOT));
  press(TEXTS.send);
  expect(room.said).toContainEqual(["say", SNAPSHOT]);
});

test("a widget without a chat beside it asks before it sends a snapshot", () => {
  function Alone() {
    useChatless(store);
    return <ToastList toasts={store.toasts} />;
  }
  act(() => render(<Alone />, place));
  const { share: name, values: shown, picture } = SNAPSHOT;
  act(() => store.snapshots.attach({ share: name, values: shown, picture }));
  expect(room.said).toEqual([]);
  press(TEXTS.send);
  expect(room.said).toEqual([["say", SNAPSHOT]]);
});
