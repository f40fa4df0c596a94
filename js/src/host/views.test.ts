import { expect, test } from "vitest";
import { Views } from "./views";

function setting() {
  const signals: AbortSignal[] = [];
  const views = new Views(async (el, clear, signal) => {
    clear();
    signals.push(signal);
    el.append(`drawing ${signals.length} `);
  });
  return { views, signals };
}

function ended(signals: AbortSignal[]): boolean[] {
  return signals.map(({ aborted }) => aborted);
}

test("a view that is drawn anew takes its own place", async () => {
  const { views, signals } = setting();
  const el = document.createElement("div");
  await views.show(el, new AbortController().signal);
  views.redraw();
  expect([el.textContent, ended(signals)]).toEqual(["drawing 2 ", [true, false]]);
});

test("what others have put into the element stays", async () => {
  const { views } = setting();
  const el = document.createElement("div");
  el.append("theirs ");
  await views.show(el, new AbortController().signal);
  views.redraw();
  expect(el.textContent).toBe("theirs drawing 1 drawing 2 ");
});

test("a view that has ended is not drawn again", async () => {
  const { views, signals } = setting();
  const closing = new AbortController();
  await views.show(document.createElement("div"), closing.signal);
  closing.abort();
  views.redraw();
  await views.show(document.createElement("div"), closing.signal);
  expect(ended(signals)).toEqual([true]);
});

test("an interrupted view is drawn again when it is asked for", async () => {
  const { views, signals } = setting();
  await views.show(document.createElement("div"), new AbortController().signal);
  views.interrupt();
  expect(ended(signals)).toEqual([true]);
  views.redraw();
  expect(ended(signals)).toEqual([true, false]);
});

test("closed views are over", async () => {
  const { views, signals } = setting();
  await views.show(document.createElement("div"), new AbortController().signal);
  views.close();
  views.redraw();
  expect(ended(signals)).toEqual([true]);
});
