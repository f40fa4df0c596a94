/** What acts make of messages; tests/wire/scenarios hold the rest, for both languages. */
import { expect, test } from "vitest";
import type { Body } from "../protocol/frames";
import { type Act, isSpeech, Messages } from "./messages";

const photo = {
  mime: "image/png",
  width: 3,
  height: 2,
  size: 9,
  frames: 1,
  alt: "",
  name: "",
} as const;
const hashes = { sha256: "ab".repeat(32), thumb: "cd".repeat(32), placeholder: new Uint8Array() };
const column = { name: "a", dtype: "int64", kind: "integer" } as const;

const SPEECH: readonly Body[] = [
  { kind: "text", text: "a", reply: 2 },
  { kind: "moment", share: "chart", start: 1, end: 2, picture: new Uint8Array(), text: "a" },
  { kind: "photos", photos: [{ ...photo, ...hashes }], text: "a", reply: 2 },
  {
    kind: "table",
    columns: [column],
    rows: [[1]],
    height: 9,
    width: 1,
    index: 0,
    text: "a",
    reply: 2,
  },
  {
    kind: "snapshot",
    share: "slider",
    values: { "slider/value": 1 },
    picture: new Uint8Array(),
    text: "a",
    reply: 2,
  },
];

function shown(...bodies: readonly Body[]) {
  const messages = new Messages();
  messages.add(
    bodies.map((body, n) => ({
      at: n + 1,
      by: "p1",
      id: n + 1,
      name: "Ada",
      color: "",
      time: 1,
      body,
    })),
  );
  return messages.shown("p1", []);
}

test.each(SPEECH)("[L6] an edit changes the text of a $kind and nothing else", (body) => {
  const [message, ...others] = shown(body, { kind: "edit", entry: 1, text: "b" });
  expect(others).toEqual([]);
  expect(message?.entry.body).toEqual({ ...body, text: "b" });
  expect(message?.edited).toBe(true);
});

test("[L6] acts and what is left of a message are no speech", () => {
  const acts: readonly Act[] = [
    { kind: "edit", entry: 1, text: "b" },
    { kind: "erase", entry: 1 },
    { kind: "react", entry: 1, emoji: "👍", on: true },
  ];
  expect([...acts, { kind: "erased", entry: 0 } as const, ...SPEECH].map(isSpeech)).toEqual([
    ...[false, false, false, false],
    ...SPEECH.map(() => true),
  ]);
});
