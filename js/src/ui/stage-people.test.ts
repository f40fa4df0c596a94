import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ToSandbox } from "../host/messages";
import type { Places } from "../host/sight";
import type { Person } from "../protocol/frames";
import { StagePeople } from "./stage-people";
import { createStore, type Store } from "./store";
import { chartShare, type FakeRoom, fakeRoom, person } from "./support";

const PLACES: Places = { dial: { left: 0, top: 20, width: 500, height: 1000 } };

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let posted: ToSandbox[];
let scroller: HTMLElement;
let over: HTMLElement;
let stage: StagePeople;

const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

beforeEach(() => {
  localStorage.clear();
  closing = new AbortController();
  posted = [];
  room = fakeRoom();
  room.shares = [chartShare("dial")];
  store = createStore(room.client, closing.signal);
  scroller = document.createElement("div");
  scroller.style.overflowY = "auto";
  vi.spyOn(scroller, "clientHeight", "get").mockReturnValue(300);
  vi.spyOn(scroller, "scrollHeight", "get").mockReturnValue(1040);
  const element = document.createElement("div");
  over = document.createElement("div");
  scroller.append(element, over);
  document.body.replaceChildren(scroller);
  vi.spyOn(scroller, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 50, 500, 300));
  vi.spyOn(element, "getBoundingClientRect").mockImplementation(
    () => new DOMRect(0, 50 - scroller.scrollTop, 500, 1040),
  );
  const post = (message: ToSandbox): void => void posted.push(message);
  stage = new StagePeople(store, { element, post }, over, closing.signal);
  stage.receiveReady();
  stage.receive({ type: "places", places: PLACES });
});

afterEach(() => closing.abort());

function told(...others: Person[]): void {
  room.people = [person("me", "Me"), ...others];
  room.tell({ type: "people" });
}

function telling(about: Person["about"]): Person {
  return { ...person("ann", "Ann"), about };
}

function said(entry: string): unknown[] {
  return room.said.flatMap(([verb, about]) =>
    verb === "present" && typeof about === "object" && about !== null && entry in about
      ? [(about as Person["about"])[entry]]
      : [],
  );
}

test("[P6] others' pointers are over the widgets once the sandbox has told where", () => {
  const pointer = { share: "dial", x: 0.5, y: 0.5 };
  told(telling({ pointer }));
  expect(posted.at(-1)).toEqual({ type: "points", points: { ann: pointer } });
  stage.receive({ type: "spots", spots: { ann: [250, 520] } });
  expect(over.textContent).toBe("Ann");
  told();
  expect(over.textContent).toBe("");
});

test("who wants to see no pointers sees none", () => {
  told(telling({ pointer: { share: "dial", x: 0.5, y: 0.5 } }));
  stage.receive({ type: "spots", spots: { ann: [250, 520] } });
  store.company.wishes.others.value = false;
  expect(over.childElementCount).toBe(0);
});

test("[P6] our pointer is told, and that it left the frame", () => {
  stage.receive({ type: "pointer", point: { share: "dial", x: 0.5, y: 0.5 } });
  stage.leave();
  expect(said("pointer")).toEqual([{ share: "dial", x: 0.5, y: 0.5 }, null]);
});

test("[P8] what we see is told only while somebody follows", async () => {
  scroller.scrollTop = 520;
  scroller.dispatchEvent(new Event("scroll"));
  await frame();
  expect(said("view")).toEqual([]);
  told(telling({ following: "me" }));
  await frame();
  expect(posted).toContainEqual({ type: "watched", watched: true });
  scroller.scrollTop = 270;
  scroller.dispatchEvent(new Event("scroll"));
  await frame();
  told();
  await frame();
  expect(said("view")).toEqual([
    { share: "dial", at: 0.5, local: {} },
    { share: "dial", at: 0.25, local: {} },
    null,
  ]);
});

test("[P8] whom we follow is gone along with, in place and in what is seen of it", async () => {
  const local = { "chart:dial": [1, 2] };
  told(telling({ view: { share: "dial", at: 0.5, local } }));
  store.company.following.follow("ann");
  expect(posted.at(-1)).toEqual({ type: "look", look: { local: {}, ranges: { dial: [1, 2] } } });
  await vi.waitFor(() => expect(scroller.scrollTop).toBe(520));
});

test.each([
  ["wheel", () => stage.receive({ type: "input", input: "wheel" })],
  ["press in a widget", () => stage.receive({ type: "input", input: "press" })],
  ["wheel beside a widget", () => scroller.dispatchEvent(new Event("wheel", { bubbles: true }))],
  ["drag of the bar", () => scroller.dispatchEvent(new Event("pointerdown", { bubbles: true }))],
  [
    "key that scrolls",
    () => scroller.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true })),
  ],
])("[P8] a %s of our own ends following", (_, act) => {
  told(person("ann", "Ann"));
  store.company.following.follow("ann");
  act();
  expect(store.company.following.target.value).toBeNull();
});

test("moving the mouse, and writing, do not end following", () => {
  told(person("ann", "Ann"));
  store.company.following.follow("ann");
  stage.receive({ type: "input", input: "move" });
  const field = document.createElement("textarea");
  scroller.append(field);
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
  expect(store.company.following.target.value?.peer).toBe("ann");
});
