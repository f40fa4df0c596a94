import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person } from "../protocol/frames";
import { Cursors } from "./cursors";
import type { ToSandbox } from "./messages";

const POINT = { chart: "chart", t: 5.5, y: 2, axis: "right" };

let closing: AbortController;

beforeEach(() => {
  closing = new AbortController();
});

afterEach(() => {
  closing.abort();
  vi.restoreAllMocks();
});

function person(peer: string, cursor: unknown, color = "#0b7285"): Person {
  const about = cursor === undefined ? {} : { cursor };
  return { peer, name: `Name of ${peer}`, color, role: "participant", kind: "guest", about };
}

function panel(peer: string, name: string): Person {
  return { ...person(peer, POINT), name, kind: "panel" };
}

function setting(...others: Person[]) {
  const people = others.some(({ peer }) => peer === "me")
    ? others
    : [person("me", null), ...others];
  const posted: ToSandbox[] = [];
  const client = {
    self: { peer: "me", role: "participant" as const, name: "Me", color: "" },
    people: () => people,
    present: vi.fn(),
  };
  const cursors = new Cursors(client, (message) => posted.push(message), closing.signal);
  return { client, cursors, people, posted };
}

test("[P5] others' cursors are told with their names and colours, ours is not", () => {
  const { cursors, posted } = setting(person("me", POINT), person("bo", POINT), person("al", null));
  cursors.touch();
  expect(posted).toEqual([
    {
      type: "cursors",
      cursors: [{ peer: "bo", name: "Name of bo", color: "#0b7285", ...POINT }],
    },
  ]);
});

test("a colour that could be more than a colour is replaced", () => {
  const { cursors, posted } = setting(person("bo", POINT, "red;}"));
  cursors.touch();
  const [told] = posted;
  expect(told?.type === "cursors" && told.cursors[0]?.color).toMatch(/^#[0-9a-f]{6}$/);
});

test.each([
  [{ ...POINT, t: Number.NaN }],
  [{ ...POINT, t: "5" }],
  [{ ...POINT, y: Number.POSITIVE_INFINITY }],
  [{ ...POINT, axis: "top" }],
  [{ ...POINT, chart: "" }],
  ["here"],
])("what is no cursor is not told: %j", (cursor) => {
  const { cursors, posted } = setting(person("bo", cursor));
  cursors.touch();
  expect(posted).toEqual([]);
});

test("the panels of one notebook are one person, and somebody's of another name is not", () => {
  const { cursors, posted } = setting(panel("me", "Host"), panel("p2", "Host"), panel("p3", "Ana"));
  cursors.touch();
  const [told] = posted;
  expect(told?.type === "cursors" && told.cursors.map(({ peer }) => peer)).toEqual(["p3"]);
});

test("what does not change is told once, and the end of a cursor is told", () => {
  const { cursors, people, posted } = setting(person("bo", POINT));
  cursors.touch();
  cursors.touch();
  people.pop();
  cursors.touch();
  expect(posted.map((one) => one.type === "cursors" && one.cursors.length)).toEqual([1, 0]);
});

test("[P5] our cursor is presence, until we leave the chart", () => {
  const { client, cursors } = setting();
  cursors.receive("chart", { t: 1, y: null, axis: "left" });
  cursors.receive("other", null);
  cursors.receive("chart", null);
  cursors.receive("chart", null);
  expect(client.present.mock.calls).toEqual([
    [{ cursor: { chart: "chart", t: 1, y: null, axis: "left" } }],
    [{ cursor: null }],
  ]);
});

test("who looks at another tab points at nothing", () => {
  const { client, cursors } = setting();
  cursors.receive("chart", { t: 1, y: 2, axis: "left" });
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(client.present).toHaveBeenLastCalledWith({ cursor: null });
});

test("with the chart goes our cursor", () => {
  const { client, cursors } = setting();
  cursors.receive("chart", { t: 1, y: 2, axis: "left" });
  cursors.drop("other");
  expect(client.present).toHaveBeenCalledOnce();
  cursors.drop("chart");
  expect(client.present).toHaveBeenLastCalledWith({ cursor: null });
});

test("a new sandbox is told who points where", () => {
  const { cursors, posted } = setting(person("bo", POINT));
  cursors.begin();
  cursors.begin();
  expect(posted).toHaveLength(2);
});

test("a frame that the mouse has left is told once, and only if it pointed at something", () => {
  const { client, cursors, posted } = setting();
  cursors.leave();
  cursors.receive("chart", { t: 1, y: null, axis: "left" });
  cursors.leave();
  cursors.leave();
  expect([posted, client.present.mock.lastCall]).toEqual([[{ type: "left" }], [{ cursor: null }]]);
});
