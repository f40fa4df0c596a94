import { expect, test } from "vitest";
import { csvOf } from "./csv";

function line(t: number, ...values: (number | string)[]): string {
  return csvOf(["a", "b"], [{ row: 0, t, values }]).split("\r\n")[1] ?? "";
}

test("a table has its columns' names, and times that everybody reads", () => {
  expect(csvOf(["price"], [{ row: 0, t: 1.5, values: [65432.1] }])).toBe(
    "time,price\r\n1970-01-01T00:00:01.500Z,65432.1\r\n",
  );
});

test("microseconds are kept", () => {
  expect(line(1.000123)).toContain("00:00:01.000123Z");
});

test("a gap is an empty cell", () => {
  expect(line(0, Number.NaN, 2)).toBe("1970-01-01T00:00:00.000Z,,2");
});

test("words with commas, quotes and lines stay one cell", () => {
  expect(line(0, 'a,"b"\nc', "d")).toContain('"a,""b""\nc",d');
});

test("no word becomes a formula", () => {
  expect(line(0, "=SUM(A1)", "@x")).toContain("'=SUM(A1),'@x");
});
