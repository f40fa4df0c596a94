/** Chat lines arranged for reading: days, messages of one person together, where the new ones begin. */
import type { ChatLine } from "../client";
import { dayOf } from "./days";

/** Milliseconds of silence after which a person's name is shown again. */
const PAUSE_MS = 5 * 60_000;

export interface Row {
  line: ChatLine;
  /** First of its day. */
  day: boolean;
  /** First of a run of messages by one person. */
  head: boolean;
  /** The first that has not been read. */
  fresh: boolean;
}

/** The first line that has not been read, if `unread` lines of others are new; 0 if there is none. */
export function firstUnread(lines: readonly ChatLine[], unread: number): number {
  const others = lines.filter(({ mine }) => !mine);
  return (unread > 0 ? others.at(-Math.min(unread, others.length)) : undefined)?.id ?? 0;
}

/** The lines as rows; `freshId` is the line that the new ones begin with, or 0. */
export function arrange(lines: readonly ChatLine[], freshId: number): Row[] {
  return lines.map((line, at) => {
    const before = lines[at - 1];
    const day = before === undefined || dayOf(before.timeMs) !== dayOf(line.timeMs);
    const fresh = line.id === freshId;
    const run =
      before !== undefined && before.by === line.by && line.timeMs - before.timeMs < PAUSE_MS;
    return { line, day, head: day || fresh || !run, fresh };
  });
}

/** The line of this entry, or null if it is not here. Those that are in the log come first, in order. */
export function lineOf(lines: readonly ChatLine[], id: number): ChatLine | null {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = lines[middle]?.id ?? 0;
    if (here > 0 && here < id) low = middle + 1;
    else high = middle;
  }
  const found = lines[low];
  return found?.id === id ? found : null;
}
