import { afterEach, expect, test, vi } from "vitest";
import { keptInTab } from "./kept";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

test("what is kept is there after a reload, by its key, and an empty text is not", () => {
  keptInTab("a").write("words");
  expect([keptInTab("a").read(), keptInTab("b").read()]).toEqual(["words", ""]);
  keptInTab("a").write("");
  expect(sessionStorage.length).toBe(0);
});

test("where the browser forbids it, nothing is kept and nothing breaks", () => {
  vi.stubGlobal("sessionStorage", {
    getItem: () => {
      throw new DOMException("forbidden", "SecurityError");
    },
  });
  keptInTab("a").write("words");
  expect(keptInTab("a").read()).toBe("");
});
