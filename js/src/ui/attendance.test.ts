import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stopped } from "../host/support";
import { Attendance } from "./attendance";

let closing: AbortController;

beforeEach(() => {
  closing = new AbortController();
});

afterEach(() => {
  closing.abort();
  vi.restoreAllMocks();
});

function setting() {
  const told: unknown[] = [];
  const { clock, pass } = stopped();
  const attendance = new Attendance(({ idle }) => told.push(idle), clock, closing.signal);
  return { attendance, pass, told };
}

function turn(state: DocumentVisibilityState): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

test("[P7] who does nothing for a minute is idle, until they do something", () => {
  const { pass, told } = setting();
  pass(59_000);
  document.dispatchEvent(new Event("pointermove"));
  pass(59_999);
  expect(told).toEqual([]);
  pass(1);
  expect(told).toEqual([true]);
  document.dispatchEvent(new Event("keydown"));
  expect(told).toEqual([true, null]);
  pass(60_000);
  expect(told).toEqual([true, null, true]);
});

test("[P7] who looks at another page is idle at once", () => {
  const { told } = setting();
  turn("hidden");
  turn("hidden");
  turn("visible");
  expect(told).toEqual([true, null]);
});

test("what somebody does in the widgets counts", () => {
  const { attendance, pass, told } = setting();
  pass(50_000);
  attendance.touch();
  pass(50_000);
  expect(told).toEqual([]);
});
