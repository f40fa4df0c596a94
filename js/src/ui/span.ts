/** The part of a long conversation that is in the document: a few screens around where the reader is. */
import type { ChatLine } from "../client";

/** Rows. Fewer come to an end while somebody scrolls fast; more make each new message slow on a phone. */
export const MOST = 240;
/** Rows to begin with: more than the highest window shows. */
const FIRST = 80;
/** Rows that are put in at an end which the reader comes near to: more at once are felt while scrolling. */
const STEP = 40;

type Lines = readonly Pick<ChatLine, "id">[];

/** From the line `first` on; `last` is a line too, or infinite to go along with what comes. */
export interface Span {
  first: number;
  last: number;
}

/** The newest lines. */
export function newest(lines: Lines): Span {
  return { first: idAt(lines, lines.length - FIRST), last: Number.POSITIVE_INFINITY };
}

/** As many before a line as after it. */
export function around(lines: Lines, id: number): Span {
  const at = indexOf(lines, id);
  return spanOf(lines, at - MOST / 2, at + MOST / 2);
}

/** The lines from `from` up to `to` are in the document. */
export function boundsOf(lines: Lines, { first, last }: Span): [from: number, to: number] {
  const found = indexOf(lines, first);
  // After another life of the room, its offsets begin anew.
  const from = found < lines.length ? found : Math.max(0, lines.length - FIRST);
  const to = last === Number.POSITIVE_INFINITY ? lines.length : indexOf(lines, last) + 1;
  // At the end the oldest rows go; elsewhere what came is not put in before the reader gets there.
  return to === lines.length && last === Number.POSITIVE_INFINITY
    ? [Math.max(from, to - MOST), to]
    : [from, Math.min(to, from + MOST)];
}

export function earlier(lines: Lines, span: Span): Span {
  const [from, to] = boundsOf(lines, span);
  return spanOf(lines, from - STEP, Math.min(to, from - STEP + MOST));
}

export function later(lines: Lines, span: Span): Span {
  const [from, to] = boundsOf(lines, span);
  return spanOf(lines, Math.max(from, to + STEP - MOST), to + STEP);
}

/** Where the reader stays when lines come at the end. */
export function held(lines: Lines, span: Span): Span {
  const [from, to] = boundsOf(lines, span);
  return { first: idAt(lines, from), last: idAt(lines, to - 1) };
}

function spanOf(lines: Lines, from: number, to: number): Span {
  const last = to >= lines.length ? Number.POSITIVE_INFINITY : idAt(lines, to - 1);
  return { first: idAt(lines, from), last };
}

function idAt(lines: Lines, at: number): number {
  return lines[Math.max(0, Math.min(at, lines.length - 1))]?.id ?? 0;
}

/** Of the first line that does not come before this one; what is not in the log yet comes last. */
function indexOf(lines: Lines, id: number): number {
  if (id < 0) return lines.findLastIndex((line) => line.id > 0) + 1;
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = lines[middle]?.id ?? 0;
    if (here > 0 && here < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
