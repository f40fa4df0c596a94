/** What charts have made of a feed's rows: each of it is computed once, and goes on with new rows. */
import { Groups } from "./groups";
import type { Holdings } from "./holdings";
import { QuoteBars } from "./quotes";
import { RollingColumn } from "./rolling";
import { type Span, Spans } from "./spans";
import type { Rolling } from "./view";

export class Derived {
  readonly #on: Holdings;
  /** Rows that have been computed with; some are forgotten, and may come again. */
  readonly #seen = new Spans();
  readonly #groups = new Map<string, Groups>();
  readonly #rolling = new Map<string, RollingColumn>();
  readonly #quotes = new Map<string, QuoteBars>();

  constructor(on: Holdings) {
    this.#on = on;
  }

  /** These rows have come. */
  receive(fresh: readonly Span[]): void {
    const { table, first } = this.#on;
    const unseen = fresh.flatMap(([from, to]) => this.#seen.missing(from, to));
    for (const [from, to] of unseen) this.#seen.add(from, to);
    for (const groups of this.#groups.values()) {
      for (const [from, to] of unseen) groups.absorb(table, from, to);
      groups.trim(first);
    }
    for (const column of this.#rolling.values()) {
      column.trim(first);
      column.advance();
    }
  }

  /** Rows were void: begin again with those that are left. */
  clear(): void {
    this.#groups.clear();
    this.#rolling.clear();
    this.#seen.clear();
    for (const [from, to] of this.#on.here) this.#seen.add(from, to);
  }

  groups(every: number, column: number, volume: number): Groups {
    return known(this.#groups, `${every} ${column} ${volume}`, () => {
      const groups = new Groups(every, column, volume);
      for (const [from, to] of this.#on.here) groups.absorb(this.#on.table, from, to);
      return groups;
    });
  }

  rolling(column: number, transform: Rolling): RollingColumn {
    return known(this.#rolling, `${transform.span} ${transform.how} ${column}`, () => {
      const rolling = new RollingColumn(this.#on, column, transform);
      rolling.advance();
      return rolling;
    });
  }

  quotes(columns: readonly number[]): QuoteBars {
    return known(this.#quotes, columns.join(), () => new QuoteBars(this.#on, columns));
  }
}

function known<T>(all: Map<string, T>, key: string, make: () => T): T {
  const found = all.get(key) ?? make();
  all.set(key, found);
  return found;
}
