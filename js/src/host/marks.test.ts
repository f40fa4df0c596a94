import { expect, test, vi } from "vitest";
import { DELETED } from "../client";
import { Marks } from "./marks";
import type { ToSandbox } from "./messages";
import { LINE, stopped } from "./support";

function setting(role: "participant" | "viewer" = "participant") {
  const values = new Map<string, unknown>();
  const { clock, pass } = stopped();
  const posted: ToSandbox[] = [];
  const client = {
    self: { peer: "me", role, name: "Me", color: "" },
    keys: (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
    value: (key: string) => values.get(key),
    set: vi.fn(),
  };
  const events = { onViewOnly: vi.fn(), onMarksFull: vi.fn() };
  const marks = new Marks(client, (message) => posted.push(message), events, clock);
  const hold = (key: string, value: unknown): void => {
    values.set(key, value);
    marks.touch([key]);
  };
  return { client, events, hold, marks, pass, posted, values };
}

test("a share that comes brings its marks, one without marks brings nothing", () => {
  const { marks, posted, values } = setting();
  values.set("/~mark/chart/a", LINE);
  marks.bring("slider");
  marks.bring("chart");
  expect(posted).toEqual([{ type: "marks", share: "chart", marks: { a: LINE } }]);
});

test("[D12] marks of the room are told as they change, those of charts that are not here are not", () => {
  const { hold, marks, posted, values } = setting();
  marks.bring("chart");
  hold("/~mark/chart/a", LINE);
  hold("/~mark/other/a", LINE);
  hold("/plain", 1);
  values.delete("/~mark/chart/a");
  marks.touch(["/~mark/chart/a"]);
  expect(posted).toEqual([
    { type: "marks", share: "chart", marks: { a: LINE } },
    { type: "marks", share: "chart", marks: {} },
  ]);
});

test.each([
  [{ ...LINE, kind: "flag" }],
  [{ ...LINE, y: Number.NaN }],
  [{ ...LINE, t: "now" }],
  [{ ...LINE, text: "x".repeat(201) }],
  [{ ...LINE, color: "red; background: url(x)" }],
  ["a mark"],
  [null],
])("[D12] what is no mark is not told: %j", (value) => {
  const { hold, marks, posted } = setting();
  marks.bring("chart");
  hold("/~mark/chart/a", value);
  expect(posted).toEqual([]);
});

test("a mark with an id that is a trick is not told", () => {
  const { hold, marks, posted } = setting();
  marks.bring("chart");
  hold("/~mark/chart/__proto__", LINE);
  expect(posted).toEqual([]);
});

test("a chart's mark becomes the room's, with the name of who made it", () => {
  const { client, marks } = setting();
  marks.bring("chart");
  marks.receive("chart", "a", { ...LINE, by: "" });
  expect(client.set).toHaveBeenCalledExactlyOnceWith({
    "/~mark/chart/a": { ...LINE, by: "Me" },
  });
});

test("a mark that is dragged is sent ten times a second, the last place for certain", () => {
  const { client, marks, pass } = setting();
  marks.bring("chart");
  for (let y = 1; y <= 5; y += 1) marks.receive("chart", "a", { ...LINE, y });
  pass(100);
  const sent = client.set.mock.calls.map(([values]) => values["/~mark/chart/a"].y);
  expect(sent).toEqual([1, 5]);
});

test("a mark is taken away", () => {
  const { client, hold, marks } = setting();
  marks.bring("chart");
  hold("/~mark/chart/a", LINE);
  marks.receive("chart", "a", null);
  expect(client.set).toHaveBeenCalledExactlyOnceWith({ "/~mark/chart/a": DELETED });
});

test("who may only look changes nothing, and the chart is told what holds", () => {
  const { client, events, hold, marks, posted } = setting("viewer");
  marks.bring("chart");
  hold("/~mark/chart/a", LINE);
  marks.receive("chart", "a", null);
  expect([client.set.mock.calls.length, events.onViewOnly.mock.calls.length]).toEqual([0, 1]);
  expect(posted.at(-1)).toEqual({ type: "marks", share: "chart", marks: { a: LINE } });
});

test("[D12] a chart holds so many marks and no more", () => {
  const { client, events, marks, posted, values } = setting();
  for (let n = 0; n < 201; n += 1) values.set(`/~mark/chart/m${n}`, LINE);
  marks.bring("chart");
  const [told] = posted;
  expect(Object.keys(told?.type === "marks" ? told.marks : {})).toHaveLength(200);
  marks.receive("chart", "one-more", LINE);
  marks.receive("chart", "m7", { ...LINE, y: 6 });
  expect(events.onMarksFull).toHaveBeenCalledOnce();
  expect(client.set).toHaveBeenCalledExactlyOnceWith({ "/~mark/chart/m7": { ...LINE, y: 6 } });
});

test("what is not on the stage has no marks", () => {
  const { client, marks } = setting();
  marks.bring("chart");
  marks.drop("chart");
  marks.receive("chart", "a", LINE);
  expect(client.set).not.toHaveBeenCalled();
});

test("a new sandbox is told again", () => {
  const { hold, marks, posted } = setting();
  marks.bring("chart");
  hold("/~mark/chart/a", LINE);
  marks.clear();
  marks.bring("chart");
  expect(posted).toHaveLength(2);
});
