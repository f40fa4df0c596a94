import { beforeEach, expect, test } from "vitest";
import type { Clock } from "./connection/clock";
import type { KeyState, Patch } from "./protocol/frames";
import { PATIENCE_MS, Undecided } from "./undecided";

let now: number;
let timers: { at: number; callback: () => void }[];
let told: number[];
let undecided: Undecided;

const clock: Clock = {
  now: () => now,
  chance: () => 0,
  after(ms, callback) {
    const timer = { at: now + ms, callback };
    timers.push(timer);
    return () => {
      timers = timers.filter((each) => each !== timer);
    };
  },
};

function pass(ms: number): void {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { callback } of due) callback();
}

function tell(states: Record<string, [version: number, pending: boolean]>, fields = {}): void {
  const keys = Object.entries(states).map(
    ([key, [version, pending]]) => ({ key, version, pending }) as KeyState,
  );
  const rest = { gone: [], shares: [], reset: false, more: false };
  undecided.receive({ type: "patch", at: 1, keys, ...rest, ...fields } as Patch);
}

beforeEach(() => {
  now = 0;
  timers = [];
  told = [];
  undecided = new Undecided(clock, () => told.push(undecided.late));
});

test("[D4] what the kernel decides in time is never late", () => {
  tell({ "w/a": [1, true] });
  pass(PATIENCE_MS - 1);
  tell({ "w/a": [1, false] });
  pass(9 * PATIENCE_MS);
  expect(told.every((late) => late === 0)).toBe(true);
  expect(timers).toEqual([]);
});

test("[P4] once one change is late, all that wait are told, and their end is", () => {
  tell({ "w/a": [1, true] });
  pass(PATIENCE_MS - 1);
  tell({ "w/b": [2, true] });
  pass(1);
  expect(told.at(-1)).toBe(2);
  tell({ "w/a": [1, false], "w/b": [2, false] });
  expect(told.at(-1)).toBe(0);
});

test("a drag whose earlier positions the kernel passes over is not late", () => {
  for (let version = 1; version < 9; version += 1) {
    tell({ "w/a": [version, true] });
    pass(PATIENCE_MS / 2);
  }
  expect(told.every((late) => late === 0)).toBe(true);
});

test("the second change is late in its own time when the first was decided", () => {
  tell({ "w/a": [1, true] });
  pass(PATIENCE_MS / 2);
  tell({ "w/b": [2, true] });
  tell({ "w/a": [1, false] });
  pass(PATIENCE_MS / 2);
  expect(undecided.late).toBe(0);
  pass(PATIENCE_MS / 2);
  expect(told.at(-1)).toBe(1);
});

test.each([{ gone: ["w/a"] }, { gone: ["w"] }, { reset: true }])(
  "%o: what is gone does not wait",
  (fields) => {
    tell({ "w/a": [1, true] });
    tell({}, fields);
    pass(2 * PATIENCE_MS);
    expect(undecided.late).toBe(0);
  },
);
