import { expect, test } from "vitest";
import type { Note } from "../client";
import { Emitter } from "../lib/emitter";
import { EarlyNotes } from "./early-notes";

const refused: Note = { type: "refused", id: 1, slug: "role", text: "", keys: ["a/b"] };

test("what was told is there in its order, and taken once", () => {
  const told = new Emitter<Note>();
  const notes = new EarlyNotes({ on: (listener, signal) => told.on(listener, signal) });
  told.emit(refused);
  told.emit({ type: "people" });
  expect(notes.take()).toEqual([refused, { type: "people" }]);
  expect(notes.take()).toEqual([]);
});

test("who has taken them hears for themselves", () => {
  const told = new Emitter<Note>();
  const notes = new EarlyNotes({ on: (listener, signal) => told.on(listener, signal) });
  notes.take();
  told.emit(refused);
  expect(notes.take()).toEqual([]);
});
