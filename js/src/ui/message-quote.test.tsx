import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ChatLine } from "../client";
import { App } from "./app";
import { keptHere } from "./kept";
import { createStore } from "./store";
import { DOOR, type FakeRoom, fakeRoom, line } from "./support";
import { TEXTS } from "./texts";

let room: FakeRoom;
let closing: AbortController;
let place: HTMLElement;

beforeEach(() => {
  room = fakeRoom();
  closing = new AbortController();
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

/** The page, with these lines and this draft. */
function open(lines: ChatLine[], draft = ""): void {
  const kept = keptHere();
  kept.write(draft);
  const store = createStore(room.client, closing.signal, kept);
  const view = { store, room: "lab", askName: false, dark: signal(false), door: DOOR };
  act(() => render(<App kind="page" {...view} />, place));
  show(...lines);
}

function show(...lines: ChatLine[]): void {
  room.conversation = { ...room.conversation, lines };
  act(() => room.tell({ type: "chat" }));
}

function article(id: number): HTMLElement | null {
  return place.querySelector<HTMLElement>(`[data-id="${id}"]`);
}

function quote(): HTMLElement {
  const found = article(90)?.querySelector<HTMLElement>(".quote");
  if (found === null || found === undefined) throw new Error("the message has no quote");
  return found;
}

/** What was asked of the client about messages. */
function said(): unknown[][] {
  return room.said.filter(([verb]) => verb === "pageBack" || verb === "quote");
}

const answer = { ...line(90, "Bo", "yes"), reply: 3 };

test("a quote of what is further back pages until it is here, and goes there", () => {
  room.conversation.older = true;
  room.quoted.set(3, line(3, "Bo", "the question"));
  open([answer]);
  act(() => quote().click());
  expect(said()).toEqual([["pageBack", 200]]);
  show(line(40, "Bo", "later"), answer);
  expect(said()).toHaveLength(2);
  room.conversation.older = false;
  show(line(3, "Bo", "the question"), line(40, "Bo", "later"), answer);
  expect(said()).toHaveLength(2);
  expect(document.activeElement).toBe(article(3));
});

test("what is answered further back is fetched, and its quote is as it is now", () => {
  room.quoted.set(3, undefined);
  open([answer]);
  expect(quote().textContent).toBe(TEXTS.earlierMessage);
  expect(said()).toContainEqual(["quote", 3]);
  for (const text of ["the question", "the question, reworded"]) {
    room.quoted.set(3, line(3, "Ann Lee", text));
    show(answer);
    expect(quote().textContent).toBe(`Ann Lee${text}`);
  }
  room.said.length = 0;
  room.quoted.delete(3);
  show(answer);
  expect([quote().textContent, said()]).toEqual([TEXTS.messageErased, []]);
});

test("the note above the field quotes it, too", () => {
  room.quoted.set(3, line(3, "Ann Lee", "the question"));
  open([line(90, "Bo", "yes")], JSON.stringify({ text: "and", reply: 3 }));
  expect(place.querySelector(".composer-note")?.textContent).toContain("Ann Leethe question");
});

test("a quote of what was deleted says so, and leads to a word about it", () => {
  open([answer]);
  act(() => quote().click());
  expect([quote().textContent, said()]).toEqual([TEXTS.messageErased, []]);
  expect(place.querySelector(".toast-text")?.textContent).toContain(TEXTS.messageGone);
});
