import { expect, test } from "vitest";
import type { Column } from "../protocol/frames";
import { arrowOf } from "./arrow";

const COLUMNS: Column[] = [
  { name: "price", type: "number", unit: "" },
  { name: "n", type: "integer", unit: "" },
  { name: "word", type: "text", unit: "" },
];

/** pyarrow 26 reads this as two rows with the types double, int64 and string, and calls it valid. */
const GOLDEN = [
  "/////3gBAAAYAAAAAAAAAAAAAAAMABgABAAGAAgAEAAMAAAABAABABgAAAAAAAAAAAAAAAAAAAAIAAwABAAIAAgAAA",
  "AAAAAABAAAAAQAAAAgAAAAbAAAALAAAAD0AAAAEAAUAAQACAAJAAwAAAAQABAAAAAQAAAAAQoAABwAAAAsAAAABAAA",
  "AHRpbWUAAAAACAAMAAQACAAIAAAAAgAAAAQAAAADAAAAVVRDAAAAAAAQABQABAAIAAkADAAAABAAEAAAABAAAAABAw",
  "AAHAAAACAAAAAFAAAAcHJpY2UAAAAAAAYABgAEAAYAAAACAAAAAAAAAAAAAAAQABQABAAIAAkADAAAABAAEAAAABAA",
  "AAABAgAAHAAAACQAAAABAAAAbgAAAAAAAAAIAAkABAAIAAgAAABAAAAAAQAAAAAAAAAQABQABAAIAAkADAAAABAAEA",
  "AAABAAAAABBQAAHAAAABwAAAAEAAAAd29yZAAAAAAAAAAABAAEAAQAAAAAAAAA/////zgBAAAYAAAAAAAAAAAAAAAM",
  "ABgABAAGAAgAEAAMAAAABAADACAAAAAAAAAASAAAAAAAAAAAAAAAAAAKABgACAAQABQACgAAAAAAAAACAAAAAAAAAA",
  "wAAABQAAAAAAAAAAQAAAACAAAAAAAAAAAAAAAAAAAAAgAAAAAAAAAAAAAAAAAAAAIAAAAAAAAAAAAAAAAAAAACAAAA",
  "AAAAAAAAAAAAAAAAAAAAAAkAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAABAAAAAAAAAAAAAAAAAAAA",
  "AQAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAEAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAAMAAA",
  "AAAAAAAMAAAAAAAAAEAAAAAAAAAAAgAAAAAAAABg4xYAAAAAABBVIgAAAAAAMzMzMwPz70AAAAAAAAD4fwcAAAAAAA",
  "AACAAAAAAAAAAAAAAAAgAAAAIAAAAAAAAAw6kAAAAAAAD/////AAAAAA==",
].join("");

test("rows are the Arrow stream that Python reads", () => {
  const bytes = arrowOf(COLUMNS, [
    { row: 0, t: 1.5, values: [65432.1, 7, "é"] },
    { row: 1, t: 2.25, values: [Number.NaN, 8, ""] },
  ]);
  expect(btoa(String.fromCharCode(...bytes))).toBe(GOLDEN);
});

test("an integer that is missing makes its column one of floats", () => {
  const [n] = [COLUMNS.slice(1, 2)];
  const whole = arrowOf(n, [{ row: 0, t: 0, values: [1] }]);
  const missing = arrowOf(n, [{ row: 0, t: 0, values: [Number.NaN] }]);
  expect(whole).not.toEqual(missing);
});

test("no rows are a stream, too, and it ends", () => {
  expect([...arrowOf(COLUMNS, []).slice(-8)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0]);
});
