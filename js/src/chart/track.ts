/** One series of a chart: its rows in what is shown, its values, and how they are written. */
import type { Bars, FeedView, Points } from "../feeds/view";
import { nearest, type Range } from "./range";
import { TEXTS } from "./texts";
import type { SeriesTrait } from "./traits";
import { cut, decimalsFor, decimalsOf, numberText, withUnit } from "./words";

/** Pixels. Narrower bars cannot be told apart. */
const BAR = 5;
/** Values that tell how many decimals there are. */
const SAMPLES = 24;
/** Characters of a word beside an axis. */
const WORD = 18;

export interface Reading {
  t: number;
  value: number;
  text: string;
}

export class Track {
  readonly trait: SeriesTrait;
  readonly view: FeedView;
  /** Its place among the chart's series. */
  readonly at: number;
  shown = true;
  points: Points | null = null;
  bars: Bars | null = null;
  /** Seconds that a bar is wide. */
  step = 0;
  #decimals = 0;

  constructor(trait: SeriesTrait, view: FeedView, at: number) {
    this.trait = trait;
    this.view = view;
    this.at = at;
  }

  get ready(): boolean {
    const { column, columns, transform } = this.trait;
    const names =
      transform?.op === "ohlc"
        ? [transform.price]
        : columns === null
          ? [column]
          : [columns.open, columns.high, columns.low, columns.close];
    return names.every((name) => this.view.spec?.columns.some((known) => known.name === name));
  }

