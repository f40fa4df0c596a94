import { describe, expect, test } from "vitest";
import { isForms, type Phrase } from "../../lib/phrases";
import { LANGUAGES } from "../languages";
import de from "./de.json";
import { ENGLISH } from "./en";
import { FRAMED } from "./en-framed";
import es from "./es.json";
import fr from "./fr.json";
import ja from "./ja.json";
import pt from "./pt.json";
import zh from "./zh-CN.json";

/** All that there is to say, also inside the widgets' frame. */
const WHOLE = { ...ENGLISH, framed: FRAMED };
const CATALOGUES = { de, es, fr, pt, ja, "zh-CN": zh };

/** What must be the same in all languages: names, kinds, places. */
function shapeOf(phrase: Phrase): unknown {
  if (typeof phrase === "string") return phrase === "" ? "" : placesIn(phrase);
  if (Array.isArray(phrase)) return phrase.map(shapeOf);
  // Only the usual form has every place: "a photo" needs no number.
  if (isForms(phrase)) return { forms: placesIn(phrase.other) };
  return Object.fromEntries(Object.entries(phrase).map(([name, part]) => [name, shapeOf(part)]));
}

function placesIn(pattern: string): string {
  return [...new Set(pattern.match(/\{\d\}/g))].sort().join(" ");
}

/** All plural phrases, by where they are. */
function formsIn(phrase: Phrase, path = ""): [path: string, forms: Record<string, string>][] {
  if (typeof phrase === "string") return [];
  if (isForms(phrase)) return [[path, phrase as Record<string, string>]];
  return Object.entries(phrase).flatMap(([name, part]) => formsIn(part, `${path}.${name}`));
}

test("every language that one can choose has its catalogue", () => {
  expect(Object.keys(LANGUAGES)).toEqual(["en", ...Object.keys(CATALOGUES)]);
});

describe.each(Object.entries(CATALOGUES))("the catalogue %s", (language, catalogue) => {
  test("has the same phrases as English, with the same places", () => {
    expect(shapeOf(catalogue)).toEqual(shapeOf(WHOLE));
  });

  test("has the plural forms that its language needs, and no others", () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();

    for (const [path, forms] of formsIn(catalogue)) {
      expect([path, Object.keys(forms).sort()]).toEqual([path, needed]);
    }
  });

  test("has no places in a form that the usual one lacks", () => {
    for (const [path, forms] of formsIn(catalogue)) {
      const known = placesIn(forms.other ?? "").split(" ");
      const found = Object.values(forms).flatMap((form) => placesIn(form).split(" "));
      expect([path, found.filter((place) => place !== "" && !known.includes(place))]).toEqual([
        path,
        [],
      ]);
    }
  });
});

test("English has its own plural forms", () => {
  for (const [path, forms] of formsIn(WHOLE)) {
    expect([path, Object.keys(forms).sort()]).toEqual([path, ["one", "other"]]);
  }
});
