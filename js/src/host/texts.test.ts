import { expect, test, vi } from "vitest";
import { zipped } from "./support";
import { Texts } from "./texts";

test("[D11] a text is inflated once, however often it is asked for", async () => {
  const blob = vi.fn(() => zipped("grün"));
  const texts = new Texts(blob);
  expect(await Promise.all([texts.get("a"), texts.get("a")])).toEqual(["grün", "grün"]);
  expect(blob).toHaveBeenCalledOnce();
});

test("a text that did not arrive is asked for again", async () => {
  const blob = vi.fn(() => zipped("here"));
  blob.mockRejectedValueOnce(new Error("gone"));
  const texts = new Texts(blob);
  await expect(texts.get("a")).rejects.toThrow("gone");
  expect(await texts.get("a")).toBe("here");
});

test("what no share names any more is forgotten", async () => {
  const blob = vi.fn(() => zipped("here"));
  const texts = new Texts(blob);
  await Promise.all([texts.get("a"), texts.get("b")]);
  texts.want(new Set(["b"]));
  await Promise.all([texts.get("a"), texts.get("b")]);
  expect(blob).toHaveBeenCalledTimes(3);
});

test.each([
  ["plain text", () => new TextEncoder().encode("export default {}"), "gzip"],
  ["half of it", async () => (await zipped("x".repeat(500))).slice(0, 15), "gzip"],
  ["no UTF-8", () => zipped(new Uint8Array([0xff, 0xfe])), "gzip"],
  ["what fills the memory", () => zipped(new Uint8Array(65 << 20)), "more than"],
])("[D11] %s is no code", async (_, bytes, reason) => {
  await expect(new Texts(async () => bytes()).get("a")).rejects.toThrow(reason);
});
