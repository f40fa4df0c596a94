import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Phase } from "../client";
import type { Share } from "../protocol/frames";
import { Stage } from "./stage";
import { createStore } from "./store";
import { chartShare, type FakeRoom, fakeRoom } from "./support";

const dark = signal(false);
let place: HTMLElement;
let closing: AbortController;

beforeEach(() => {
  closing = new AbortController();
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

function open(shares: Share[] = [], phase: Phase = "live"): FakeRoom {
  const room = fakeRoom();
  room.shares = shares;
  room.status = { ...room.status, phase };
  const store = createStore(room.client, closing.signal);
  act(() => render(<Stage store={store} dark={dark} emptyText="nothing yet" />, place));
  return room;
}

function frames(): number {
  return place.querySelectorAll("iframe").length;
}

test("the frame has the scheme of its document, so that it stays without a ground of its own", async () => {
  open([chartShare("dial")]);
  const frame = place.querySelector("iframe");
  await vi.waitFor(() => expect(frame?.style.colorScheme).toBe("light"));
  dark.value = true;
  await vi.waitFor(() => expect(frame?.style.colorScheme).toBe("dark"));
});

test("a room with nothing but links between widgets is an empty one", () => {
  const rights = { title: "", order: 0, by: "k", modules: [], models: [] };
  open([{ name: "links", hidden: true, ...rights }]);
  expect(place.textContent).toContain("nothing yet");
  expect(place.querySelector(".stage")?.getAttribute("aria-busy")).toBe("false");
});

test("a room without widgets has no frame until there is one to be in it", () => {
  const room = open();
  expect(frames()).toBe(0);
  room.shares = [chartShare("dial")];
  act(() => room.tell({ type: "shares" }));
  expect(frames()).toBe(1);
});

test("the frame stays when the last widget goes: another one may come", () => {
  const room = open([chartShare("dial")]);
  room.shares = [];
  act(() => room.tell({ type: "shares" }));
  expect(frames()).toBe(1);
});

test("as long as nobody knows what is in the room, the frame is made ready", () => {
  open([], "connecting");
  expect(frames()).toBe(1);
});

test("a line that breaks makes no frame in a room without widgets", () => {
  const room = open();
  room.status = { ...room.status, phase: "reconnecting" };
  act(() => room.tell({ type: "status" }));
  expect(frames()).toBe(0);
});
