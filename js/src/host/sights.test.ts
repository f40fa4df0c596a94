import { expect, test, vi } from "vitest";
import type { Person } from "../protocol/frames";
import { slider } from "./bridge-setting";
import type { ToSandbox } from "./messages";
import { Sights, toldOf, viewOf } from "./sights";

const LOCAL = ["zoom", "center", "_view_count"];

function setting() {
  const posted: ToSandbox[] = [];
  const events = {
    onPoint: vi.fn(),
    onPlaces: vi.fn(),
    onSpots: vi.fn(),
    onLooked: vi.fn(),
    onInput: vi.fn(),
  };
  const client = { shares: () => [slider({ local: LOCAL })] };
  const sights = new Sights(client, (message) => posted.push(message), events);
  return { sights, events, posted };
}

function telling(view: unknown): Person {
  const who = { peer: "ann", name: "Ann", color: "", role: "participant", kind: "guest" } as const;
  return { ...who, about: { view } };
}

test("[P6] where our person points is told, if it is a share", () => {
  const { sights, events } = setting();
  sights.receive({ type: "pointer", point: { share: "slider", x: 0.5, y: 0.5 } });
  sights.receive({ type: "pointer", point: { share: "made up", x: 0.5, y: 0.5 } });
  expect(events.onPoint).toHaveBeenCalledTimes(1);
});

test("[P8] what our person sees is joined, and nothing but local traits is in it", () => {
  const { sights, events } = setting();
  sights.receive({ type: "looked", look: { local: { "slider/zoom": 3 }, ranges: {} } });
  const own = { "slider/center": [1, 2], "slider/value": 9, "slider/_view_count": 1, "x/y": 1 };
  sights.receive({ type: "looked", look: { local: own, ranges: { slider: [5, 6], gone: null } } });
  expect(events.onLooked).toHaveBeenLastCalledWith({
    local: { "slider/zoom": 3, "slider/center": [1, 2] },
    ranges: { slider: [5, 6] },
  });
});

test("[P8] what does not fit into presence stays one's own", () => {
  const { sights, events } = setting();
  const big = { "slider/zoom": "x".repeat(300), "slider/center": new Uint8Array(4) };
  sights.receive({ type: "looked", look: { local: big, ranges: {} } });
  expect(events.onLooked).toHaveBeenCalledWith({ local: {}, ranges: {} });
});

test("a sandbox tells what is seen only while somebody follows, also a new one", () => {
  const { sights, posted } = setting();
  sights.watch(true);
  sights.watch(true);
  sights.receiveReady();
  sights.watch(false);
  const told = posted.filter(({ type }) => type === "watched");
  expect(told.map((message) => message.type === "watched" && message.watched)).toEqual([
    true,
    true,
    false,
  ]);
});

test("[P6] where others point is asked for when it changes, and again of a new sandbox", () => {
  const { sights, posted } = setting();
  const points = { ann: { share: "slider", x: 0.5, y: 0.5 } };
  sights.locate(points);
  sights.locate({ ann: { ...points.ann } });
  expect(posted).toEqual([{ type: "points", points }]);
  sights.receiveReady();
  expect(posted.at(-1)).toEqual({ type: "points", points });
});

test("[P8] what somebody else sees is shown once, and only what is local", () => {
  const { sights, posted } = setting();
  const look = { local: { "slider/zoom": 3, "slider/value": 9 }, ranges: {} };
  sights.show(look);
  sights.show(look);
  expect(posted).toEqual([{ type: "look", look: { local: { "slider/zoom": 3 }, ranges: {} } }]);
  sights.forget();
  sights.show(look);
  expect(posted).toHaveLength(2);
});

test("[P8] a view comes out of presence as it went in", () => {
  const local = { "slider/zoom": 3 };
  const view = { share: "slider", at: 0.25, local, ranges: { price: [1, 2], live: null } } as const;
  expect(viewOf(telling(toldOf(view)))).toEqual(view);
});

test.each([undefined, "top", { share: 1, at: 0 }, { share: "a", at: 2 }, { share: "a" }])(
  "%j is no view",
  (view) => {
    expect(viewOf(telling(view))).toBeNull();
  },
);
