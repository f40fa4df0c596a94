import { expect, test } from "vitest";
import type { Moment } from "../protocol/frames";
import { faultOf, MAX_PICTURE, pictureType } from "./bodies";

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
    faultOf({ kind: "text", text }),
  );
  expect(faults.map((fault) => fault === "")).toEqual([false, true, true, false]);
});
