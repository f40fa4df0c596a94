import { expect, test } from "vitest";
import { better, isOfCamera, prepare, UnfitPhoto, within } from "./preparing";

const WEBP = { type: "image/webp", size: 300_000 };
const JPEG = { type: "image/jpeg", size: 300_000 };
const PNG = { type: "image/png", size: 700_000 };
const SMALL_PNG = { type: "image/png", size: 600_000 };

test("a photo is reduced to its longest side, and never enlarged", () => {
  expect(within(4032, 3024, 2048)).toEqual([2048, 1536]);
  expect(within(3024, 4032, 2048)).toEqual([1536, 2048]);
  expect(within(640, 480, 2048)).toEqual([640, 480]);
  expect(within(30_000, 1, 2048)).toEqual([2048, 1]);
});

test("a screenshot stays exact while that costs little", () => {
  const kind = { mime: "image/png", alpha: false } as const;
  expect(better(WEBP, SMALL_PNG, kind)).toBe(SMALL_PNG);
  expect(better(WEBP, PNG, kind)).toBe(WEBP);
  const tiny = { type: "image/webp", size: 9000 };
  const readable = { type: "image/png", size: 90_000 };
  expect(better(tiny, readable, kind)).toBe(readable);
});

test("what is transparent does not become a JPEG", () => {
  expect(better(JPEG, PNG, { mime: "image/png", alpha: true })).toBe(PNG);
  expect(better(JPEG, PNG, { mime: "image/webp", alpha: true })).toBe(PNG);
  expect(better(WEBP, PNG, { mime: "image/webp", alpha: true })).toBe(WEBP);
});

test("a photo of a camera does not become exact", () => {
  expect(better(WEBP, SMALL_PNG, { mime: "image/webp", alpha: false })).toBe(WEBP);
});

test("what a camera wrote is sent as JPEG, which is quick to write; what a program drew is not", () => {
  const heic = null;
  expect(isOfCamera(heic)).toBe(true);
  expect(isOfCamera({ mime: "image/jpeg", alpha: false })).toBe(true);
  expect(isOfCamera({ mime: "image/png", alpha: false })).toBe(false);
  expect(isOfCamera({ mime: "image/webp", alpha: true })).toBe(false);
});

test("a web page is none, whatever its name and type say", async () => {
  const page = new Blob(["<!doctype html><script>alert(1)</script>"], { type: "image/png" });
  await expect(prepare(page)).rejects.toEqual(new UnfitPhoto("web-page"));
});
