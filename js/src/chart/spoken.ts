/** The chart for people who do not see it: what the cursor is on, and a short table. */
import { make, write } from "./dom";
import type { Range } from "./range";
import { TEXTS } from "./texts";
import type { Track } from "./track";
import { timeText } from "./words";

const MOST_ROWS = 25;
/** Milliseconds between two announcements: a reader that is interrupted says nothing. */
const PAUSE_MS = 1000;

export class Spoken {
  readonly #region: HTMLElement;
  #timer = 0;
  #text = "";

  constructor(region: HTMLElement, signal: AbortSignal) {
    this.#region = region;
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  /** The last of what is said within a second. */
  say(text: string): void {
    this.#text = text;
    if (this.#timer !== 0) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      write(this.#region, this.#text);
    }, PAUSE_MS);
  }
}

/** Rows at even distances in what is shown, and below them what people have put there. */
export function fillTable(
  table: HTMLElement,
  caption: string,
  tracks: readonly Track[],
  marks: readonly string[],
  [from, to]: Range,
  zone: string,
): void {
  const head = make(
    "tr",
    {},
    ...[TEXTS.time, ...tracks.map(({ trait }) => trait.label)].map((text) =>
      make("th", { scope: "col" }, text),
    ),
  );
  const rows: HTMLElement[] = [];
  let last = Number.NaN;
  for (let i = 0; i < MOST_ROWS; i++) {
    const readings = tracks.map((track) =>
      track.reading(from + ((to - from) * i) / (MOST_ROWS - 1)),
    );
    const t = readings.find((reading) => reading !== null)?.t;
    if (t === undefined || t === last || t < from || t > to) continue;
    last = t;
    const cells = [
      make("time", {}, timeText(t, zone, (to - from) / 1000)),
      ...readings.map((reading) => reading?.text ?? "–"),
    ];
    rows.push(make("tr", {}, ...cells.map((cell) => make("td", {}, cell))));
  }
  const notes = marks.map((text) =>
    make("tr", {}, make("td", { colspan: tracks.length + 1 }, text)),
  );
  table.replaceChildren(make("caption", {}, caption), head, ...rows, ...notes);
}
