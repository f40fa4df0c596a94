/** For tests and the gallery: a feed whose rows the test sets, without a relay. */
import type {
  At,
  Bars,
  FeedChange,
  FeedView,
  Ohlc,
  Points,
  Quotes,
  Resample,
  Rolling,
  Row,
} from "../feeds/view";
import type { Column, FeedSpec, FeedStatus } from "../protocol/frames";
import { nearest } from "./range";

export class FakeFeed implements FeedView {
  readonly name: string;
  spec: FeedSpec | null;
  status: FeedStatus | null;
  open = true;
  first = 0;
  loaded = 0;
  sentAt = 0;
  revision = 0;
  viewport = false;
  acks = 0;
  times: number[] = [];
  values: number[][];
  /** Of columns of text; their values are the places of words. */
  texts: Record<string, string[]> = {};
  #listeners = new Set<(change: FeedChange) => void>();

  constructor(
    name: string,
    columns: readonly Partial<Column>[],
    state: FeedStatus["state"] = "live",
  ) {
    this.name = name;
    const full = columns.map(
      (column): Column => ({ name: "v", type: "number", unit: "", ...column }),
    );
    this.spec = { columns: full, keep_rows: 1e6, keep_seconds: 0, title: "" };
    this.status = {
      state,
      text: "",
      since: 0,
      retry_at: 0,
      attempts: 0,
      errors: 0,
      dropped: 0,
      recent: [],
    };
    this.values = full.map(() => []);
  }

  get end(): number {
    return this.times.length;
  }

  push(t: number, ...values: number[]): void {
    this.times.push(t);
    for (const [at, column] of this.values.entries()) column.push(values[at] ?? Number.NaN);
    this.loaded = this.times.length;
    this.revision += 1;
  }

  tell(change: FeedChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  extent(): [number, number] | null {
    const [first] = this.times;
    const last = this.times.at(-1);
    return first === undefined || last === undefined ? null : [first, last];
  }

  points(column: string, from: number, to: number, px: number): Points {
    const y = this.#column(column);
    const first = Math.max(0, this.#place(from) - 1);
    const last = Math.min(this.times.length, this.#place(to) + 2);
    const [t, values] = [this.times.slice(first, last), y.slice(first, last)];
    if (last - first <= px * 4)
      return { t: Float64Array.from(t), y: Float64Array.from(values), exact: true };
    return thinned(t, values, Math.ceil((last - first) / px));
  }

  range(): null {
    return null;
  }

  at(t: number, column: string): At | null {
    const row = nearest(this.times, t);
    const value = this.#column(column)[row] ?? Number.NaN;
    return row < 0
      ? null
      : { row, t: this.times[row] ?? 0, value: this.texts[column]?.[value] ?? value };
  }

  *rows(from: number, to: number, limit: number): Iterable<Row> {
    const all = this.times.map((t, row) => ({ t, row })).filter(({ t }) => t >= from && t <= to);
    for (const { t, row } of all.slice(-limit)) {
      yield { row, t, values: this.values.map((column) => column[row] ?? Number.NaN) };
    }
  }

  bars(transform: Ohlc | Quotes, from: number, to: number): Bars {
    if (transform.op === "columns") return this.#quotes(transform, from, to);
    const { every, price, volume } = transform;
    const groups = new Map<number, number[]>();
    this.times.forEach((t, row) => {
      const start = Math.floor(t / every) * every;
      if (start + every >= from && start <= to)
        groups.set(start, [...(groups.get(start) ?? []), row]);
    });
    const y = this.#column(price);
    const sold = volume ? this.#column(volume) : [];
    const make = (of: (rows: number[]) => number): Float64Array =>
      Float64Array.from([...groups.values()].map(of));
    return {
      t: Float64Array.from(groups.keys()),
      open: make((rows) => y[rows[0] ?? 0] ?? 0),
      close: make((rows) => y[rows.at(-1) ?? 0] ?? 0),
      high: make((rows) => Math.max(...rows.map((row) => y[row] ?? 0))),
      low: make((rows) => Math.min(...rows.map((row) => y[row] ?? 0))),
      volume: make((rows) => rows.reduce((sum, row) => sum + (sold[row] ?? 0), 0)),
    };
  }

  series(
    transform: Resample | Rolling,
    column: string,
    from: number,
    to: number,
    px: number,
  ): Points {
    const every = transform.op === "resample" ? transform.every : 0;
    const span = transform.op === "rolling" ? transform.span : every;
    const points = this.points(column, from - span, to, px);
    const y = points.y.map((_, i) => {
      const until = points.t[i] ?? 0;
      const inside = points.y.filter(
        (_value, j) => (points.t[j] ?? 0) <= until && (points.t[j] ?? 0) > until - span,
      );
      return inside.reduce((a, b) => a + b, 0) / inside.length;
    });
    const kept = [...points.t.keys()].filter((i) => every === 0 || i % every === 0);
    return {
      t: Float64Array.from(kept, (i) => points.t[i] ?? 0),
      y: Float64Array.from(kept, (i) => y[i] ?? 0),
      exact: points.exact,
    };
  }

  words(column: string): readonly string[] {
    return this.texts[column] ?? [];
  }

  checksum(): number {
    return 0;
  }

  on(listener: (change: FeedChange) => void): void {
    this.#listeners.add(listener);
  }

  drawn(): void {
    this.acks += 1;
  }

  #quotes(names: Quotes, from: number, to: number): Bars {
    const places = [...this.times.keys()].filter(
      (i) => (this.times[i] ?? 0) >= from && (this.times[i] ?? 0) <= to,
    );
    const take = (name: string): Float64Array =>
      Float64Array.from(places, (i) => this.#column(name)[i] ?? 0);
    const { open, high, low, close, volume } = names;
    const t = Float64Array.from(places, (i) => this.times[i] ?? 0);
    return {
      t,
      open: take(open),
      high: take(high),
      low: take(low),
      close: take(close),
      volume: take(volume ?? ""),
    };
  }

  #column(name: string): number[] {
    return this.values[this.spec?.columns.findIndex((column) => column.name === name) ?? 0] ?? [];
  }

  #place(t: number): number {
    return Math.max(0, nearest(this.times, t));
  }
}

/** The lowest and the highest of every `each`. */
function thinned(t: number[], y: number[], each: number): Points {
  const kept: number[] = [];
  for (let i = 0; i < t.length; i += each) {
    let [low, high] = [i, i];
    for (let j = i; j < Math.min(i + each, t.length); j++) {
      if ((y[j] ?? 0) < (y[low] ?? 0)) low = j;
      if ((y[j] ?? 0) > (y[high] ?? 0)) high = j;
    }
    kept.push(Math.min(low, high), Math.max(low, high));
  }
  return {
    t: Float64Array.from(kept, (i) => t[i] ?? 0),
    y: Float64Array.from(kept, (i) => y[i] ?? 0),
    exact: false,
  };
}
