/** The part of a room's log that a client holds: one run without gaps (L2, L3). */
import type { Body, LogEntry, Page, Position, Push, Said } from "../protocol/frames";
import { blanked, isAct, type Message, Messages } from "./messages";
import type { Effect, SyncNote } from "./notes";
import { Quotes } from "./quotes";

/** Entries per page while catching up: the most that `page` admits. */
const CATCH_UP = 200;

/** What a `said` brought: entries that are new in the run, and the page that its gap needs. */
interface Grown {
  entries: LogEntry[];
  page: Page | null;
}

/** Entries in order. Live entries that do not continue them are put aside until pages have filled the gap. */
export class Transcript {
  entries: readonly LogEntry[] = [];
  older = false;
  #messages = new Messages();
  #quotes = new Quotes();
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
    this.#quotes.cut();
    this.#paging = false;
    this.#pagingBack = false;
  }

  /** A welcome names the epoch; the note where it makes everything void. */
  open(epoch: string): SyncNote[] {
    const changed = epoch !== this.#epoch;
    const isVoid = changed && this.entries.length > 0;
    if (changed) {
      this.entries = [];
      this.older = false;
      this.#forget();
    }
    this.#epoch = epoch;
    return isVoid ? [{ type: "log-grown", entries: [], reset: true }] : [];
  }

  /** Ask for older entries, unless there are none or they are on their way. */
  pageBack(count: number): Page[] {
    const first = this.entries[0];
    if (!this.older || first === undefined || this.#pagingBack) return [];
    this.#pagingBack = true;
    return [{ type: "page", before: first.at, count }];
  }

  // What messages answer that is before the run.

  /** As it is now; undefined while it is not here, null where nothing can come. */
  quoted(at: number): Message | null | undefined {
    if (this.#epoch === null && at > 0) return undefined;
    const [first] = this.entries;
    if (first === undefined || at >= first.at || at <= 0) return null;
    const entry = this.#quotes.get(at);
    if (entry !== undefined) return this.#messages.amended(entry);
    return this.older ? undefined : null;
  }

  /** Have it asked for, unless it is here. */
  quote(at: number): void {
    if (this.quoted(at) === undefined) this.#quotes.want(at);
  }

  /** The pages that quotes need now. */
  quotePages(): Page[] {
    return this.#quotes.take();
  }

  // Entries that come.

  /** Which of them are new in the run, and what is to be told and asked. */
  receive(said: Said): { entries: LogEntry[]; effects: Effect[] } {
    const quote = this.#quotes.receive(said);
    if (quote !== null) {
      if (this.quoted(quote)?.erased) this.#quotes.blank([quote]); // heard while it was on its way
      return { entries: [], effects: [{ type: "messages-changed", offsets: [quote] }] };
    }
    const { reset } = said;
    const { entries, page } = reset ? this.#begin(said) : this.#grow(said);
    const effects: Effect[] = [];
    if (entries.length > 0 || reset) effects.push({ type: "log-grown", entries, reset });
    if (!reset) effects.push(...this.changed(entries.map(({ body }) => body)));
    if (page !== null) effects.push({ type: "transmit", frames: [page] });
    return { entries, effects };
  }

  #begin(said: Said): Grown {
    this.entries = said.entries;
    this.older = said.older;
    this.#forget();
    this.#blank(this.#messages.add(said.entries));
    this.cut();
    return { entries: [...this.entries], page: this.#nextPage(said.more) };
  }

  #grow(said: Said): Grown {
    if (!this.#isOlder(said)) return this.#receiveNewer(said);
    this.#pagingBack = false;
    this.older = said.older;
    this.entries = [...said.entries, ...this.entries];
    this.#blank(this.#messages.add(said.entries, true));
    return { entries: this.entries.slice(0, said.entries.length), page: null };
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
    const held = this.entries.length;
    this.entries = [...this.entries, ...grown];
    this.#blank(this.#messages.add(grown));
    return { entries: this.entries.slice(held), page: this.#nextPage(said.more) };
  }

  /** The messages as they are after all acts, those of these pushes of ours included. */
  shown(peer: string, pushes: readonly Push[]): Message[] {
    const bodies = pushes.flatMap((push) => (push.type === "post" ? [push.body] : []));
    return this.#messages.shown(peer, bodies.filter(isAct));
  }

  /** The note for the messages that acts among these bodies are about, if any are held. */
  changed(bodies: readonly Body[]): SyncNote[] {
    const about = bodies.filter(isAct).map(({ entry }) => entry);
    const offsets = [...new Set(about)].filter((at) => this.#messages.has(at));
    return offsets.length > 0 ? [{ type: "messages-changed", offsets }] : [];
  }

  #forget(): void {
    this.#messages = new Messages();
    this.#quotes = new Quotes();
  }

  #blank(gone: readonly number[]): void {
    this.#quotes.blank(gone);
    const first = this.entries[0]?.at ?? 0;
    if (!gone.some((at) => at >= first)) return;
    const offsets = new Set(gone);
    this.entries = this.entries.map((entry) => (offsets.has(entry.at) ? blanked(entry) : entry));
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
