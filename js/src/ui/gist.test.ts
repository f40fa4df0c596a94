import { expect, test } from "vitest";
import { gistOf, lineOf } from "./gist";
import { MOMENT } from "./support";
import { TEXTS } from "./texts";

test("a message is told in one line", () => {
  expect(gistOf({ kind: "text", text: " two\n\nlines ", reply: 0 })).toBe("two lines");
  expect(gistOf({ kind: "moment", ...MOMENT, text: "" })).toBe(TEXTS.gistMoment);
});

test("a long one is cut between two signs, however many there are", () => {
  const line = lineOf("😀".repeat(100_000));
  expect(line).toMatch(/^😀+…$/u);
  expect([...line].length).toBeLessThan(200);
});

test.each(["hologram", "constructor", "__proto__"])(
  "the kind %s is one that nobody knows",
  (kind) => {
    expect(gistOf({ kind } as never)).toBe(TEXTS.unknownBody);
  },
);
