import { afterEach, expect, test } from "vitest";
import type { OthersCursor } from "../host/annotations";
import { peersOn } from "./peers";
import { hooks } from "./stats";

const BO = { peer: "bo", name: "Bo", color: "#0b7285" };
const HERE = { share: "prices", group: "a" };
const NOWHERE = Number.NaN;

const plot = {
  box: { left: 0, top: 0, width: 100, height: 50 },
  has: (side: string) => side === "left",
  x: (t: number) => t * 10,
  y: (value: number) => 50 - value,
};

function at(cursor: Partial<OthersCursor>): OthersCursor {
  return { ...BO, chart: "prices", t: 4, y: 20, axis: "left", ...cursor };
}

function hang(chart: string, group: string): void {
  const nothing = (): never => {
    throw new Error("only the group is asked for");
  };
  const told = { stats: nothing, marks: nothing, drawn: nothing, link: nothing };
  hooks().set(chart, { ...told, group });
}

afterEach(() => hooks().clear());

test("somebody who points at this chart is where they point", () => {
  expect(peersOn([at({})], plot, HERE)).toEqual([{ ...BO, x: 40, y: 30 }]);
});

test("without an axis of that side, only the time is shown", () => {
  expect(peersOn([at({ axis: "right" })], plot, HERE)).toEqual([{ ...BO, x: 40, y: NOWHERE }]);
});

test("of a chart of the group the time is shown, of another one nothing", () => {
  hang("volumes", "a");
  hang("weather", "b");
  const cursors = [at({ chart: "volumes" }), at({ chart: "weather" })];
  expect(peersOn(cursors, plot, HERE)).toEqual([{ ...BO, x: 40, y: NOWHERE }]);
});

test("who points outside of what is shown is not there", () => {
  expect(peersOn([at({ t: -1 }), at({ t: 11 })], plot, HERE)).toEqual([]);
});
