import { expect, test } from "vitest";
import { chooseLanguage, spoken } from "./phrases";

const PHRASES = {
  live: "live",
  by: "{0} wrote to {1}",
  people: { one: "{0} person", other: "{0} people" },
  both: { one: "{1} and one other", other: "{1} and {0} others" },
  roles: { host: "host", more: "+{0}" },
  ending: ["Over", "Ask {0}"],
} as const;

test("a text stays a text, and a pattern takes words", () => {
  const texts = spoken(PHRASES, "en");

  expect(texts.live).toBe("live");
  expect(texts.by("Ann", "Bob")).toBe("Ann wrote to Bob");
  expect(texts.roles.more(3)).toBe("+3");
  expect(texts.ending[1]("Ann")).toBe("Ask Ann");
});

test("a number chooses the plural form and is written as the language does", () => {
  expect(spoken(PHRASES, "en").people(1)).toBe("1 person");
  expect(spoken(PHRASES, "de").people(12345)).toBe("12.345 people");
  expect(spoken(PHRASES, "en").both(1, "Ann")).toBe("Ann and one other");
});

test("a form that a language needs and nobody wrote is the usual one", () => {
  const polish = { files: { one: "{0} plik", other: "{0} pliku" } } as const;

  expect(spoken(polish, "pl").files(5)).toBe("5 pliku");
});

test("words that look like places are left as they are", () => {
  expect(spoken(PHRASES, "en").by("{1}", "Bob")).toBe("{1} wrote to Bob");
});

test("the reader's first language that there is counts", () => {
  const known = ["de", "pt", "zh-CN"];

  expect(chooseLanguage(["sv", "de-AT", "pt"], known)).toBe("de");
  expect(chooseLanguage(["pt-BR"], known)).toBe("pt");
  expect(chooseLanguage(["zh"], known)).toBe("zh-CN");
  expect(chooseLanguage(["en-GB", "de"], known)).toBe("en");
  expect(chooseLanguage(["%%"], known)).toBe("en");
});
