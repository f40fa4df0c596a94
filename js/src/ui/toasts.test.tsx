import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStore, type Store } from "./store";
import { type FakeRoom, fakeRoom } from "./support";
import { TEXTS } from "./texts";
import { ToastList } from "./toast-list";

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  room = fakeRoom();
  closing = new AbortController();
  store = createStore(room.client, closing.signal);
  place = document.createElement("div");
  act(() => render(<ToastList toasts={store.toasts} />, place));
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
  vi.useRealTimers();
});

function refuse(slug: string, text = "", keys = ["tuner/frequency"]): void {
  act(() => room.tell({ type: "refused", id: 1, slug, text, keys }));
}

function toasts(): HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>(".toast")];
}

/** These very elements, and no others: what is made anew is read out again. */
function areStill(before: readonly HTMLElement[]): void {
  expect(toasts().map((toast) => before.indexOf(toast))).toEqual([...before.keys()]);
}

test("a slider that is dragged in a locked room brings one toast, which is read out once", () => {
  refuse("locked");
  const before = toasts();
  for (let step = 0; step < 60; step += 1) {
    act(() => void vi.advanceTimersByTime(200));
    refuse("locked");
  }
  areStill(before);
});

test("it goes when nothing was refused for a while, and comes anew after that", () => {
  refuse("locked");
  const before = toasts();
  act(() => void vi.advanceTimersByTime(4900));
  refuse("locked");
  act(() => void vi.advanceTimersByTime(4900));
  areStill(before);
  act(() => void vi.advanceTimersByTime(200));
  expect(toasts()).toEqual([]);
  refuse("locked");
  expect(toasts()).toHaveLength(1);
});

test("another reason is a toast of its own, and does not come anew with the next of the first", () => {
  refuse("locked");
  refuse("too-large");
  const before = toasts();
  refuse("locked");
  areStill(before);
});

test("values that the kernel rejects one after the other share a toast, with the last one's reason", () => {
  for (const value of [11, 12, 13]) refuse("rejected", `at most 10, not ${value}`);
  expect(toasts().map(({ textContent }) => textContent?.trim())).toEqual([
    TEXTS.sentences(TEXTS.refused.rejected ?? "", "at most 10, not 13"),
  ]);
  refuse("rejected", "must be even", ["tuner/octave"]);
  expect(toasts()).toHaveLength(2);
});

test("a question that is asked again is answered for what it is about now", () => {
  const run = vi.fn();
  for (const file of ["a", "b"]) {
    act(
      () => void store.toasts.show("plain", "Save?", "", { label: "Save", run: () => run(file) }),
    );
  }
  act(() => place.querySelector<HTMLElement>(".toast .button")?.click());
  expect(run.mock.calls).toEqual([["b"]]);
  expect(toasts()).toEqual([]);
});
