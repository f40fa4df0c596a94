import { expect, test } from "vitest";
import { type Cell, type Column, type ColumnKind, ordered, writerOf } from "./column";

function column(kind: ColumnKind, values: Cell[]): Column {
  return { name: "c", dtype: kind, kind, values };
}

function writtenIn(kind: ColumnKind, values: Cell[]): string[] {
  return values.map(writerOf(column(kind, values)));
}

function sorted(kind: ColumnKind, values: Cell[], direction: "ascending" | "descending"): Cell[] {
  return ordered(column(kind, values), direction).map((at) => values[at] ?? null);
}

test("floats have the same number of decimals, as many as are worth reading", () => {
  expect(writtenIn("number", [1, 2.5, 0.1 + 0.2])).toEqual(["1.0", "2.5", "0.3"]);
  expect(writtenIn("number", [Math.PI, 1])).toEqual(["3.141593", "1.000000"]);
});

test("very large and very small floats are written with an exponent", () => {
  expect(writtenIn("number", [1e20, 1e-9, 2])).toEqual(["1.0000e+20", "1.0000e-9", "2"]);
});

test("whole numbers are written in full, and without separators: they may be years", () => {
  expect(writtenIn("integer", [2024, -7, "9007199254740993"])).toEqual([
    "2024",
    "−7",
    "9007199254740993",
  ]);
});

test("what is missing and what is infinite has a sign of its own", () => {
  expect(writtenIn("number", [null, "Infinity", "-Infinity", 1.5])).toEqual([
    "–",
    "∞",
    "−∞",
    "1.5",
  ]);
});

test("truth values are written as in Python", () => {
  expect(writtenIn("boolean", [true, false])).toEqual(["True", "False"]);
});

test("numbers are ordered by size, infinite ones at the ends", () => {
  expect(sorted("number", [10, "-Infinity", 9, "Infinity"], "ascending")).toEqual([
    "-Infinity",
    9,
    10,
    "Infinity",
  ]);
});

test("what is missing comes last in both directions", () => {
  expect(sorted("integer", [null, 2, 1], "ascending")).toEqual([1, 2, null]);
  expect(sorted("integer", [null, 2, 1], "descending")).toEqual([2, 1, null]);
});

test("texts are ordered as people do, numbers in them by size", () => {
  expect(sorted("text", ["b", "a10", "A2"], "ascending")).toEqual(["A2", "a10", "b"]);
});

test("dates are ordered by time", () => {
  expect(sorted("date", ["2024-02-01", "2023-12-31"], "ascending")).toEqual([
    "2023-12-31",
    "2024-02-01",
  ]);
});

test("rows with the same value stay in their order", () => {
  expect(ordered(column("integer", [1, 0, 1, 0]), "descending")).toEqual([0, 2, 1, 3]);
});
