import { expect, test } from "vitest";
import { digest, digestInSlices } from "./hash";
import { token } from "./random";

test("a digest is the SHA-256 in hex", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(digest(new TextEncoder().encode("abc"))).toBe(abc);
});

test("a digest in slices is the same, and lets others work between them", async () => {
  const data = Uint8Array.from({ length: 300_000 }, (_, at) => at * 7);
  let pauses = 0;
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  expect(await digestInSlices(data, pause)).toBe(digest(data));
  expect(await digestInSlices(new Uint8Array(), pause)).toBe(digest(new Uint8Array()));
  expect(pauses).toBe(2);
});

test("tokens have 128 bits and differ", () => {
  expect(token()).toMatch(/^[0-9a-f]{32}$/);
  expect(token()).not.toBe(token());
});
