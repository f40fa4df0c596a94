import { expect, test } from "vitest";
import { spoken } from "./phrases";
import { pseudo } from "./pseudo";

const PHRASES = {
  live: "live",
  none: "",
  separator: ", ",
  by: "{0} wrote to {1}",
  people: { one: "{0} person", other: "{0} people" },
  ending: ["Over", "Ask {0}"],
} as const;

test("every text is in brackets, longer, and can still be read", () => {
  const { live } = spoken(pseudo(PHRASES) as typeof PHRASES, "en");

  expect(live).toBe("⟦łïvé ~~⟧");
});

test("places and plural forms stay", () => {
  const texts = spoken(pseudo(PHRASES) as typeof PHRASES, "en");

  expect(texts.by("Ann", "Bob")).toMatch(/^⟦Ann ŵrøté tø Bob ~+⟧$/);
  expect(texts.people(1)).toMatch(/^⟦1 péršøñ ~+⟧$/);
  expect(texts.ending[1]("Ann")).toMatch(/^⟦Åšķ Ann ~+⟧$/);
});

test("what has no letters stays as it is", () => {
  expect(pseudo(PHRASES)).toMatchObject({ none: "", separator: ", " });
});
