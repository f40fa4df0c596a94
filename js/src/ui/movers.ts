/** Who has just changed something in a share (D2: a value names its author). */
import type { KeyState, Share } from "../protocol/frames";
import type { Shown } from "./persons";

export interface Mover {
  share: string;
  peer: string;
  name: string;
  color: string;
}

/** The part of the client that tells who wrote what. */
export interface Written {
  state(key: string): KeyState | undefined;
  shares(): readonly Share[];
}

export class Movers {
  readonly #client: Written;
  readonly #versions = new Map<string, number>();

  constructor(client: Written) {
    this.#client = client;
  }

  /** What changed since we know these keys, by somebody else who is here: the last one of each share. */
  receive(keys: readonly string[], persons: readonly Shown[]): Mover[] {
    const movers = new Map<string, Mover & { version: number }>();
    const shares = new Set(this.#client.shares().map(({ name }) => name));
    for (const key of keys) {
      const [share = ""] = key.split("/", 1);
      const state = this.#client.state(key);
      if (state === undefined) this.#versions.delete(key);
      if (state === undefined || !shares.has(share) || !this.#isNews(key, state.version)) continue;
      const person = persons.find(({ peers, mine }) => !mine && peers.includes(state.by));
      if (person === undefined || (movers.get(share)?.version ?? 0) > state.version) continue;
      const { peer, name, color } = person;
      movers.set(share, { share, peer, name, color, version: state.version });
    }
    return [...movers.values()].map(({ version: _, ...mover }) => mover);
  }

  #isNews(key: string, version: number): boolean {
    const known = this.#versions.get(key);
    this.#versions.set(key, version);
    return known !== undefined && version > known;
  }
}
