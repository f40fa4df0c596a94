import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ChatLine } from "../client";
import { App } from "./app";
import { LONGEST } from "./draft";
import { keptHere } from "./kept";
import { createStore, type Store } from "./store";
import { DOOR, type FakeRoom, fakeRoom, line, person } from "./support";
import { TEXTS } from "./texts";

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;
const kept = keptHere();

beforeEach(() => {
  localStorage.clear();
  kept.write("");
  room = fakeRoom();
  room.people = [person("me", "Me"), person("a", "Ann Lee"), person("b", "Bo")];
  closing = new AbortController();
  store = createStore(room.client, closing.signal, kept);
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
  vi.useRealTimers();
});

/** The page, with these lines. */
function open(...lines: ChatLine[]): void {
  const view = { store, room: "lab", askName: false, dark: signal(false), door: DOOR };
  act(() => render(<App kind="page" {...view} />, place));
  show(...lines);
}

function show(...lines: ChatLine[]): void {
  room.conversation = { ...room.conversation, lines };
  act(() => room.tell({ type: "chat" }));
}

function article(id: number): HTMLElement {
  const found = place.querySelector<HTMLElement>(`[data-id="${id}"]`);
  if (found === null) throw new Error(`no message ${id}`);
  return found;
}

function named<T extends HTMLElement = HTMLButtonElement>(name: string, within = place): T {
  const all = within.querySelectorAll<T>("button, input, textarea");
  const found = [...all].find(
    (one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === name,
  );
  if (found === undefined) throw new Error(`nothing is called ${name} in ${within.innerHTML}`);
  return found;
}

function press(name: string, within = place): void {
  act(() => named(name, within).click());
}

function focus(id: number): HTMLElement {
  act(() => article(id).focus());
  return article(id);
}

const field = (): HTMLTextAreaElement => named<HTMLTextAreaElement>(TEXTS.messageLabel);

function type(words: string, caret = words.length): void {
  act(() => {
    field().value = words;
    field().setSelectionRange(caret, caret);
    field().dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

function key(on: HTMLElement, name: string, init: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent("keydown", {
    bubbles: true,
    cancelable: true,
    key: name,
    ...init,
  });
  act(() => void on.dispatchEvent(event));
}

/** What was asked of the client, without who is writing. */
function said(): unknown[][] {
  return room.said.filter(([verb]) => verb !== "present" && verb !== "markRead");
}

const mine = (id: number, text: string): ChatLine => line(id, "me", text);

test("a reply goes with the message, and its quote says what it answers", () => {
  open(line(1, "Bo", "a question"));
  press(TEXTS.reply, focus(1));
  expect(place.querySelector(".composer-note")?.textContent).toContain("a question");
  type("an answer");
  key(field(), "Enter");
  expect(said()).toEqual([["say", { kind: "text", text: "an answer", reply: 1 }]]);
  expect(place.querySelector(".composer-note")).toBeNull();
  show(line(1, "Bo", "a question"), { ...mine(2, "an answer"), reply: 1 });
  expect(article(2).querySelector(".quote")?.textContent).toBe("Boa question");
});

test("a finger gets the tools when it has tapped: nothing moves under it before the click", () => {
  open(line(1, "Bo", "a question"));
  const tools = (): boolean => article(1).querySelector(".tools") !== null;
  const touch = { bubbles: true, pointerType: "touch" };
  act(() => void article(1).dispatchEvent(new PointerEvent("pointerdown", touch)));
  focus(1);
  expect(tools()).toBe(false);
  act(() => article(1).click());
  expect(tools()).toBe(true);
});

test("Escape leaves the reply, and keeps what is written", () => {
  open(line(1, "Bo", "a question"));
  press(TEXTS.reply, focus(1));
  type("words");
  key(field(), "Escape");
  key(field(), "Enter");
  expect(said()).toEqual([["say", { kind: "text", text: "words", reply: 0 }]]);
});

test("reactions are counted, named, and joined or taken back with a click", () => {
  const reactions = [
    { emoji: "👍", peers: ["a", "me"], mine: true },
    { emoji: "👀", peers: ["gone", "never heard of"], mine: false },
  ];
  open({ ...line(1, "Bo", "x"), reactions });
  const [up, eyes] = [...article(1).querySelectorAll<HTMLButtonElement>("[aria-pressed]")];
  expect([up?.title, up?.ariaPressed ?? up?.getAttribute("aria-pressed")]).toEqual([
    "you and Ann Lee",
    "true",
  ]);
  expect(eyes?.title).toBe(`Gone and ${TEXTS.somebody}`);
  act(() => up?.click());
  act(() => eyes?.click());
  expect(said()).toEqual([
    ["react", 1, "👍", false],
    ["react", 1, "👀", true],
  ]);
});

test("the picker takes one of twelve, or any other that is one emoji", () => {
  open(line(1, "Bo", "x"));
  press(TEXTS.addReaction, focus(1));
  expect(article(1).querySelectorAll(".picker-emoji")).toHaveLength(12);
  const other = named<HTMLInputElement>(TEXTS.otherEmoji, article(1));
  for (const text of ["abc", "🏳️‍🌈"]) {
    other.value = text;
    key(other, "Enter");
  }
  expect(said()).toEqual([["react", 1, "🏳️‍🌈", true]]);
});

test("own messages can be edited in the field, and what was written before comes back", () => {
  open(mine(1, "helo"));
  type("a draft");
  press(TEXTS.edit, focus(1));
  expect(field().value).toBe("helo");
  type("hello");
  key(field(), "Enter");
  expect(said()).toEqual([["edit", 1, "hello"]]);
  expect(field().value).toBe("a draft");
});

test("↑ in an empty field edits the last own message that is in the room, and Escape leaves it", () => {
  open(mine(1, "old"), mine(2, "last"), line(3, "Bo", "x"), mine(-4, "on its way"));
  key(field(), "ArrowUp");
  expect(field().value).toBe("last");
  key(field(), "Escape");
  expect(field().value).toBe("");
  type("words");
  key(field(), "ArrowUp");
  expect(field().value).toBe("words");
});

test("deleting asks once", () => {
  open(mine(1, "x"));
  press(TEXTS.erase, focus(1));
  expect(said()).toEqual([]);
  press(TEXTS.eraseNo, article(1));
  press(TEXTS.erase, focus(1));
  press(TEXTS.erase, article(1));
  expect(said()).toEqual([["erase", 1]]);
});

test("only hosts delete what others have said, and nobody edits it", () => {
  open(line(1, "Bo", "x"));
  expect(() => named(TEXTS.erase, focus(1))).toThrow();
  room.client = { ...room.client, self: { ...room.client.self, role: "host" } };
  store = createStore(room.client, closing.signal);
  open(line(1, "Bo", "x"));
  expect(named(TEXTS.erase, focus(1))).toBeDefined();
  expect(() => named(TEXTS.edit, article(1))).toThrow();
});

test("a message that was refused says why, and is sent again or discarded", () => {
  const fault = { slug: "unknown", text: "" };
  const failed: ChatLine = { ...mine(-1.5, "x"), state: "failed", fault };
  open(failed);
  expect(article(-1.5).textContent).toContain(TEXTS.refused.unknown);
  press(TEXTS.sendAgain);
  press(TEXTS.discard);
  expect(said()).toEqual([
    ["say again", -1.5],
    ["discard", -1.5],
  ]);
});

test("an @ opens a list of the others, and Enter puts the name in", () => {
  open();
  type("hi @le, look", 6);
  expect([...place.querySelectorAll("[role=option]")].map((one) => one.textContent)).toEqual([
    "Ann Lee",
  ]);
  key(field(), "Enter");
  expect(field().value).toBe("hi @Ann Lee , look");
  expect(said()).toEqual([]);
  expect(place.querySelector("[role=listbox]")).toBeNull();
});

test("the arrow keys choose in the list of names, and Escape closes it for this @", () => {
  open();
  type("@");
  key(field(), "ArrowUp");
  key(field(), "Tab");
  expect(field().value).toBe("@Bo ");
  type("@Bo @");
  key(field(), "Escape");
  type("@Bo @b");
  expect(place.querySelector("[role=listbox]")).toBeNull();
  expect(field().value).toBe("@Bo @b");
});

test("what is too long is not sent, and says by how much", () => {
  open();
  type("a".repeat(8003));
  key(field(), "Enter");
  expect(said()).toEqual([]);
  expect(place.querySelector(".too-long")?.textContent).toBe(TEXTS.tooLong(3, LONGEST));
  expect(named(TEXTS.send).disabled).toBe(true);
  expect(field().value).toHaveLength(8003);
});

test("what is being written survives a reload", () => {
  open();
  type("half a sent");
  act(() => render(null, place));
  store = createStore(room.client, closing.signal, kept);
  open();
  expect(field().value).toBe("half a sent");
});

test("a very long message is folded, and unfolds", () => {
  open(line(1, "Bo", "line\n".repeat(400)));
  const folded = () => place.querySelector<HTMLElement>(".message-text")?.dataset.folded;
  expect(folded()).toBe("true");
  press(TEXTS.showAll);
  expect(folded()).toBe("false");
});

test("a kind of message that this page does not know is a sentence", () => {
  const body = { kind: "hologram" } as unknown as ChatLine["body"];
  open({ ...line(1, "Bo", ""), body });
  expect(article(1).textContent).toContain(TEXTS.unknownBody);
});

test("who writes is shown, and read out once", () => {
  open();
  const writing = room.people.map((one) => ({
    ...one,
    about: one.peer === "a" ? { typing: true } : {},
  }));
  room.people = writing;
  act(() => room.tell({ type: "people", moved: ["a"] }));
  expect(place.querySelector(".typing")?.textContent).toBe("Ann Lee is writing…");
  const voice = () => place.querySelector(".chat > [aria-live]")?.textContent;
  expect(voice()).toBe("Ann Lee is writing…");
  act(() => store.talk.say("something else"));
  act(() => room.tell({ type: "people", moved: ["a"] }));
  expect(voice()).toBe("something else");
});

test("history is not read out, what comes is, and the list itself is silent", () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  open(line(1, "Bo", "history"));
  const voice = () => place.querySelector(".chat > [aria-live]")?.textContent;
  expect(voice()).toBe("");
  room.conversation.unread = 1;
  show(line(1, "Bo", "history"), line(2, "Bo", "news"));
  expect(voice()).toBe("Bo: news");
  expect(place.querySelector("[role=log]")?.getAttribute("aria-live")).toBe("off");
});

test("whoever is called and does not look is told, and led there", async () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  open();
  room.conversation.unread = 1;
  show(line(1, "Bo", "@me look"));
  expect(store.chat.value.calls).toBe(1);
  expect(article(1).querySelector(".call")?.textContent).toBe("@me");
  await vi.waitFor(() =>
    expect(place.querySelector(".toast-text")?.textContent).toContain(TEXTS.calledYou("Bo")),
  );
  press(TEXTS.showMessage);
  expect(document.activeElement).toBe(article(1));
});

test("whoever looks is not told that they were called", async () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  vi.useFakeTimers();
  open();
  room.conversation.unread = 1;
  show(line(1, "Bo", "@me look"));
  room.conversation.unread = 0;
  vi.advanceTimersByTime(1000);
  expect(place.querySelector(".toast-text")).toBeNull();
});

test("arrow keys go from message to message, and Tab comes to one of them only", () => {
  open(line(1, "Bo", "x"), line(2, "Bo", "y"), line(3, "Bo", "z"));
  const tabbed = () => [...place.querySelectorAll("article")].map(({ tabIndex }) => tabIndex);
  expect(tabbed()).toEqual([-1, -1, 0]);
  key(focus(3), "ArrowUp");
  expect(document.activeElement).toBe(article(2));
  expect(tabbed()).toEqual([-1, 0, -1]);
  key(article(2), "Home");
  expect(document.activeElement).toBe(article(1));
  key(article(1), "Escape");
  expect(document.activeElement).toBe(field());
});

test("Escape closes the picker, then leaves the message; arrow keys go along its tools", () => {
  open(mine(1, "x"));
  press(TEXTS.addReaction, focus(1));
  const picker = () => article(1).querySelector<HTMLElement>(".picker-emoji");
  const emoji = picker();
  if (emoji === null) throw new Error("no picker");
  key(emoji, "Escape");
  expect([picker(), document.activeElement]).toEqual([null, article(1)]);
  act(() => named(TEXTS.reply, article(1)).focus());
  key(named(TEXTS.reply, article(1)), "ArrowRight");
  expect(document.activeElement).toBe(named(TEXTS.edit, article(1)));
  key(named(TEXTS.edit, article(1)), "Escape");
  expect(document.activeElement).toBe(field());
});

test("of a hundred thousand messages a few hundred are in the document", () => {
  const one = line(1, "Bo", "x");
  const count = 100_000;
  const lines = Array.from({ length: count }, (_, n) => ({ ...one, id: n + 1, text: `line ${n}` }));
  room.conversation.lines = lines;
  store = createStore(room.client, closing.signal);
  const view = { store, room: "lab", askName: false, dark: signal(false), door: DOOR };
  act(() => render(<App kind="page" {...view} />, place));
  const rows = place.querySelectorAll("article");
  expect(rows.length).toBeLessThanOrEqual(240);
  expect(rows[rows.length - 1]?.textContent).toContain("line 99999");
});

test("a search asks when the typing rests, marks what it finds, and leads there", () => {
  vi.useFakeTimers();
  open(line(7, "Bo", "the green house"), line(9, "Bo", "later"));
  press(TEXTS.search);
  const search = named<HTMLInputElement>(TEXTS.search);
  for (const words of ["gr", "gre"]) {
    search.value = words;
    act(() => void search.dispatchEvent(new InputEvent("input", { bubbles: true })));
  }
  act(() => void vi.advanceTimersByTime(300));
  expect(said()).toEqual([["search", "gre", null]]);
  const body = { kind: "text", text: "the green house", reply: 0 } as const;
  const entry = { at: 7, by: "b", id: 1, name: "Bo", color: "", time: 5, body };
  const found = { type: "found", before: null, more: false } as const;
  act(() => room.tell({ type: "found", found: { ...found, query: "gr", entries: [] } }));
  expect(place.querySelector(".search-state")?.textContent).toBe(TEXTS.searching);
  act(() => room.tell({ type: "found", found: { ...found, query: "gre", entries: [entry] } }));
  expect(place.querySelector(".hit mark")?.textContent).toBe("green");
  act(() => place.querySelector<HTMLElement>(".hit")?.click());
  expect(place.querySelector(".search")).toBeNull();
  expect(document.activeElement).toBe(article(7));
});
