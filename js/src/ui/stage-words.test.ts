import { afterEach, expect, test } from "vitest";
import type { ToSandbox } from "../host/messages";
import { ENGLISH } from "./catalogues/en";
import { StageWords } from "./stage-words";
import { speak } from "./texts";

afterEach(() => speak(ENGLISH, "en"));

function framed() {
  const posted: ToSandbox[] = [];
  const element = document.createElement("div");
  const closing = new AbortController();
  const post = (message: ToSandbox): void => void posted.push(message);
  const words = new StageWords({ element, post }, closing.signal);
  return { posted, element, closing, words };
}

test("the frame is told the words of its widgets whenever the language changes", () => {
  const { posted, element } = framed();

  speak({ frameTitle: "Geteiltes", framed: { chart: { live: "da" } } }, "de");

  expect(posted.map((message) => message.type === "words" && message.words)).toEqual([
    { locale: "en-US", phrases: {} },
    { locale: "de", phrases: { chart: { live: "da" } } },
  ]);
  expect(element.title).toBe("Geteiltes");
});

test("a frame that hears from now on is told them again", () => {
  const { posted, words } = framed();

  words.receiveReady();

  expect(posted).toHaveLength(2);
});

test("a frame that is gone is told nothing", () => {
  const { posted, closing } = framed();

  closing.abort();
  speak({}, "de");

  expect(posted).toHaveLength(1);
});
