import { expect, test } from "vitest";
import { digest } from "./hash";
import { token } from "./random";

test("a digest is the SHA-256 in hex", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(digest(new TextEncoder().encode("abc"))).toBe(abc);
});

test("tokens have 128 bits and differ", () => {
  expect(token()).toMatch(/^[0-9a-f]{32}$/);
  expect(token()).not.toBe(token());
});
