import { afterEach, expect, test } from "vitest";
import de from "../ui/catalogues/de.json";
import { locale, speak, TEXTS } from "./texts";
import { changeText } from "./tiles";
import { durationText, localOffset, numberText, percentText, timeText, withUnit } from "./words";

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0) / 1000;

afterEach(() => speak({ locale: "en-GB", phrases: {} }));

/** What formats put between numbers and signs may not break a line. */
function spaced(...texts: string[]): string[] {
  return texts.map((text) => text.replaceAll(/\s/g, " "));
}

test("a chart speaks English until it is told otherwise", () => {
  expect([TEXTS.goLive, TEXTS.news(1234), locale]).toEqual(["Go live", "+1,234 new", "en-GB"]);
});

test("it says everything with the words of the catalogue", () => {
  speak({ locale: "de", phrases: de.framed.chart });

  expect([TEXTS.goLive, TEXTS.news(1234), TEXTS.kinds.line]).toEqual([
    "Zurück zu live",
    "+1.234 neu",
    "Linie",
  ]);
});

test.each([[undefined], [{}], [{ goLive: 5, news: "neu", kinds: null }]])(
  "what is missing in %o, or is no such text, is said in English",
  (phrases) => {
    speak({ locale: "de", phrases });

    expect([TEXTS.goLive, TEXTS.news(2), TEXTS.kinds.line]).toEqual(["Go live", "+2 new", "Line"]);
  },
);

test("numbers, percents and money are written as in the language", () => {
  speak({ locale: "de", phrases: {} });

  const texts = [numberText(65432.1, 2), percentText(0.423, 1), withUnit("5,00", "$")];
  const units = [withUnit("5", "%"), withUnit("21,4", "°C"), changeText(100, 105, String)];
  expect(spaced(...texts, ...units)).toEqual([
    ...["65.432,10", "42,3 %", "5,00 $"],
    ...["5 %", "21,4°C", "▲ 5,00 %"],
  ]);
});

test.each([
  ["de", "23. Nov. 12:00"],
  ["en-US", "Nov 23 12:00"],
  ["ja", "11月23日 12:00"],
])("in %s, a time is %s", (language, text) => {
  speak({ locale: language, phrases: {} });

  expect(timeText(NOON, "UTC", 3600)).toBe(text);
});

test("what a zone's clock says is read the same in every language", () => {
  speak({ locale: "ja", phrases: {} });

  expect(localOffset(NOON, "Europe/Berlin")).toBe(3600);
});

test("spans of time have the words of the language", () => {
  speak({ locale: "de", phrases: de.framed.chart });

  expect([2.13, 200, 86_400 * 3].map(durationText)).toEqual(["2,1 s", "3 min", "3 Tage"]);
});
