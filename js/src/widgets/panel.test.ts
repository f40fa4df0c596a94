import { afterEach, beforeEach, expect, test, vi } from "vitest";
import panel from "./panel";
import { type FakeModel, fakeModel } from "./support";

let el: HTMLElement;
let ends: () => void;

beforeEach(() => {
  localStorage.clear();
  el = document.createElement("div");
  document.body.replaceChildren(el);
});

afterEach(() => ends());

function show(traits: Record<string, unknown> = {}): FakeModel {
  const model = fakeModel({ room: "lab", port: 0, relay: "", failure: "", ...traits });
  ends = panel.render({ model, el });
  return model;
}

function host(): HTMLElement {
  const [found] = el.children;
  if (!(found instanceof HTMLElement)) throw new Error("the panel has no host");
  return found;
}

test("the panel lives in an open shadow root that keeps shortcuts to itself", () => {
  show();
  expect(host().shadowRoot).not.toBeNull();
  expect(host().dataset.lmSuppressShortcuts).toBe("true");
});

test.each(["keydown", "keyup", "paste", "copy", "drop", "dragover"])(
  "%s does not reach the notebook",
  (name) => {
    show();
    const notebook = vi.fn();
    document.body.addEventListener(name, notebook, { once: true });
    host().dispatchEvent(new Event(name, { bubbles: true, composed: true }));
    document.body.removeEventListener(name, notebook);
    expect(notebook).not.toHaveBeenCalled();
  },
);

test("the kernel is told the origin that its tickets are for", () => {
  const model = show();
  expect(model.get("origin")).toBe(location.origin);
});

test("a relay that could not be started is a sentence, and nothing else is tried", () => {
  const model = show({ failure: "Port 8000 is in use." });
  expect(host().shadowRoot?.textContent).toContain("Port 8000 is in use.");
  expect(model.sent).toEqual([]);
});

test("when the relay has started after all, the panel begins", () => {
  const model = show({ failure: "Not yet." });
  model.set("failure", "");
  expect(host().shadowRoot?.querySelector("[role=status]")).not.toBeNull();
});

test("its end leaves nothing behind", () => {
  show();
  ends();
  expect(el.childElementCount).toBe(0);
});

test.each(["bar", "link"])("a panel that shows only its %s has no frame for widgets", (part) => {
  show({ part });
  expect(host().shadowRoot?.querySelector("iframe")).toBeNull();
});

test("when its cell begins to share widgets that only it draws, the panel draws them", async () => {
  const model = show({ part: "bar" });
  model.set("part", "room");
  await vi.waitFor(() => expect(host().shadowRoot?.querySelector("iframe")).not.toBeNull());
});

test("a panel with one share has no bar for links, people and chat", () => {
  show({ part: "share", share: "price" });
  const shadow = host().shadowRoot;
  expect(shadow?.querySelector(".widgets-side")).not.toBeNull();
  expect(shadow?.textContent).not.toContain("Copy link");
});
