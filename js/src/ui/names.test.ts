import { beforeEach, expect, test } from "vitest";
import {
  COLORS,
  cleanName,
  friendlyIdentity,
  initials,
  rememberedIdentity,
  rememberIdentity,
  safeColor,
  textOn,
} from "./names";

beforeEach(() => localStorage.clear());

test("a friendly name has two words and a colour of ours", () => {
  const { name, color } = friendlyIdentity(() => 3_000_000_007);
  expect(name).toMatch(/^\w+ \w+$/);
  expect(COLORS).toContain(color);
});

test("a name is remembered, and without one there is nothing", () => {
  expect(rememberedIdentity()).toBeNull();
  rememberIdentity({ name: "Ana", color: "#862e9c" });
  expect(rememberedIdentity()).toEqual({ name: "Ana", color: "#862e9c" });
});

test("what else lies in the storage is no name", () => {
  for (const text of ["{", "5", '{"name":""}', '{"name":5}']) {
    localStorage.setItem("cowidget.me", text);
    expect(rememberedIdentity()).toBeNull();
  }
});

test.each([
  ["  Ana \n  Souza ", "Ana Souza"],
  ["a\u202Eb\u0000c", "a b c"],
  ["\u200B ", ""],
  ["x".repeat(80), "x".repeat(64)],
])("the name %j becomes %j", (typed, clean) => {
  expect(cleanName(typed)).toBe(clean);
});

test("a colour from the wire that is not plain is replaced, always by the same", () => {
  const hostile = "red;background:url(https://evil.example)";
  expect(safeColor("#0B7285", "p")).toBe("#0B7285");
  expect(COLORS).toContain(safeColor(hostile, "p"));
  expect(safeColor(hostile, "p")).toBe(safeColor(undefined, "p"));
});

test("every colour of ours carries readable letters", () => {
  expect(COLORS.map(textOn).every((letters) => letters === "#fff")).toBe(true);
  expect(textOn("#ffff00")).toBe("#000");
});

test.each([
  ["Ana Souza", "AS"],
  ["noor", "N"],
  ["Jean-Luc de la Cour", "JC"],
  ["😀 smile", "😀S"],
  ["", "?"],
])("the initials of %j are %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});
