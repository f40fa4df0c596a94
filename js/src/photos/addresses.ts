/** Addresses of bytes that came over the connection: made once, kept while somebody shows them. */
import type { Photo } from "../protocol/frames";

/** Addresses that nobody shows, kept for who scrolls back. Each holds its bytes: 50 photos are about 10 MB. */
const SPARE = 50;

interface Made {
  address: Promise<string>;
  users: number;
}

export class Addresses {
  readonly #pull: (sha256: string) => Promise<Uint8Array>;
  readonly #made = new Map<string, Made>();

  constructor(pull: (sha256: string) => Promise<Uint8Array>) {
    this.#pull = pull;
  }

  /** Good until `signal` is aborted. Rejects when the room does not have these bytes. */
  borrow(sha256: string, mime: Photo["mime"], signal: AbortSignal): Promise<string> {
    const made = this.#made.get(sha256) ?? { address: this.#make(sha256, mime), users: 0 };
    // The one that was used last is the last to go.
    this.#made.delete(sha256);
    this.#made.set(sha256, made);
    made.users += 1;
    signal.addEventListener("abort", () => this.#returned(made), { once: true });
    return made.address;
  }

  async #make(sha256: string, mime: Photo["mime"]): Promise<string> {
    try {
      const data = await this.#pull(sha256);
      return URL.createObjectURL(new Blob([new Uint8Array(data)], { type: mime }));
    } catch (error) {
      this.#made.delete(sha256); // the next one who asks may be luckier
      throw error;
    }
  }

  #returned(made: Made): void {
    made.users -= 1;
    const unused = [...this.#made].filter(([, { users }]) => users <= 0);
    for (const [sha256, { address }] of unused.slice(0, Math.max(0, unused.length - SPARE))) {
      this.#made.delete(sha256);
      void address.then((url) => URL.revokeObjectURL(url));
    }
  }
}
