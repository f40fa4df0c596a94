import { expect, test, vi } from "vitest";
import type { OthersCursor } from "./annotations";
import type { FromSandbox } from "./messages";
import { SandboxAnnotations } from "./sandbox-annotations";
import { LINE } from "./support";

const BO: OthersCursor = {
  peer: "bo",
  name: "Bo",
  color: "#0b7285",
  chart: "chart",
  t: 1,
  y: 2,
  axis: "left",
};

function setting() {
  const told: FromSandbox[] = [];
  const { signal } = new AbortController();
  return { annotations: new SandboxAnnotations((message) => told.push(message)), signal, told };
}

test("who begins to listen hears what is known, then what changes", () => {
  const { annotations, signal } = setting();
  annotations.receiveCursors([BO]);
  annotations.receiveMarks("chart", { a: LINE });
  const [cursors, marks] = [vi.fn(), vi.fn()];
  const chart = annotations.of("chart");
  chart.onCursors(cursors, signal);
  chart.onMarks(marks, signal);
  annotations.receiveCursors([]);
  annotations.receiveMarks("chart", {});
  expect(cursors.mock.calls).toEqual([[[BO]], [[]]]);
  expect(marks.mock.calls).toEqual([[{ a: LINE }], [{}]]);
});

test("a chart hears of its own marks only", () => {
  const { annotations, signal } = setting();
  const marks = vi.fn();
  annotations.of("chart").onMarks(marks, signal);
  annotations.receiveMarks("other", { a: LINE });
  expect(marks.mock.calls).toEqual([[{}]]);
  expect(annotations.of("other").marks()).toEqual({ a: LINE });
});

test("what a chart says is said for its share", () => {
  const { annotations, told } = setting();
  const chart = annotations.of("chart");
  const [picture, bytes] = [new Uint8Array([1]), new Uint8Array([2])];
  chart.cursor({ t: 1, y: null, axis: "left" });
  chart.setMark("a", null);
  chart.sendMoment({ start: 1, end: 2, picture });
  chart.save("a.csv", "text/csv", bytes);
  expect(told).toEqual([
    { type: "cursor", share: "chart", cursor: { t: 1, y: null, axis: "left" } },
    { type: "mark", share: "chart", id: "a", mark: null },
    { type: "moment", share: "chart", moment: { start: 1, end: 2, picture } },
    { type: "save", name: "a.csv", mime: "text/csv", bytes },
  ]);
});

test("a range that is wanted before the chart listens is told when it does, once", () => {
  const { annotations, signal } = setting();
  annotations.receiveFocus("chart", { start: 1, end: 2 });
  const [first, second] = [vi.fn(), vi.fn()];
  annotations.of("other").onFocus(second, signal);
  annotations.of("chart").onFocus(first, signal);
  annotations.of("chart").onFocus(second, signal);
  expect([first.mock.calls, second.mock.calls]).toEqual([[[{ start: 1, end: 2 }]], []]);
});

test("a chart that is gone leaves no marks for the next of its name", () => {
  const { annotations } = setting();
  annotations.receiveMarks("chart", { a: LINE });
  annotations.receiveGone("chart");
  expect(annotations.of("chart").marks()).toEqual({});
});

test("charts are told that the mouse has left the frame", () => {
  const { annotations, signal } = setting();
  const left = vi.fn();
  annotations.of("chart").onLeft(left, signal);
  annotations.receiveLeft();
  expect(left).toHaveBeenCalledOnce();
});

test("only a chart that listens is asked for a moment, until it is gone", () => {
  const { annotations } = setting();
  const ended = new AbortController();
  const asked = vi.fn();
  expect(annotations.ask("chart")).toBe(false);
  annotations.of("chart").onAsked(asked, ended.signal);
  expect([annotations.ask("chart"), annotations.ask("other")]).toEqual([true, false]);
  expect(asked).toHaveBeenCalledOnce();
  ended.abort();
  expect(annotations.ask("chart")).toBe(false);
});
