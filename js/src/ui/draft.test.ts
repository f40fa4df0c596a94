import { expect, test } from "vitest";
import { Draft, LONGEST } from "./draft";
import { keptHere } from "./kept";

const written = (draft: Draft) => draft.written.value;

test("a draft survives a reload, with what it answers", () => {
  const kept = keptHere();
  const before = new Draft(kept);
  before.write("half a sent");
  before.answer(7);
  expect(written(new Draft(kept))).toEqual({ text: "half a sent", reply: 7, editing: 0 });
});

test("what was sent is no draft any more", () => {
  const kept = keptHere();
  const draft = new Draft(kept);
  draft.write(" hello ");
  expect(draft.take()).toEqual({ text: "hello", reply: 0, editing: 0 });
  expect(kept.read()).toBe("");
});

test("an edit puts the draft aside, and leaving it brings the draft back", () => {
  const draft = new Draft(keptHere());
  draft.write("a draft");
  draft.edit({ id: 3, text: "sent" });
  expect(written(draft)).toEqual({ text: "sent", reply: 0, editing: 3 });
  draft.leave();
  expect(written(draft).text).toBe("a draft");
});

test("a second edit does not take the first one for a draft", () => {
  const draft = new Draft(keptHere());
  draft.write("a draft");
  draft.edit({ id: 3, text: "one" });
  draft.edit({ id: 2, text: "two" });
  expect(draft.take()).toEqual({ text: "two", reply: 0, editing: 2 });
  expect(written(draft).text).toBe("a draft");
});

test("a reload during an edit brings back the draft, not the edit", () => {
  const kept = keptHere();
  const draft = new Draft(kept);
  draft.write("a draft");
  draft.edit({ id: 3, text: "sent" });
  expect(written(new Draft(kept))).toEqual({ text: "a draft", reply: 0, editing: 0 });
});

test("leaving a reply keeps what is written", () => {
  const draft = new Draft(keptHere());
  draft.write("words");
  draft.answer(4);
  draft.leave();
  expect(written(draft)).toEqual({ text: "words", reply: 0, editing: 0 });
});

test("characters are counted as the relay does: an emoji is one", () => {
  const draft = new Draft(keptHere());
  draft.write("😀".repeat(LONGEST));
  expect(draft.excess).toBe(0);
  draft.write(`${"a".repeat(LONGEST + 12)}\n`);
  expect(draft.excess).toBe(12);
});

test.each(["", "no JSON", '{"text":3,"reply":"x"}', "null", '{"__proto__":{"text":"x"}}'])(
  "what another version has kept as %j is no draft",
  (text) => {
    const kept = keptHere();
    kept.write(text);
    expect(written(new Draft(kept))).toEqual({ text: "", reply: 0, editing: 0 });
  },
);
