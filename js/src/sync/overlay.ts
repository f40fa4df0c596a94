/** A client's own values that the room has not confirmed; they are shown over the room's (D8). */

/** Instead of a value: the key goes. */
export const DELETED: unique symbol = Symbol("deleted");

interface Own {
  id: number;
  value: unknown;
}

/** Own values per key, oldest first; the last one is shown. */
export class Overlay {
  #own = new Map<string, Own[]>();

  has(key: string): boolean {
    return this.#own.has(key);
  }

  keys(): Iterable<string> {
    return this.#own.keys();
  }

  /** The newest own value; undefined when there is none. */
  shown(key: string): unknown {
    return this.#own.get(key)?.at(-1)?.value;
  }

  /** Show these values of push `id`; a value that the same push had before is replaced. */
  put(id: number, values: Iterable<readonly [string, unknown]>): void {
    for (const [key, value] of values) {
      const own = (this.#own.get(key) ?? []).filter((known) => known.id !== id);
      this.#own.set(key, [...own, { id, value }]);
    }
  }

  /** Forget the values of pushes up to an id: the keys that nothing covers any more, with the last value. */
  release(upTo: number): Map<string, unknown> {
    return this.#drop(this.#own.keys(), (own) => own.id <= upTo);
  }

  /** Forget what push `id` had for `keys` (none: all): the keys whose shown value changed by it. */
  withdraw(id: number, keys: readonly string[]): string[] {
    const names = keys.length > 0 ? keys : [...this.#own.keys()];
    const changed = names.filter((key) => this.#own.get(key)?.at(-1)?.id === id);
    this.#drop(names, (own) => own.id === id);
    return changed;
  }

  /** Follow the outbox when ids change. */
  renumber(ids: ReadonlyMap<number, number>): void {
    for (const [key, own] of this.#own) {
      this.#own.set(
        key,
        own.map(({ id, value }) => ({ id: ids.get(id) ?? id, value })),
      );
    }
  }

  #drop(keys: Iterable<string>, which: (own: Own) => boolean): Map<string, unknown> {
    const uncovered = new Map<string, unknown>();
    for (const key of [...keys]) {
      const own = this.#own.get(key) ?? [];
      const kept = own.filter((each) => !which(each));
      if (kept.length > 0) this.#own.set(key, kept);
      else if (this.#own.delete(key)) uncovered.set(key, own.at(-1)?.value);
    }
    return uncovered;
  }
}
