import { afterEach, expect, test, vi } from "vitest";
import { addCopyButtons } from "./code-copy";
import { TEXTS } from "./texts";

afterEach(() => vi.unstubAllGlobals());

function button(): HTMLButtonElement {
  document.body.innerHTML = "<pre><code>print(1)</code></pre>";
  addCopyButtons(document.body);
  const found = document.querySelector("button");
  if (found === null) throw new Error("no button");
  return found;
}

test("code is copied, and the button says so", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const copy = button();
  copy.click();
  await vi.waitFor(() => expect(copy.textContent).toBe(TEXTS.copied));
  expect(writeText).toHaveBeenCalledWith("print(1)");
});

test("on plain http, where there is no clipboard, it is copied the old way", async () => {
  vi.stubGlobal("navigator", {});
  Object.assign(document, { execCommand: vi.fn(() => true) });
  const copy = button();
  copy.click();
  await vi.waitFor(() => expect(copy.textContent).toBe(TEXTS.copied));
});

test("where nothing may copy, the button says what to do", async () => {
  vi.stubGlobal("navigator", {});
  Object.assign(document, { execCommand: vi.fn(() => false) });
  const copy = button();
  copy.click();
  await vi.waitFor(() => expect(copy.textContent).toBe(TEXTS.copyCodeFailed));
});
