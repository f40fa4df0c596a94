import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, test } from "vitest";
import { ENGLISH } from "./catalogues/en";
import { listed, percentage, sizeText } from "./formats";
import { language, locale, speak, TEXTS } from "./texts";

afterEach(() => speak(ENGLISH, "en"));

test("what was drawn is drawn again when another language is spoken", () => {
  const place = document.createElement("div");
  const Inner = () => <p>{TEXTS.peopleHere(2)}</p>;
  act(() => render(<Inner />, place));
  expect(place.textContent).toBe("2 people here");

  act(() => speak({ peopleHere: { one: "{0} Person hier", other: "{0} Personen hier" } }, "de"));

  expect(place.textContent).toBe("2 Personen hier");
});

test("what a catalogue lacks, or has otherwise, stays English", () => {
  speak({ reply: 5, follow: "folgen", unread: "neu", photo: null, noRoom: ["Kein Raum"] }, "de");

  expect(language()).toBe("de");
  expect([TEXTS.reply, TEXTS.follow("Ann"), TEXTS.unread(1)]).toEqual([
    "Reply",
    "Follow Ann",
    "1 new message",
  ]);
  expect(TEXTS.photo.done).toBe("Done");
  expect(TEXTS.noRoom).toEqual(["Kein Raum", ENGLISH.noRoom[1]]);
});

test("numbers and lists are written as in the language", () => {
  speak({}, "de");

  expect(locale()).toBe("de");
  expect(listed(["Ann", "Bo", "Cem"])).toBe("Ann, Bo und Cem");
  const shown = [sizeText(1), sizeText(1500), sizeText(1_400_000), percentage(0.453)];
  expect(shown.map((text) => text.replaceAll(/\s/g, " "))).toEqual([
    "1 Byte",
    "1 kB",
    "1,3 MB",
    "45 %",
  ]);
});
