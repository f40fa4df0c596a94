/** How fast a chart is, and what it has drawn: for tests and benchmarks, through `__cowidgetCharts`. */
import type { FeedView } from "../feeds/view";
import type { Range } from "./range";
import type { Track } from "./track";

export interface Figures {
  rows: number;
  first: number;
  end: number;
  loaded: number;
  crc: number;
  fps: number;
  jsMs: number;
  worstMs: number;
  lagMs: number;
  from: number;
  to: number;
}

export interface Hook {
  stats(): Figures;
  /** The lowest and the highest value per pixel of the first series; null where nothing is. */
  drawn(): { low: (number | null)[]; high: (number | null)[] };
  /** The texts of the marks that are painted. */
  marks(): string[];
  /** Another chart's cursor is at this time, or gone. */
  link(t: number | null): void;
  group: string;
}

/** Frames that the figures are about. */
const KEPT = 120;

export class Stats {
  #took: number[] = [];
  #times: number[] = [];
  #worst = 0;

  add(now: number, ms: number): void {
    this.#took.push(ms);
    this.#times.push(now);
    this.#worst = Math.max(this.#worst, ms);
    if (this.#took.length > KEPT) {
      this.#took.shift();
      this.#times.shift();
    }
  }

  /** Of the chart's first feed; `lag` in seconds. */
  figures(view: FeedView | undefined, [from, to]: Range, lag: number): Figures {
    const [took, times] = [this.#took, this.#times];
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    const { first = 0, end = 0, loaded = 0 } = view ?? {};
    return {
      rows: end - first,
      first,
      end,
      loaded,
      // Read by tests at their end: of a million rows it takes longer than drawing them.
      get crc() {
        return view?.checksum() ?? 0;
      },
      fps: span > 0 ? ((times.length - 1) / span) * 1000 : 0,
      jsMs: took.reduce((a, b) => a + b, 0) / (took.length || 1),
      worstMs: this.#worst,
      lagMs: lag * 1000,
      from,
      to,
    };
  }
}

export function drawnOf(
  track: Track | undefined,
  [from, to]: Range,
  px: number,
): ReturnType<Hook["drawn"]> {
  const low: (number | null)[] = Array(px).fill(null);
  const high = low.slice();
  const { t = [], y = [] } = track?.points ?? {};
  for (let i = 0; i < t.length; i++) {
    const value = y[i] ?? Number.NaN;
    const at = Math.floor((((t[i] ?? 0) - from) / (to - from)) * px);
    if (at < 0 || at >= px || Number.isNaN(value)) continue;
    low[at] = Math.min(low[at] ?? value, value);
    high[at] = Math.max(high[at] ?? value, value);
  }
  return { low, high };
}

/** All charts of this realm, by share. */
export function hooks(): Map<string, Hook> {
  const realm = globalThis as { __cowidgetCharts?: Map<string, Hook> };
  realm.__cowidgetCharts ??= new Map();
  return realm.__cowidgetCharts;
}

/** A place in the map; a second chart of a share gets a number. Gives what takes it away. */
export function register(name: string, hook: Hook): () => void {
  const all = hooks();
  let key = name;
  for (let n = 2; all.has(key); n++) key = `${name}#${n}`;
  all.set(key, hook);
  return () => all.delete(key);
}
