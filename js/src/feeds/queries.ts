/** What a chart asks of a feed beside its points. */
import type { FeedSpec } from "../protocol/frames";
import type { Holdings } from "./holdings";
import { type Drawable, levelFor } from "./paint";
import type { At, Row } from "./view";

/** Rows that are looked at on either side for one that has a value. */
const REACH = 4096;
/** Pixels, as far as an axis needs them. */
const COARSE = 64;

/** The number of a column, 0 being the time; -1 if there is none of this name. */
export function columnOf(spec: FeedSpec | null, name: string): number {
  const at = spec?.columns.findIndex((column) => column.name === name) ?? -1;
  return at < 0 ? -1 : at + 1;
}

/** The row nearest to `t` that is here and has a value. */
export function nearest(on: Holdings, column: number, t: number): At | null {
  const row = on.search(t);
  const [before, after] = [valued(on, column, row - 1, -1), valued(on, column, row, 1)];
  if (before < 0 && after < 0) return null;
  const nearer = t - on.time(before) <= on.time(after) - t;
  const found = after < 0 || (before >= 0 && nearer) ? before : after;
  return { row: found, t: on.table.time(found), value: cell(on, found, column) };
}

/** The newest rows in `[from, to]` that are here, at most `limit` of them, oldest first. */
export function* newestRows(on: Holdings, from: number, to: number, limit: number): Generator<Row> {
  const found: number[] = [];
  for (let row = on.end - 1; row >= on.first && found.length < limit; row -= 1) {
    row = on.knows(row) ? row : on.here.before(row);
    const t = row < on.first ? Number.NEGATIVE_INFINITY : on.table.time(row);
    if (t < from) break;
    if (t > to) row = on.search(to) + 1 < row ? on.search(to) + 1 : row;
    else found.push(row);
  }
  for (const row of found.reverse()) {
    const values = on.spec.columns.map((_, n) => cell(on, row, n + 1));
    yield { row, t: on.table.time(row), values };
  }
}

/** The extremes of a column between two times; null without any. */
export function rangeOf(
  on: Drawable,
  column: number,
  from: number,
  to: number,
): [low: number, high: number] | null {
  const [first, last] = [on.search(from), on.search(to) + 1];
  const { table, bins } = on;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (least: number, most: number): void => {
    if (least < low) low = least;
    if (most > high) high = most;
  };
  const want = Math.max(1, levelFor(last - first, COARSE));
  for (let row = first; row < Math.min(last, on.end); ) {
    const run = Math.min(on.here.run(row), last);
    if (run > row) {
      table.fold(column, row, run);
      take(table.low, table.high);
      row = run;
      continue;
    }
    const level = bins?.levelOf(row, want) ?? 0;
    if (bins !== null && level > 0) {
      take(bins.low(level, row, column), bins.high(level, row, column));
      row = Math.min(on.here.next(row), (Math.floor(row / 16 ** level) + 1) * 16 ** level);
    } else row = Math.min(on.here.next(row), bins?.next(row) ?? last);
  }
  return low <= high ? [low, high] : null;
}

function valued(on: Holdings, column: number, from: number, step: number): number {
  for (
    let row = from, left = REACH;
    left > 0 && row >= on.first && row < on.end;
    left -= 1, row += step
  ) {
    if (on.knows(row) && !Number.isNaN(on.table.value(row, column))) return row;
  }
  return -1;
}

function cell({ table }: Holdings, row: number, column: number): number | string {
  const value = table.value(row, column);
  const words = table.words[column];
  return words ? ([...words.keys()][value] ?? "") : value;
}
