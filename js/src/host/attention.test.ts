import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchAttention } from "./attention";

let closing: AbortController;
let told: boolean[];
let visibility: DocumentVisibilityState;

function show(state: DocumentVisibilityState): void {
  visibility = state;
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  visibility = "visible";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  closing = new AbortController();
  told = [];
  watchAttention((seen) => told.push(seen), closing.signal);
});

afterEach(() => {
  closing.abort();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("a page that is hidden for a while is not seen until it is shown", () => {
  show("hidden");
  vi.advanceTimersByTime(9000);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(2000);
  expect(told).toEqual([false]);
  show("visible");
  expect(told).toEqual([false, true]);
});

test("a glance elsewhere is nothing", () => {
  show("hidden");
  vi.advanceTimersByTime(5000);
  show("visible");
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});

test("nothing is told after the end", () => {
  show("hidden");
  closing.abort();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});
