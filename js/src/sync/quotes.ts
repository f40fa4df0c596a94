/** Single entries from before the run that a client holds: what messages in it answer (L5). */
import type { LogEntry, Page, Said } from "../protocol/frames";
import { blanked } from "./messages";

/** Asked for at a time. More would hold up what the reader scrolls for, fewer fill a screen of answers late. */
const AT_ONCE = 4;

export class Quotes {
  readonly #known = new Map<number, LogEntry>();
  /** In the order in which they were wanted; true while the answer is on its way. */
  readonly #wanted = new Map<number, boolean>();

  get(at: number): LogEntry | undefined {
    return this.#known.get(at);
  }

  want(at: number): void {
    if (!this.#wanted.has(at)) this.#wanted.set(at, false);
  }

  /** The pages to ask for now. */
  take(): Page[] {
    const asked = [...this.#wanted.values()].filter((isAsked) => isAsked).length;
    const next = [...this.#wanted.keys()].filter((at) => this.#wanted.get(at) === false);
    return next.slice(0, Math.max(0, AT_ONCE - asked)).map((at) => {
      this.#wanted.set(at, true);
      return { type: "page", before: at + 1, count: 1 };
    });
  }

  /**
   * Take the answer to one of them; its offset, or null if it is none. What it brings tells: live entries and pages
   * forwards are behind the run. A page backwards of one entry may be taken for it; its own answer then comes second,
   * with the same entry, and is taken for that page.
   */
  receive({ entries, reset }: Said): number | null {
    const [entry, ...others] = entries;
    if (reset || entry === undefined || others.length > 0) return null;
    if (this.#wanted.get(entry.at) !== true) return null;
    this.#wanted.delete(entry.at);
    this.#known.set(entry.at, entry);
    return entry.at;
  }

  /** These have been erased: nothing of them is kept (L8). */
  blank(offsets: readonly number[]): void {
    for (const at of offsets) {
      const entry = this.#known.get(at);
      if (entry !== undefined) this.#known.set(at, blanked(entry));
    }
  }

  /** The connection has ended: what was asked for does not come. */
  cut(): void {
    for (const at of this.#wanted.keys()) this.#wanted.set(at, false);
  }
}
