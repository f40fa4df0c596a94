import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Services } from "../host/services";
import type { Words } from "../lib/words";
import de from "../ui/catalogues/de.json";
import { FakeFeed } from "./fake-feed";
import chart from "./main";

const TRAITS: Record<string, unknown> = { series: [{ feed: "ticks", column: "price" }] };

let el: HTMLElement;
let ended: AbortController;
let feed: FakeFeed;
let told: { kind: string; tell: (words: Words) => void }[];
let frames: FrameRequestCallback[];

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => frames.push(run));
  el = document.createElement("div");
  document.body.replaceChildren(el);
  ended = new AbortController();
  feed = new FakeFeed("ticks", [{ name: "price" }]);
  told = [];
});

afterEach(() => {
  says({ locale: "en-GB", phrases: {} });
  ended.abort();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A chart of a room whose page has words, or tells none. */
async function draw(words: Words | null = null): Promise<void> {
  const model = {
    get: (name: string) => TRAITS[name],
    on: () => undefined,
    off: () => undefined,
    set: () => undefined,
    save_changes: () => undefined,
    send: () => undefined,
  };
  const cowidget: Partial<Services> = {
    share: "c",
    open: () => feed,
    setMark: () => undefined,
    onWords: (kind, tell) => {
      told.push({ kind, tell });
      if (words !== null) tell(words);
    },
  };
  await chart.render({ model, el, signal: ended.signal, cowidget } as never);
  paint();
}

function says(words: Words): void {
  for (const { tell } of told) tell(words);
  paint();
}

function paint(): void {
  for (const run of frames.splice(0)) run(performance.now());
}

/** All that can be read, heard, or seen under a mouse. */
function texts(): Record<string, string | null | undefined> {
  const part = (name: string) => el.querySelector<HTMLElement>(`[data-testid="${name}"]`);
  return {
    live: part("go-live")?.textContent,
    pause: part("pause")?.title,
    add: part("add")?.ariaLabel,
    badge: part("badge")?.textContent,
    empty: part("empty")?.textContent,
    surface: part("surface")?.ariaLabel,
    legend: el.querySelector<HTMLElement>(".cw-c-legend")?.ariaLabel,
    series: part("legend-0")?.title,
    language: part("chart")?.lang,
  };
}

const GERMAN: Words = { locale: "de", phrases: de.framed.chart };

test("a chart is drawn in the language of its page", async () => {
  feed.spec = null;
  feed.status = null;
  await draw(GERMAN);

  expect(told.map(({ kind }) => kind)).toEqual(["chart"]);
  expect(texts()).toEqual({
    live: "Zurück zu live",
    pause: "Anhalten",
    add: "Markierung hinzufügen",
    badge: "verbindet",
    empty: "Wartet auf die ersten Werte",
    surface: "Live-Diagramm",
    legend: "Datenreihen",
    series: "Aus- oder einblenden. Doppelklick: nur diese",
    language: "de",
  });
});

test("another language replaces all words, and English is back when it is told nothing", async () => {
  feed.spec = null;
  feed.status = null;
  await draw();
  const before = texts();

  says(GERMAN);
  const german = texts();
  says({ locale: "en-GB", phrases: undefined });

  const same = Object.keys(before).filter((name) => german[name] === before[name]);
  expect([before.pause, same]).toEqual(["Pause", []]);
  expect(texts()).toEqual(before);
});

test("a paused chart goes on being paused in other words", async () => {
  await draw();
  const pause = el.querySelector<HTMLElement>('[data-testid="pause"]');
  pause?.click();
  paint();

  says(GERMAN);

  expect([pause?.ariaPressed, pause?.title]).toEqual(["true", "Zurück zu live"]);
});

test("who cannot see it gets the table in the new words within a second", async () => {
  feed.push(1, 5);
  await draw();
  vi.advanceTimersByTime(1000);

  says(GERMAN);
  vi.advanceTimersByTime(1000);

  expect(el.querySelector("th")?.textContent).toBe("Zeit");
});
