/** What a client tells about itself, and when: a newcomer needs little of it, and nobody needs more than 20 a second. */
type About = Record<string, unknown>;

/** Milliseconds between two tellings. 20 Hz: a pointer looks alive, a room of 50 does not drown. */
const INTERVAL_MS = 50;

/** Where many are, the relay tells everybody less often (P2): to tell it more than that is of no use. */
const INTERVAL_MS_PER_PERSON = 0.4;
const MAX_INTERVAL_MS = 100;

/** What moves, and is for eyes only: it waits while nobody looks, or while we do not. */
const FOR_EYES: ReadonlySet<string> = new Set(["pointer", "cursor", "view", "typing"]);

/** The entries of `about` that have changed, until they are told together. */
export class Telling {
  #news: About = {};
  /** The entries that others hold. */
  readonly #told = new Set<string>();
  #freeAtMs = Number.NEGATIVE_INFINITY;

  /** What is true of us from now on; null takes an entry away. The same value again is told again: it is renewed. */
  say(about: About): void {
    for (const [entry, value] of Object.entries(about)) {
      if (value === null && !this.#told.has(entry)) delete this.#news[entry];
      else this.#news[entry] = value;
    }
  }

  /**
   * What to tell at `nowMs`, where so many `people` are; null for nothing. Until the interval is over there is
   * nothing; what is for eyes waits for `seen`, but that an entry has gone is told in any case.
   */
  take(nowMs: number, seen: boolean, people = 1): About | null {
    const due = this.#due(seen);
    if (due.length === 0 || nowMs < this.#freeAtMs) return null;
    for (const [entry, value] of due) {
      delete this.#news[entry];
      if (value === null) this.#told.delete(entry);
      else this.#told.add(entry);
    }
    const crowded = Math.min(people * INTERVAL_MS_PER_PERSON, MAX_INTERVAL_MS);
    this.#freeAtMs = nowMs + Math.max(INTERVAL_MS, crowded);
    return Object.fromEntries(due);
  }

  /** Milliseconds until `take` has something; null if that is not before something happens. */
  wait(nowMs: number, seen: boolean): number | null {
    return this.#due(seen).length === 0 ? null : Math.max(0, this.#freeAtMs - nowMs);
  }

  #due(seen: boolean): [string, unknown][] {
    const all = Object.entries(this.#news);
    return all.filter(([entry, value]) => seen || value === null || !FOR_EYES.has(entry));
  }
}
