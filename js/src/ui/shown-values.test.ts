import { expect, test } from "vitest";
import type { KeyState, Share } from "../protocol/frames";
import { namedValues, settableOf, shownValues } from "./shown-values";

type Values = Record<string, unknown>;

const MAP: Share = {
  ...{ name: "map", modules: [], hidden: false, title: "", order: 0, by: "kernel" },
  models: [
    {
      ...{ path: "", name: "Map", code: null, style: null, classic: null, messages: false },
      traits: ["label", "value", "zoom", "pressed", "layout", "_view_count", "$events"],
      ...{ writable: ["value"], local: ["zoom"], events: ["pressed"] },
    },
    {
      ...{ path: "children.0", name: "Layer", code: null, style: null, classic: null },
      ...{ messages: false, traits: ["color"], writable: ["color"], local: [], events: [] },
    },
  ],
};

function room(values: Values, blobs: readonly string[] = []) {
  const state = (key: string): KeyState | undefined =>
    key in values
      ? {
          ...{ key, version: 1, by: "kernel", value: values[key], size: 0, pending: false },
          blob: blobs.includes(key) ? "a".repeat(64) : null,
        }
      : undefined;
  return { value: (key: string) => values[key], state };
}

test("what is shown of a share is taken, what can be set again first", () => {
  const values = { "map/label": "x", "map/value": 3, "map/zoom": 1, "map/children.0/color": "red" };
  expect(Object.keys(shownValues(room(values), MAP, {}))).toEqual([
    "map/value",
    "map/zoom",
    "map/children.0/color",
    "map/label",
  ]);
});

test("local values are those that our person sees", () => {
  const values = { "map/value": 3, "map/zoom": 1 };
  const local = { "map/zoom": 7, "map/value": 99, "other/zoom": 1 };
  expect(shownValues(room(values), MAP, local)).toEqual({ "map/value": 3, "map/zoom": 7 });
});

test("events, housekeeping, and how a widget is put together are not taken", () => {
  const values = {
    ...{ "map/pressed": 1, "map/layout": "anywidget:x", "map/_view_count": 2, "map/$events": 3 },
    "map/label": "x",
  };
  expect(shownValues(room(values), MAP, {})).toEqual({ "map/label": "x" });
});

test("blobs are not taken", () => {
  const values = { "map/value": new Uint8Array(9), "map/label": "x" };
  expect(shownValues(room(values, ["map/value"]), MAP, {})).toEqual({ "map/label": "x" });
});

test("what does not fit into a message is left out, and what can be set goes before the rest", () => {
  const half = "x".repeat(40_000);
  const values = { "map/label": half, "map/value": half, "map/children.0/color": "red" };
  expect(Object.keys(shownValues(room(values), MAP, {}))).toEqual([
    "map/value",
    "map/children.0/color",
  ]);
});

test("what cannot travel is left out", () => {
  const local = { "map/zoom": () => 1 };
  expect(shownValues(room({ "map/value": 1, "map/zoom": 1 }), MAP, local)).toEqual({
    "map/value": 1,
  });
});

test("of a snapshot only what the share lets people write is set, and local values for oneself", () => {
  const values = {
    ...{ "map/value": 3, "map/zoom": 7, "map/label": "x", "map/_view_count": 1 },
    ...{ "map/children.0/color": "red", "map/gone": 1, "map/layout": "y", "map/pressed": 1 },
  };
  expect(settableOf(MAP, values)).toEqual({
    all: { "map/value": 3, "map/children.0/color": "red" },
    mine: { "map/zoom": 7 },
  });
});

test("values are named without what is no news to anybody", () => {
  const values = { "map/value": 3, "map/layout": "x", "map/_x": 1, "map/children.0/color": "red" };
  expect(namedValues({ share: "map", values })).toEqual([
    { name: "value", value: 3 },
    { name: "children.0.color", value: "red" },
  ]);
});
