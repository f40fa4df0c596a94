import { expect, test } from "vitest";
import type { ChatLine } from "../client";
import { line as said } from "./support";
import { arrange, firstUnread, lineOf } from "./thread";

const NOON = new Date(2026, 4, 5, 12).getTime();

function line(id: number, by: string, minutes: number): ChatLine {
  return { ...said(id, by, ""), timeMs: NOON + minutes * 60_000 };
}

function heads(lines: ChatLine[], fresh = 0): boolean[] {
  return arrange(lines, fresh).map(({ head }) => head);
}

test("messages of one person in a row have one head", () => {
  expect(heads([line(1, "a", 0), line(2, "a", 1), line(3, "b", 2), line(4, "a", 3)])).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test("after a pause the head is shown again", () => {
  expect(heads([line(1, "a", 0), line(2, "a", 6)])).toEqual([true, true]);
});

test("each day begins with its name", () => {
  const days = arrange([line(1, "a", 0), line(2, "a", 1), line(3, "a", 24 * 60)], 0);
  expect(days.map(({ day }) => day)).toEqual([true, false, true]);
});

test("the line of the new ones stands before the first unread line of the others", () => {
  const lines = [line(1, "a", 0), line(2, "b", 1), line(3, "me", 2), line(4, "b", 3)];
  expect(firstUnread(lines, 2)).toBe(2);
  expect(firstUnread(lines, 0)).toBe(0);
  expect(arrange(lines, 2).map(({ fresh }) => fresh)).toEqual([false, true, false, false]);
});

test("a line is found by its entry, among those that are in the log", () => {
  const lines = [line(3, "a", 0), line(7, "b", 1), line(-2, "me", 2), line(-2.5, "me", 3)];
  expect([3, 7, 5, 9, 0].map((id) => lineOf(lines, id)?.id ?? null)).toEqual([
    3,
    7,
    null,
    null,
    null,
  ]);
});
