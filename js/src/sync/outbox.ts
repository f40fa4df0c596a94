/** A client's pushes from the moment they are made until the room has them (S3, S4, S8). */
import type { Change, Push } from "../protocol/frames";
import { PUSH_BYTES } from "./packing";

/**
 * Pushes on their way at once. More: a slow line is filled with values that are old when they arrive, where
 * they could have been joined here. Fewer: a fast drag (60 a second) waits for a far relay (1 s).
 */
export const WINDOW = 64;

/** As many as `set` admits. */
export const MOST_CHANGES = 1000;

/** One push on its way. */
interface Outgoing {
  push: Push;
  /** The inline bytes of a set's keys. */
  sizes: ReadonlyMap<string, number>;
  /** It was sent at least once, so the relay may know its id. */
  tried: boolean;
  /** It was sent over the present connection. */
  inFlight: boolean;
}

/** Pushes in the order of their ids; those that were sent come before those that were not. */
export class Outbox {
  #lastId = 0;
  #waiting: Outgoing[] = [];

  get lastId(): number {
    return this.#lastId;
  }

  get pushes(): Push[] {
    return this.#waiting.map(({ push }) => push);
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** How many, from the first, were sent at least once. */
  get tried(): number {
    return this.#waiting.filter(({ tried }) => tried).length;
  }

  /** Take over what another life of this client left behind. */
  restore(lastId: number, pushes: readonly Push[], tried: number): void {
    this.#lastId = lastId;
    this.#waiting = pushes.map((push, n) => outgoing(push, new Map(), n < tried));
  }

  /** Append the push that `make` returns for its id; the id. */
  add(make: (id: number) => Push, sizes: ReadonlyMap<string, number> = new Map()): number {
    this.#lastId += 1;
    this.#waiting.push(outgoing(make(this.#lastId), sizes, false));
    return this.#lastId;
  }

  /**
   * Put changes into the last push: its id, or null unless that is an unsent set with room for them.
   * Only the last one: an earlier set would move before the pushes between.
   */
  merge(changes: readonly Change[], sizes: ReadonlyMap<string, number>): number | null {
    const last = this.#waiting.at(-1);
    if (last === undefined || last.tried || last.push.type !== "set") return null;
    const all = [...last.push.changes, ...changes];
    const joined = new Map(all.map((change) => [change.key, change]));
    const total = new Map([...last.sizes, ...sizes]);
    const bytes = [...total.values()].reduce((sum, size) => sum + size, 0);
    if (joined.size > MOST_CHANGES || bytes > PUSH_BYTES) return null;
    last.push = { ...last.push, changes: [...joined.values()] };
    last.sizes = total;
    return last.push.id;
  }

  /** What to send now, within the window. */
  take(): Push[] {
    const flying = this.#waiting.filter(({ inFlight }) => inFlight).length;
    const taken = this.#waiting
      .filter(({ inFlight }) => !inFlight)
      .slice(0, Math.max(WINDOW - flying, 0));
    for (const each of taken) each.tried = each.inFlight = true;
    return taken.map(({ push }) => push);
  }

  /** Forget the pushes up to an id; these. */
  acknowledge(upTo: number): Push[] {
    const done = this.pushes.filter(({ id }) => id <= upTo);
    this.#waiting = this.#waiting.filter(({ push }) => push.id > upTo);
    return done;
  }

  /** Forget one push, or its changes for `keys`. */
  drop(id: number, keys: readonly string[] = []): void {
    const n = this.#waiting.findIndex(({ push }) => push.id === id);
    const found = this.#waiting[n];
    if (found === undefined) return;
    const rest = without(found.push, keys);
    if (rest === null) this.#waiting.splice(n, 1);
    else found.push = rest;
  }

  /** The connection has ended: all of it is to be sent again. */
  cut(): void {
    for (const each of this.#waiting) each.inFlight = false;
  }

  /**
   * Forget what the welcome acknowledges and number the rest: old to new ids where they differ.
   *
   * Under another peer all ids are free again (S8). Under the same one only those of pushes that were
   * never sent: they follow what the relay has, even when a restored outbox knew less than it.
   */
  resume(acked: number, samePeer: boolean): Map<number, number> {
    const known = ({ push, tried }: Outgoing): boolean => samePeer && tried && push.id <= acked;
    this.#waiting = this.#waiting.filter((each) => !known(each));
    const fixed = this.#waiting.filter(({ tried }) => tried && samePeer);
    this.#lastId = Math.max(acked, ...fixed.map(({ push }) => push.id));
    const renumbered = new Map<number, number>();
    for (const each of this.#waiting.filter((each) => !fixed.includes(each))) {
      this.#lastId += 1;
      if (each.push.id !== this.#lastId) {
        renumbered.set(each.push.id, this.#lastId);
        each.push = { ...each.push, id: this.#lastId };
      }
    }
    return renumbered;
  }

  /** The blobs that waiting pushes name. */
  blobs(): Set<string> {
    return new Set(this.pushes.flatMap(blobsOf));
  }
}

function outgoing(push: Push, sizes: ReadonlyMap<string, number>, tried: boolean): Outgoing {
  return { push, sizes, tried, inFlight: false };
}

function blobsOf(push: Push): string[] {
  if (push.type !== "set") return [];
  return push.changes.flatMap(({ blob }) => (blob ? [blob] : []));
}

function without(push: Push, keys: readonly string[]): Push | null {
  if (push.type !== "set" || keys.length === 0) return null;
  const changes = push.changes.filter(({ key }) => !keys.includes(key));
  return changes.length > 0 ? { ...push, changes } : null;
}
