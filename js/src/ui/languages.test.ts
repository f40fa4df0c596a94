import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ENGLISH } from "./catalogues/en";
import { Tongue, wantedLanguage } from "./languages";
import { language, speak, TEXTS } from "./texts";

beforeEach(() => localStorage.clear());
afterEach(() => {
  speak(ENGLISH, "en");
  vi.restoreAllMocks();
});

test("what was chosen counts more than what the browser asks for", () => {
  expect(wantedLanguage(["fr-CA", "de"])).toBe("fr");

  new Tongue(async () => ({})).choose("ja");

  expect(wantedLanguage(["fr-CA", "de"])).toBe("ja");
});

test("a language is spoken once its words are here", async () => {
  const load = vi.fn(async () => ({ reply: "Antworten" }));

  await new Tongue(load).speak("de");

  expect([language(), TEXTS.reply]).toEqual(["de", "Antworten"]);
  expect(load).toHaveBeenCalledWith("de");
});

test("words that come too late are not spoken", async () => {
  let come: (words: unknown) => void = () => undefined;
  const words = new Promise((resolve) => {
    come = resolve;
  });
  const tongue = new Tongue(() => words);
  const first = tongue.speak("de");
  await tongue.speak("en");

  come({ reply: "Antworten" });
  await first;

  expect([language(), TEXTS.reply]).toEqual(["en", "Reply"]);
});

test("words that do not come leave everything as it is", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);

  await new Tongue(() => Promise.reject(new Error("gone"))).speak("de");

  expect(TEXTS.reply).toBe("Reply");
});

test("what is chosen in one panel is spoken in the others", async () => {
  const closing = new AbortController();
  const other = new Tongue(async () => ({ reply: "返信" }));
  other.follow(closing.signal);

  new Tongue(() => new Promise(() => undefined)).choose("ja");

  await vi.waitFor(() => expect(TEXTS.reply).toBe("返信"));
  closing.abort();
});
