/** Decides what to fetch next: what is looked at, then the newest rows that are missing, two fetches at a time. */

import { MAX_LEVEL } from "./bins";
import type { Holdings } from "./holdings";
import { levelFor } from "./paint";
import { type Span, Spans } from "./spans";

/** Two hide the way to the relay and back; with more, what is looked at now waits for what was looked at before. */
const MAX_FETCHES = 2;
/**
 * Rows or bins in a fetch, which begins with a multiple of it: at 4 bytes a row, a frame or two. The relay answers with
 * whole chunks, of which most begin with a multiple of 16,384: one that lies in two fetches comes twice.
 */
const FETCH_SIZE = 1 << 16;
/** Rows that are looked at as rows, in viewport mode. */
const MAX_RAW = 1 << 14;

export interface Wish {
  id: number;
  first: number;
  last: number;
  level: number;
}

/** Rows that somebody looks at, on so many pixels. */
export interface Look {
  first: number;
  last: number;
  px: number;
}

export class Fetching {
  /** What was asked for; those with `done` are answered, and still being decoded. */
  #wishes: (Wish & { done: boolean })[] = [];
  #lastId = 0;
  /** The relay was asked for these, and had none. */
  readonly #lost = new Map<number, Spans>();
  #look: Look | null = null;

  /** The line is new: nothing is on its way. */
  clear(): void {
    this.#wishes = [];
    this.#lost.clear();
  }

  look(look: Look): void {
    this.#look = look;
  }

  /** Whether this answers a wish of now; `last` says that nothing more comes for it. */
  receive(id: number, last: boolean): Wish | null {
    const wish = this.#wishes.find((each) => each.id === id);
    if (wish === undefined) return null;
    if (last) wish.done = true;
    return wish;
  }

  /** Its rows are here now. What is still missing of it is not to be had. */
  settle(wish: Wish, holdings: Holdings): void {
    this.#wishes = this.#wishes.filter((each) => each !== wish);
    const { level, first, last } = wish;
    for (const [from, to] of missingIn(holdings, level, first, last)) {
      this.#lostAt(level).add(from, to);
      if (level === 0) holdings.lose(from, to);
    }
  }

  /** What to ask for now, if anything. It counts as asked for. */
  next(holdings: Holdings): Wish | null {
    if (this.#wishes.filter(({ done }) => !done).length >= MAX_FETCHES) return null;
    const wanted = this.#looked(holdings) ?? this.#newest(holdings);
    if (wanted === null) return null;
    const wish = { ...wanted, id: ++this.#lastId, done: false };
    this.#wishes.push(wish);
    return wish;
  }

  #looked(holdings: Holdings): Omit<Wish, "id"> | null {
    const { first, end } = holdings;
    const look = this.#look ?? { first: end, last: end, px: 1 };
    const [from, to] = [Math.max(first, look.first), Math.min(end, look.last)];
    const level = levelOf(look, holdings);
    holdings.trim(level, from, to);
    return this.#newestOf(missingIn(holdings, level, from, to), level);
  }

  /** In viewport mode the last row only, unless it has come beside bins: it tells until when there is something. */
  #newest(holdings: Holdings): Omit<Wish, "id"> | null {
    const { here, first, end, viewport } = holdings;
    if (!viewport) return this.#newestOf(here.missing(first, end), 0);
    return holdings.knows(end - 1) ? null : this.#newestOf([[end - 1, end]], 0);
  }

  /** The end of the last of these ranges that is neither on its way nor lost. */
  #newestOf(missing: readonly Span[], level: number): Omit<Wish, "id"> | null {
    const coming = new Spans();
    for (const [first, last] of this.#lostAt(level)) coming.add(first, last);
    for (const wish of this.#wishes) if (wish.level === level) coming.add(wish.first, wish.last);
    for (const [from, to] of missing.toReversed()) {
      const [first, last] = coming.missing(from, to).at(-1) ?? [0, 0];
      const size = FETCH_SIZE * 16 ** level;
      if (last > first)
        return { level, last, first: Math.max(first, Math.floor((last - 1) / size) * size) };
    }
    return null;
  }

  #lostAt(level: number): Spans {
    const lost = this.#lost.get(level) ?? new Spans();
    this.#lost.set(level, lost);
    return lost;
  }
}

/** Rows that are not here, and in no bin of this level either. */
function missingIn({ here, bins }: Holdings, level: number, first: number, last: number): Span[] {
  const missing = here.missing(first, last);
  return level === 0 ? missing : missing.flatMap(([a, b]) => bins.missing(level, a, b));
}

/** With which bins this is looked at; 0 is rows. */
export function levelOf(look: Look, { first, end, viewport }: Holdings): number {
  const rows = Math.min(end, look.last) - Math.max(first, look.first);
  if (!viewport || rows <= MAX_RAW) return 0;
  return Math.min(MAX_LEVEL, Math.max(1, levelFor(rows, look.px)));
}
