/**
 * The events that add up to what a model shows, each once and in order (E4).
 *
 * The room's keys include the first `$events` of them, `$journal` holds those of these that are messages, and
 * what has come since then is kept: a view that is drawn now is brought up to date with both.
 */
import type { Message } from "./messages";

/**
 * An owner writes `$events` anew soon after each event. Of one that does not, later views lack the oldest;
 * without a bound, a room that is left open for days fills the browser.
 */
const MAX_SINCE = 5000;
/** Events that wait for a missing one. The keys that are waited for include them, so that older ones may go. */
const MAX_HELD = 1000;

/** What became of the room's word on how many events its keys include. */
export interface Included {
  /** The keys are ahead of the views, which must be drawn anew. */
  stale: boolean;
  /** What comes next, in order. */
  due: Message[];
}

export class Succession {
  #included = 0;
  #applied = 0;
  #journal: Message[] = [];
  #since: Message[] = [];
  readonly #held = new Map<number, Message>();

  /** What is to be applied now: the message, those that waited for it, or nothing. */
  receive(message: Message): Message[] {
    if (message.count === 0) return [message];
    if (message.count <= this.#applied) return [];
    this.#held.set(message.count, message);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
    return this.#advance();
  }

  /**
   * The keys include the first `count` events.
   *
   * `afresh`: the share is described anew, with all that its owner has. When that is less than we have, it is
   * another owner's numbering, such as a restarted kernel's.
   */
  include(count: number, afresh: boolean): Included {
    const restarted = count < this.#included || (afresh && count < this.#applied);
    const stale = restarted || this.isAhead(count);
    if (restarted) this.#held.clear();
    if (stale) this.#applied = count;
    this.#included = count;
    this.#since = restarted ? [] : this.#since.filter((message) => message.count > count);
    for (const held of [...this.#held.keys()]) if (held <= count) this.#held.delete(held);
    return { stale, due: this.#advance() };
  }

  /** Whether keys that include `count` events could not be reached by events. */
  isAhead(count: number): boolean {
    return count > this.#applied || count < this.#included;
  }

  /** The messages among the included events: `$journal`. What is no list of them is none. */
  keep(journal: unknown): void {
    this.#journal = Array.isArray(journal) ? journal.filter(isEntry).map(toMessage) : [];
  }

  /** What brings a view that was drawn from the keys up to date. */
  replay(): Message[] {
    return [...this.#journal, ...this.#since];
  }

  #advance(): Message[] {
    const due: Message[] = [];
    for (;;) {
      const next = this.#held.get(this.#applied + 1);
      if (next === undefined) break;
      this.#applied += 1;
      this.#held.delete(this.#applied);
      due.push(next);
    }
    this.#since = [...this.#since, ...due].slice(-MAX_SINCE);
    return due;
  }
}

type Entry = [content: unknown, buffers: Uint8Array[]];

function isEntry(entry: unknown): entry is Entry {
  return Array.isArray(entry) && entry.length === 2 && Array.isArray(entry[1]);
}

function toMessage([content, buffers]: Entry): Message {
  return { content, buffers, trait: "", count: 0 };
}