  get unit(): string {
    return this.view.spec?.columns.find(({ name }) => name === this.#source)?.unit ?? "";
  }

  /** Of a column of text, what its values mean: they are the places of these words. Null for numbers. */
  get words(): readonly string[] | null {
    const { column, transform } = this.trait;
    const known = this.view.spec?.columns.find(({ name }) => name === column);
    return transform === null && known?.type === "text" ? this.view.words(column) : null;
  }

  /** Gets what there is of it between these times, for so many pixels. */
  query([from, to]: Range, px: number): void {
    this.points = this.bars = null;
    if (!this.ready) return;
    const { trait, view } = this;
    const { columns, transform, column } = trait;
    if (transform?.op === "ohlc") {
      const most = Math.max(1, px / BAR);
      this.step = transform.every * Math.max(1, Math.ceil((to - from) / transform.every / most));
      const bars = view.bars({ ...transform, every: this.step }, from, to);
      if (trait.kind === "candle") this.bars = bars;
      else this.points = { t: bars.t, y: bars[column as keyof Bars] ?? bars.close, exact: true };
    } else if (columns !== null)
      this.#quotes(view.bars({ op: "columns", ...columns }, from, to), (to - from) / (px / BAR));
    else if (transform === null) this.points = view.points(column, from, to, px);
    else this.points = view.series(transform, column, from, to, px);
    if (trait.kind === "bar") this.step = this.#spacing();
    if (transform === null) this.#sample();
  }

  /** The lowest and the highest of what was got, within these times. */
  reach([from, to]: Range): [number, number] | null {
    const [t, lows, highs] = this.#columns();
    let low = Number.POSITIVE_INFINITY;
    let high = -low;
    for (let i = 0; i < t.length; i++) {
      const at = t[i] ?? 0;
      if (at + this.step < from || at > to) continue;
      const [a = 0, b = 0] = [lows[i], highs[i]];
      if (a < low && a > Number.NEGATIVE_INFINITY) low = a;
      if (b > high && b < Number.POSITIVE_INFINITY) high = b;
    }
    return low <= high ? [low, high] : null;
  }

  /** The row nearest to a time, exactly as it came. */
  reading(t: number): Reading | null {
    const { bars, points } = this;
    if (bars !== null) {
      const at = nearest(bars.t, t - this.step / 2);
      return at < 0
        ? null
        : { t: bars.t[at] ?? 0, value: bars.close[at] ?? 0, text: this.#barText(bars, at) };
    }
    if (this.trait.transform !== null) {
      const at = points === null ? -1 : nearest(points.t, t);
      return at < 0 ? null : this.#reading(points?.t[at] ?? 0, points?.y[at] ?? Number.NaN);
    }
    const found = this.ready ? this.view.at(t, this.trait.column) : null;
    if (found === null) return null;
    if (typeof found.value === "number") return this.#reading(found.t, found.value);
    return {
      t: found.t,
      value: this.view.words(this.trait.column).indexOf(found.value),
      text: found.value,
    };
  }

  /** The newest one of all, not only of what is shown. */
  last(): Reading | null {
    const extent = this.view.extent();
    return extent === null ? null : this.reading(extent[1] + this.step);
  }

  text(value: number, unit = this.unit): string {
    const { words } = this;
    if (words !== null) return cut(words[value] ?? "–", WORD);
    return withUnit(numberText(value, this.#digits(value)), unit);
  }

  /** Without what is for people: a number, or a word. */
  plain({ value, text }: Reading): number | string {
    return this.words === null ? value : text;
  }

  /** A difference of two values: computed, so as exact as the rows are, and no more. */
  difference(value: number): string {
    return withUnit(numberText(value, this.#digits(0)), this.unit);
  }

  /** The feed's column that the values come from. */
  get #source(): string {
    const { transform, column } = this.trait;
    return transform?.op === "ohlc" ? transform.price : column;
  }

  /** A value that no row has, as exact as pixels are; never more exact than the rows. */
  rough(value: number, perPixel: number): string {
    const { words } = this;
    if (words !== null) return cut(words[Math.round(value)] ?? "–", WORD);
    const digits = Math.max(0, Math.ceil(-Math.log10(perPixel || 1)));
    return withUnit(numberText(value, Math.min(digits, this.#digits(0) || digits, 9)), this.unit);
  }

  #reading(t: number, value: number): Reading {
    return { t, value, text: this.text(value) };
  }

  /** All values are written with as many decimals as the most exact of them has: 65,432.10 and not 65,432.1. */
  #digits(value: number): number {
    const { decimals, transform } = this.trait;
    if (decimals !== null) return decimals;
    const column = this.view.spec?.columns.find(({ name }) => name === this.#source);
    // A mean has more digits than its values; they mean nothing.
    const isComputed =
      transform !== null && transform.op !== "ohlc" && /mean|std/.test(transform.how);
    const known = isComputed
      ? Number(this.view.at(this.view.extent()?.[1] ?? 0, this.#source)?.value)
      : value;
    const needed = decimalsOf(known, column?.type === "single");
    if (needed === null) return decimalsFor(Math.abs(value));
    this.#decimals = Math.max(this.#decimals, needed);
    return this.#decimals;
  }

  /** So that the first value is written like those that come. */
  #sample(): void {
    const y = this.points?.y ?? this.bars?.close ?? [];
    for (let i = 0; i < y.length; i += Math.ceil(y.length / SAMPLES)) {
      if (!Number.isNaN(y[i])) this.#digits(y[i] ?? 0);
    }
  }

  #barText({ open, high, low, close, volume }: Bars, at: number): string {
    const parts = [open, high, low, close].map(
      (values, i) => `${TEXTS.bar[i]}\u00a0${this.text(values[at] ?? 0, "")}`,
    );
    if (volume[at]) parts.push(`${TEXTS.bar[4]}\u00a0${numberText(volume[at], 0, true)}`);
    return parts.join("  ");
  }

  #columns(): [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>] {
    const { bars, points } = this;
    if (bars !== null) return [bars.t, bars.low, bars.high];
    return points === null ? [[], [], []] : [points.t, points.y, points.y];
  }

  #quotes(bars: Bars, least: number): void {
    const spacing = closest(bars.t);
    this.step = spacing * Math.max(1, Math.ceil(least / (spacing || 1)));
    this.bars = this.step > spacing ? joined(bars, this.step) : bars;
  }

  #spacing(): number {
    const { transform } = this.trait;
    return transform?.op === "resample" ? transform.every : closest(this.points?.t ?? []);
  }
}

/** What the values of an axis mean, if its series are all of one column of text. */
export function wordsOf([first, ...others]: readonly Track[]): readonly string[] | null {
  const isOne = others.every(
    ({ view, trait }) => view === first?.view && trait.column === first.trait.column,
  );
  return isOne ? (first?.words ?? null) : null;
}

/** How far those are apart that are next to each other. */
function closest(t: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < t.length; i++) {
    const apart = (t[i] ?? 0) - (t[i - 1] ?? 0);
    if (apart > 0 && apart < least) least = apart;
  }
  return Number.isFinite(least) ? least : 0;
}

/** Bars that a feed brings itself: as many of them in one as there is room for, the same ones at every time. */
function joined(bars: Bars, step: number): Bars {
  const firsts: number[] = [];
  bars.t.forEach((t, i) => {
    const isNew = i === 0 || Math.floor(t / step) > Math.floor((bars.t[i - 1] ?? 0) / step);
    if (isNew) firsts.push(i);
  });
  const over = (values: Float64Array, of: (values: Float64Array) => number): Float64Array =>
    Float64Array.from(firsts, (first, i) => of(values.subarray(first, firsts[i + 1])));
  return {
    t: over(bars.t, ([first]) => first ?? 0),
    open: over(bars.open, ([first]) => first ?? 0),
    high: over(bars.high, (values) => Math.max(...values)),
    low: over(bars.low, (values) => Math.min(...values)),
    close: over(bars.close, (values) => values.at(-1) ?? 0),
    volume: over(bars.volume, (values) => values.reduce((sum, one) => sum + one, 0)),
  };
}
