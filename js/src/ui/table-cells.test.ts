import { expect, test } from "vitest";
import type { Cell, TableColumn } from "../protocol/frames";
import { isNumeric, sayingOf } from "./table-cells";

function said(kind: TableColumn["kind"], ...cells: Cell[]): string[] {
  return cells.map(sayingOf({ name: "c", dtype: "", kind }, cells));
}

test("integers are grouped where that helps, and years are not", () => {
  expect(said("integer", 2024, 1_085_000, -12, null)).toEqual(["2024", "1,085,000", "-12", "–"]);
});

test("numbers of a column have the same decimals, as many as say something", () => {
  expect(said("number", 0.25, 1, 12.5)).toEqual(["0.25", "1.00", "12.50"]);
  expect(said("number", 1 / 3, 2)).toEqual(["0.3333", "2.0000"]);
  expect(said("number", 0.1 + 0.2)).toEqual(["0.3"]);
});

test("the very large and the very small have an exponent, and do not lengthen the others", () => {
  expect(said("number", 1.5, 0, 6.022e23, 1.2e-9)).toEqual(["1.5", "0.0", "6.022E23", "1.2E-9"]);
});

test("what is no number in a column of numbers stays what it says", () => {
  expect(said("number", "inf", 1.5)).toEqual(["inf", "1.5"]);
  expect(said("integer", "36893488147419103232")).toEqual(["36893488147419103232"]);
});

test("truth values are words", () => {
  expect(said("boolean", true, false, null)).toEqual(["yes", "no", "–"]);
});

test("days are days, and midnight is not said when all are", () => {
  expect(said("date", "2024-05-01", null)).toEqual(["May 1, 2024", "–"]);
  expect(said("time", "2024-05-01T00:00:00")).toEqual(["May 1, 2024"]);
});

test("times are said as exactly as the column has them, in no other zone", () => {
  const [first, second] = said("time", "2024-05-01T00:00:00Z", "2024-05-01T13:30:00+02:00");
  expect(first).toMatch(/^May 1, 2024, 12:00\sAM$/);
  expect(second).toMatch(/^May 1, 2024, 01:30\sPM$/);
  expect(said("time", "2024-05-01T13:30:05")[0]).toMatch(/01:30:05\sPM$/);
  expect(said("time", "2024-05-01T13:30:05.250000")[0]).toMatch(/01:30:05\.250\sPM$/);
});

test("what only looks like a date stays what it says", () => {
  const odd = ["2024-13-01", "2024-02-31", "12:30:00", "tomorrow"];
  expect(said("time", ...odd)).toEqual(odd);
});

test("a year before 100 is not one of the last century", () => {
  expect(said("date", "0044-03-15")[0]).toMatch(/\b44\b/);
});

test("integers and numbers are told by their last digits", () => {
  const kinds = ["integer", "number", "boolean", "date", "time", "text"] as const;
  expect(kinds.filter((kind) => isNumeric({ name: "", dtype: "", kind }))).toEqual([
    "integer",
    "number",
  ]);
});
