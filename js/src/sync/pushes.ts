/** What a client still has to tell its room: its pushes, with the values that they show and the blobs that they name. */
import type { Push, Refused } from "../protocol/frames";
import type { Stored } from "./identity";
import type { Effect } from "./notes";
import { MOST_CHANGES, Outbox } from "./outbox";
import { type Packed, packValues } from "./packing";
import type { View } from "./view";

/** Our pushes until the room has them. The view shows their values and offers their blobs as long. */
export class Pushes {
  readonly #view: View;
  readonly #outbox = new Outbox();
  #acked = 0;

  constructor(view: View) {
    this.#view = view;
  }

  get size(): number {
    return this.#outbox.size;
  }

  /** Those that the room has not acknowledged, in order; the one made last has the highest id. */
  get waiting(): Push[] {
    return this.#outbox.pushes;
  }

  /** The highest id that was given to a push. */
  get lastId(): number {
    return this.#outbox.lastId;
  }

  /** How many, from the first, were sent at least once. */
  get tried(): number {
    return this.#outbox.tried;
  }

  /** Take over what another life of this client left behind. */
  restore({ lastId, tried, pushes, blobs }: Stored): void {
    this.#view.blobs.offer(Object.entries(blobs));
    this.#outbox.restore(lastId, pushes, tried);
    this.#view.restore(pushes);
  }

  // New ones, and their way out.

  /** Set keys together and show them: one push, or several when there are very many keys. Throws as `packValues`. */
  set(entries: readonly (readonly [string, unknown])[]): void {
    const parts: (readonly [string, unknown])[][] = [];
    for (let n = 0; n < entries.length; n += MOST_CHANGES) {
      parts.push(entries.slice(n, n + MOST_CHANGES));
    }
    for (const [part, packed] of parts.map((part) => [part, packValues(part)] as const)) {
      this.#view.put(this.#queueSet(packed), part);
    }
  }

  /** Append the push that `make` returns for its id. */
  add(make: (id: number) => Push): void {
    this.#outbox.add(make);
  }

  /** What to send now. */
  take(): Push[] {
    return this.#outbox.take();
  }

  /** The connection has ended: all of it is to be sent again. */
  cut(): void {
    this.#outbox.cut();
  }

  // What becomes of them.

  /** The room has let us in, and has the pushes up to an id: old to new ids where they differ, and the notes. */
  resume(acked: number, samePeer: boolean): [ReadonlyMap<number, number>, Effect[]] {
    const first = this.#outbox.pushes[0]?.id ?? this.#outbox.lastId + 1;
    const renumbered = this.#outbox.resume(acked, samePeer);
    const effects: Effect[] = [];
    if (samePeer) this.#view.renumber(renumbered);
    else {
      this.#acked = 0;
      effects.push(...this.#view.beginAnew(first, renumbered));
    }
    this.#settleBlobs();
    if (acked > this.#acked) effects.push({ type: "acked", id: acked });
    this.#acked = acked;
    return [renumbered, effects];
  }

  /** The room has the pushes up to an id; these. */
  acknowledge(upTo: number): Push[] {
    const done = this.#outbox.acknowledge(upTo);
    this.#settleBlobs();
    this.#acked = Math.max(this.#acked, upTo);
    return done;
  }

  /** The room has shown that it has this push. */
  forget(id: number): void {
    this.#outbox.drop(id);
  }

  /** The room does not take a push, or its part for some keys: show what it has instead. */
  refuse({ id, keys }: Pick<Refused, "id" | "keys">): Effect[] {
    this.#outbox.drop(id, keys);
    this.#settleBlobs();
    return this.#view.withdraw(id, keys);
  }

  #queueSet({ changes, sizes, blobs }: Packed): number {
    this.#view.blobs.offer(blobs);
    const merged = this.#outbox.merge(changes, sizes);
    if (merged === null) return this.#outbox.add((id) => ({ type: "set", id, changes }), sizes);
    this.#settleBlobs();
    return merged;
  }

  #settleBlobs(): void {
    if (this.#view.blobs.offered.size > 0) this.#view.blobs.settle(this.#outbox.blobs());
  }
}
