import { expect, test } from "vitest";
import { pictureType } from "../lib/picture-type";
import type { Moment, Snapshot, Table } from "../protocol/frames";
import { faultOf, MAX_PICTURE } from "./bodies";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]);
const WEBP = new TextEncoder().encode("RIFF\x10\0\0\0WEBPVP8 ");

function moment(over: Partial<Moment> = {}): Moment {
  return { kind: "moment", share: "chart", start: 1.5, end: 2.5, picture: PNG, text: "", ...over };
}

test("[L4] a moment has a picture that is one, or none", () => {
  expect([PNG, WEBP, new Uint8Array()].map((picture) => faultOf(moment({ picture })))).toEqual([
    "",
    "",
    "",
  ]);
});

test.each(["<svg onload=alert(1)>", "GIF89a", "\x89PNG", "RIFF\x10\0\0\0WAVE"])(
  "[L4] %j is no picture",
  (text) => {
    const picture = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    expect([pictureType(picture), faultOf(moment({ picture }))]).toEqual([
      "",
      "A moment's picture is PNG or WebP.",
    ]);
  },
);

test.each([
  [{ start: 3 }],
  [{ start: Number.NaN }],
  [{ end: Number.POSITIVE_INFINITY }],
  [{ share: "" }],
  [{ share: "c".repeat(65) }],
  [{ text: "x".repeat(8001) }],
  [{ picture: new Uint8Array(MAX_PICTURE + 1).fill(1) }],
])("[L4] a moment cannot have %j", (over) => {
  expect(faultOf(moment(over))).not.toBe("");
});

test("[L4] a text is not empty; letters beyond the first plane count once", () => {
  const faults = ["", "x", "😀".repeat(8000), "x".repeat(8001)].map((text) =>
    faultOf({ kind: "text", text, reply: 0 }),
  );
  expect(faults.map((fault) => fault === "")).toEqual([false, true, true, false]);
});

test.each([..."👍❤⭐", "👍🏽", "❤️", "1️⃣", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍💻", "👩🏾‍❤️‍💋‍👨🏻", "🏳️‍🌈"])(
  "[L6] %s is an emoji",
  (emoji) => {
    expect(faultOf({ kind: "react", entry: 1, emoji, on: true })).toBe("");
  },
);

test.each([
  "",
  "a",
  "1",
  "#",
  "ok",
  "👍a",
  "👍 ",
  "👍👍",
  "🇩",
  "<b>",
  "\u200d",
  "👍\u200d",
  "👍\u202e",
  "字",
])("[L6] %j is no emoji", (emoji) => {
  expect(faultOf({ kind: "react", entry: 1, emoji, on: true })).toContain("one emoji");
});

test("[L6] an edit has a text, and nobody posts what is erased", () => {
  expect(faultOf({ kind: "edit", entry: 1, text: "" })).toContain("characters");
  expect(faultOf({ kind: "erase", entry: 1 })).toBe("");
  expect(faultOf({ kind: "erased", entry: 0 })).toContain("Only the room");
});

function table(over: Partial<Table> = {}): Table {
  const columns: Table["columns"] = [
    { name: "", dtype: "int64", kind: "integer" },
    { name: "Ort", dtype: "object", kind: "text" },
  ];
  const rows = [
    [0, "Köln"],
    [1, null],
  ];
  return {
    kind: "table",
    columns,
    rows,
    height: 9,
    width: 1,
    index: 1,
    text: "",
    reply: 0,
    ...over,
  };
}

function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  const values = { "slider/value": 3 };
  return { kind: "snapshot", share: "slider", values, picture: PNG, text: "", reply: 0, ...over };
}

test("[L10] a table has cells, and is as large as it says", () => {
  expect([table(), table({ rows: [] })].map(faultOf)).toEqual(["", ""]);
});

test.each([
  [{ columns: [] }, "columns"],
  [{ columns: Array(65).fill({ name: "a", dtype: "b", kind: "text" }) }, "columns"],
  [{ rows: Array(201).fill([0, ""]) }, "rows"],
  [{ rows: [[0]] }, "each column"],
  [{ rows: [[Number.NaN, ""]] }, "finite"],
  [{ height: 1 }, "smaller"],
  [{ width: 0 }, "smaller"],
  [{ index: 3 }, "smaller"],
  [{ rows: [[0, "x".repeat(128 << 10)]] }, "128 KiB"],
  [{ text: "x".repeat(8001) }, "characters"],
])("[L10] a table cannot have %j", (over, word) => {
  expect(faultOf(table(over as Partial<Table>))).toContain(word);
});

test("[L11] a snapshot has values of its share, and a picture or none", () => {
  expect([snapshot(), snapshot({ picture: new Uint8Array() })].map(faultOf)).toEqual(["", ""]);
});

test.each([
  [{ share: "" }, "something shared"],
  [{ values: {} }, "has its values"],
  [{ values: { "other/value": 1 } }, "own share"],
  [{ values: { "slider/value": "x".repeat(64 << 10) } }, "64 KiB"],
  [{ picture: new Uint8Array([1, 2]) }, "PNG or WebP"],
])("[L11] a snapshot cannot have %j", (over, word) => {
  expect(faultOf(snapshot(over as Partial<Snapshot>))).toContain(word);
});
