/** What a client shows: the room's state as patches and blobs bring it, under its own values (D7, D8, D10). */
import { equal } from "../lib/equal";
import { unpack } from "../lib/msgpack";
import type {
  Absent,
  Bytes,
  Change,
  Chunk,
  KeyState,
  Patch,
  Position,
  Push,
} from "../protocol/frames";
import { Blobs } from "./blobs";
import { type Effect, stateChanged } from "./notes";
import { DELETED, Overlay } from "./overlay";
import { Picture } from "./picture";

/** Keys with the value to show. A value whose blob is still on its way shows the one before it. */
export class View {
  readonly picture = new Picture();
  readonly blobs = new Blobs();
  readonly #overlay = new Overlay();
  /** Blobs that the application asked for. */
  readonly #needed = new Set<string>();
  /** Own values up to this id go when we are caught up. */
  #released = 0;

  // What is shown.

  /** Our own value until the room has it, then the room's; undefined when there is none. */
  value(key: string): unknown {
    if (!this.#overlay.has(key)) return this.picture.value(key);
    const own = this.#overlay.shown(key);
    return own === DELETED ? undefined : own;
  }

  /** The keys that have a value to show, sorted. */
  keys(prefix: string): string[] {
    const own = [...this.#overlay.keys()].filter((key) => this.#overlay.shown(key) !== DELETED);
    const room = [...this.picture.states.keys()].filter(
      (key) => !this.#overlay.has(key) && this.picture.hasValue(key),
    );
    return [...own, ...room].filter((key) => key.startsWith(prefix)).sort();
  }

  /** Whether our own value of this key is shown because the room may not have it. */
  outstanding(key: string): boolean {
    return this.#overlay.has(key);
  }

  /** What the room holds for a key, whatever we show. */
  state(key: string): KeyState | undefined {
    return this.picture.states.get(key);
  }

  // Our own values.

  /** Show the values of push `id`. */
  put(id: number, values: Iterable<readonly [string, unknown]>): void {
    this.#overlay.put(id, values);
  }

  /** Show the values of pushes from another life; their blobs are offered already. */
  restore(pushes: readonly Push[]): void {
    for (const push of pushes) {
      if (push.type !== "set") continue;
      this.#overlay.put(
        push.id,
        push.changes.map((change) => [change.key, this.#ownValue(change)] as const),
      );
    }
  }

  /** The room has the pushes up to an id: show its values again, once the patches that hold ours are here. */
  release(upTo = 0): Effect[] {
    this.#released = Math.max(this.#released, upTo);
    if (!this.picture.caughtUp) return [];
    const uncovered = [...this.#overlay.release(this.#released)];
    return stateChanged(
      uncovered.filter(([key, own]) => !this.#agrees(key, own)).map(([key]) => key),
    );
  }

  /** A push, or its part for `keys`, was refused: fall back. */
  withdraw(id: number, keys: readonly string[]): Effect[] {
    return stateChanged(this.#overlay.withdraw(id, keys));
  }

  /** We are another peer: only the pushes from id `first` on are ours to show, under new ids. */
  beginAnew(first: number, renumbered: ReadonlyMap<number, number>): Effect[] {
    this.#released = 0;
    const uncovered = this.#overlay.release(first - 1);
    this.#overlay.renumber(renumbered);
    return stateChanged(uncovered.keys());
  }

  /** Follow the outbox when ids change. */
  renumber(renumbered: ReadonlyMap<number, number>): void {
    this.#overlay.renumber(renumbered);
  }

  // What the room brings.

  /** The room stands at a position. Whether that is another epoch than before. */
  welcome(state: Position): boolean {
    const changed = this.picture.welcome(state);
    for (const sha256 of this.picture.missing().keys()) this.blobs.want(sha256);
    return changed;
  }

  /** The newest state of keys and shares. */
  receivePatch(patch: Patch): Effect[] {
    const changed = this.picture.receive(patch);
    const touched = new Set([...changed.keys, ...this.#fill()]);
    const keys = [...touched].filter((key) => !this.#overlay.has(key) && !this.picture.awaits(key));
    const effects = [...stateChanged(keys), ...this.release()];
    if (changed.shares.size === 0) return effects;
    return [{ type: "shares-changed", names: [...changed.shares] }, ...effects];
  }

  /** A part of a blob; the last one brings values, or what the application asked for. */
  receiveChunk(chunk: Chunk): Effect[] {
    const arrived = this.blobs.receiveChunk(chunk);
    if (arrived === null) return [];
    const { sha256, data } = arrived;
    if (data === null) return this.#miss(sha256);
    const effects = stateChanged(this.#fill().filter((key) => !this.#overlay.has(key)));
    if (this.#needed.delete(sha256)) effects.push({ type: "blob-arrived", sha256, data });
    return effects;
  }

  /** The relay does not have a blob; the next welcome asks again for those of values. */
  receiveAbsent({ blob }: Absent): Effect[] {
    if (!this.blobs.wanted(blob)) return [];
    this.blobs.forget(blob);
    return this.#miss(blob);
  }

  /** The application wants these bytes. */
  needBlob(sha256: string): Effect[] {
    const data = this.blobs.get(sha256);
    if (data !== undefined) return [{ type: "blob-arrived", sha256, data }];
    this.#needed.add(sha256);
    this.blobs.want(sha256);
    return [];
  }

  #agrees(key: string, own: unknown): boolean {
    if (!this.picture.hasValue(key)) return own === DELETED;
    return own !== DELETED && !this.picture.awaits(key) && equal(this.picture.value(key), own);
  }

  /** Give values whose blobs are here to their keys; stop pulling what nothing waits for any more. */
  #fill(): string[] {
    const filled: string[] = [];
    for (const [sha256, keys] of this.picture.missing()) {
      const data = this.blobs.get(sha256);
      if (data === undefined) this.blobs.want(sha256);
      else filled.push(...keys.filter((key) => this.#fillKey(key, data)));
    }
    this.blobs.wantOnly(new Set([...this.#needed, ...this.picture.missing().keys()]));
    return filled;
  }

  #fillKey(key: string, data: Bytes): boolean {
    try {
      this.picture.fill(key, unpack(data));
      return true;
    } catch {
      // The bytes are as their author sent them, and no MessagePack: nothing better will come.
      this.picture.abandon(key);
      return false;
    }
  }

  #miss(sha256: string): Effect[] {
    this.#needed.delete(sha256);
    return [{ type: "blob-missing", sha256 }];
  }

  #ownValue(change: Change): unknown {
    if (change.deleted) return DELETED;
    const data = change.blob ? this.blobs.get(change.blob) : undefined;
    return data === undefined ? change.value : unpack(data);
  }
}
