import { expect, test } from "vitest";
import type { Words } from "../lib/words";
import { FAILURE_WORDS } from "./failure-words";
import { SandboxWords } from "./sandbox-words";

const GERMAN = { locale: "de", phrases: { failure: { render: "Schade." }, chart: { live: "da" } } };

function heard(words: SandboxWords, kind: string, signal = new AbortController().signal): Words[] {
  const all: Words[] = [];
  words.onWords(kind, (told) => all.push(told), signal);
  return all;
}

test("nobody is told anything before the page has told it", () => {
  const words = new SandboxWords();

  expect(heard(words, "chart")).toEqual([]);
  expect(words.failure).toEqual(FAILURE_WORDS);
});

test("each kind hears its own words, whenever it comes", () => {
  const words = new SandboxWords();
  const early = heard(words, "chart");

  words.receive(GERMAN);

  expect(early).toEqual([{ locale: "de", phrases: { live: "da" } }]);
  expect(heard(words, "chart")).toEqual(early);
  expect(heard(words, "table")).toEqual([{ locale: "de", phrases: undefined }]);
});

test("a widget that has ended hears nothing more", () => {
  const words = new SandboxWords();
  const ended = new AbortController();
  const early = heard(words, "chart", ended.signal);

  ended.abort();
  words.receive(GERMAN);

  expect(early).toEqual([]);
});

test("what the page has no words for stays English", () => {
  const words = new SandboxWords();

  words.receive(GERMAN);

  expect(words.failure).toEqual({ ...FAILURE_WORDS, render: "Schade." });
});
