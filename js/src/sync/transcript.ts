/** The part of a room's log that a client holds: one run without gaps (L2, L3). */
import type { LogEntry, Page, Position, Said } from "../protocol/frames";

/** Entries per page while catching up: the most that `page` admits. */
const CATCH_UP = 200;

/** What a `said` brought: entries that are new in the run, and the page that its gap needs. */
export interface Grown {
  entries: LogEntry[];
  page: Page | null;
}

/** Entries in order. Live entries that do not continue them are put aside until pages have filled the gap. */
export class Transcript {
  entries: readonly LogEntry[] = [];
  older = false;
  #epoch: string | null = null;
  #aside = new Map<number, LogEntry>();
  #paging = false;
  #pagingBack = false;

  /** Where the entries end, or null while there are none. */
  get position(): Position | null {
    const last = this.entries.at(-1);
    return this.#epoch === null || last === undefined ? null : [this.#epoch, last.at];
  }

  /** The connection has ended: pages that were asked for do not come, live entries come again. */
  cut(): void {
    this.#aside.clear();
    this.#paging = false;
    this.#pagingBack = false;
  }

  /** A welcome names the epoch; whether it made everything void. */
  open(epoch: string): boolean {
    const changed = epoch !== this.#epoch;
    const isVoid = changed && this.entries.length > 0;
    if (changed) {
      this.entries = [];
      this.older = false;
    }
    this.#epoch = epoch;
    return isVoid;
  }

  /** Ask for older entries, unless there are none or they are on their way. */
  pageBack(count: number): Page | null {
    const first = this.entries[0];
    if (!this.older || first === undefined || this.#pagingBack) return null;
    this.#pagingBack = true;
    return { type: "page", before: first.at, count };
  }

  receive(said: Said): Grown {
    if (said.reset) {
      this.entries = said.entries;
      this.older = said.older;
      this.cut();
      return { entries: said.entries, page: this.#nextPage(said.more) };
    }
    if (this.#isOlder(said)) {
      this.#pagingBack = false;
      this.older = said.older;
      this.entries = [...said.entries, ...this.entries];
      return { entries: said.entries, page: null };
    }
    return this.#receiveNewer(said);
  }

  #receiveNewer(said: Said): Grown {
    const first = said.entries[0];
    if (first === undefined) {
      this.#paging = false;
      return { entries: [], page: null };
    }
    if (first.at <= this.#next()) this.#paging = false;
    for (const entry of said.entries) {
      if (entry.at >= this.#next()) this.#aside.set(entry.at, entry);
    }
    const grown: LogEntry[] = [];
    for (let at = this.#next(); ; at += 1) {
      const entry = this.#aside.get(at);
      if (entry === undefined) break;
      this.#aside.delete(at);
      grown.push(entry);
    }
    this.entries = [...this.entries, ...grown];
    return { entries: grown, page: this.#nextPage(said.more) };
  }

  #next(): number {
    return (this.entries.at(-1)?.at ?? 0) + 1;
  }

  #isOlder(said: Said): boolean {
    const first = this.entries[0];
    if (!this.#pagingBack || first === undefined) return false;
    return said.entries.length === 0 || said.entries.at(-1)?.at === first.at - 1;
  }

  #nextPage(more: boolean): Page | null {
    if (this.#paging || !(more || this.#aside.size > 0)) return null;
    this.#paging = true;
    return { type: "page", after: this.#next() - 1, count: CATCH_UP };
  }
}
