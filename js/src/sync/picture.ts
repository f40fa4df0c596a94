/** The room's state as a client has it: shares, keys and their values (D7). */
import { equal } from "../lib/equal";
import type { KeyState, Patch, Position, Share } from "../protocol/frames";

/** What a patch changed: keys in their order without repetition, and names of shares. */
export interface Difference {
  keys: Set<string>;
  shares: Set<string>;
}

/**
 * What patches have said so far.
 *
 * A reset does not empty it: what it held is stale, and goes when the last patch of the catch-up has not
 * brought it again. So nothing flickers, and a catch-up that is cut off goes on where it was.
 */
export class Picture {
  readonly shares = new Map<string, Share>();
  readonly states = new Map<string, KeyState>();
  position: Position | null = null;
  caughtUp = false;
  #epoch = "";
  #goal = 0;
  readonly #values = new Map<string, unknown>();
  /** Key to the blob that is its value. */
  readonly #awaited = new Map<string, string>();
  #staleKeys = new Set<string>();
  #staleShares = new Set<string>();

  /**
   * The room stands at a position; patches bring us there. Whether it is another epoch than before:
   * what we hold of another epoch has no position in this one.
   */
  welcome([epoch, at]: Position): boolean {
    const changed = epoch !== this.#epoch;
    if (changed) this.position = null;
    this.#epoch = epoch;
    this.#goal = at;
    this.caughtUp = this.position !== null && this.position[1] >= at;
    return changed;
  }

  /** Apply a patch in the order of D7. */
  receive(patch: Patch): Difference {
    const changed: Difference = { keys: new Set(), shares: new Set() };
    if (patch.reset) {
      this.#staleKeys = new Set(this.states.keys());
      this.#staleShares = new Set(this.shares.keys());
    }
    for (const name of patch.gone) this.#remove(name, changed);
    for (const share of patch.shares) this.#putShare(share, changed);
    for (const state of patch.keys) this.#put(state, changed);
    this.position = [this.#epoch, patch.at];
    this.caughtUp = !patch.more && patch.at >= this.#goal;
    if (!patch.more) this.#sweep(changed);
    return changed;
  }

  /** An event is in the state's sequence; when nothing before it is missing, we stand there now. */
  passEvent(at: number): void {
    if (this.caughtUp && this.position !== null && at > this.position[1]) {
      this.position = [this.#epoch, at];
    }
  }

  // Values: inline ones come with their state, others when their blob is here.

  /** Whether there is a value to show, perhaps that before the one on its way. */
  hasValue(key: string): boolean {
    return this.#values.has(key);
  }

  /** The value to show; undefined when there is none. */
  value(key: string): unknown {
    return this.#values.get(key);
  }

  /** The value of the key's present state has arrived. */
  fill(key: string, value: unknown): void {
    this.#values.set(key, value);
    this.#awaited.delete(key);
  }

  /** The blobs that values wait for, each with its keys. */
  missing(): Map<string, string[]> {
    const blobs = new Map<string, string[]>();
    for (const [key, blob] of this.#awaited) blobs.set(blob, [...(blobs.get(blob) ?? []), key]);
    return blobs;
  }

  /** Whether the value of the key's present state is still on its way. */
  awaits(key: string): boolean {
    return this.#awaited.has(key);
  }

  /** The blob of the key is no value: what was shown stays. */
  abandon(key: string): void {
    this.#awaited.delete(key);
  }

  #put(state: KeyState, changed: Difference): void {
    const known = this.states.get(state.key);
    this.#staleKeys.delete(state.key);
    this.states.set(state.key, state);
    if (state.blob === null) this.fill(state.key, state.value);
    else if (known?.blob !== state.blob) this.#awaited.set(state.key, state.blob);
    if (known?.version !== state.version || !equal(known, state)) changed.keys.add(state.key);
  }

  #putShare(share: Share, changed: Difference): void {
    this.#staleShares.delete(share.name);
    if (equal(this.shares.get(share.name), share)) return;
    this.shares.set(share.name, share);
    changed.shares.add(share.name);
  }

  #remove(name: string, changed: Difference): void {
    // Share names have no slash, keys always do (D1).
    if (name.includes("/")) {
      this.#values.delete(name);
      this.#awaited.delete(name);
      if (this.states.delete(name)) changed.keys.add(name);
      return;
    }
    if (this.shares.delete(name)) changed.shares.add(name);
    for (const key of [...this.states.keys()]) {
      if (key.startsWith(`${name}/`)) this.#remove(key, changed);
    }
  }

  #sweep(changed: Difference): void {
    for (const name of [...[...this.#staleKeys].sort(), ...[...this.#staleShares].sort()]) {
      if (this.states.has(name) || this.shares.has(name)) this.#remove(name, changed);
    }
    this.#staleKeys.clear();
    this.#staleShares.clear();
  }
}
