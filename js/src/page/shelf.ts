/**
 * Code that this browser has had before, by its hash: plotly's megabytes are not fetched again at each reload.
 *
 * What is put there is compared with its hash when it is taken, so nothing that another page of this address
 * has written is ever run. Only code goes there, no values: what a host has shown is not kept.
 */
const NAME = "cowidget-code";
/** Bundles. A room has a handful; more fill a phone, fewer make rooms push out each other's. */
const MOST = 30;

export class Shelf {
  readonly #caches: CacheStorage | undefined;

  /** Without a secure context there is no such storage, and everything is fetched. */
  constructor(storage: CacheStorage | undefined = globalThis.caches) {
    this.#caches = storage;
  }

  /** The bytes with this hash: from the shelf, else fetched, and kept for the next time. */
  async get(sha256: string, fetched: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const cache = await this.#open();
    const kept = await this.#read(cache, sha256);
    if (kept !== null) return kept;
    const data = await fetched();
    void this.#keep(cache, sha256, data);
    return data;
  }

  async #open(): Promise<Cache | null> {
    try {
      return (await this.#caches?.open(NAME)) ?? null;
    } catch {
      return null; // forbidden by the browser's settings: then there is no shelf
    }
  }

  async #read(cache: Cache | null, sha256: string): Promise<Uint8Array | null> {
    try {
      const found = await cache?.match(address(sha256));
      if (found === undefined) return null;
      const data = new Uint8Array(await found.arrayBuffer());
      return (await digestOf(data)) === sha256 ? data : null;
    } catch {
      return null; // what cannot be read is fetched
    }
  }

  async #keep(cache: Cache | null, sha256: string, data: Uint8Array): Promise<void> {
    if (cache === null) return;
    try {
      await cache.put(address(sha256), new Response(new Uint8Array(data)));
      const kept = await cache.keys(); // oldest first
      await Promise.all(kept.slice(0, -MOST).map((old) => cache.delete(old)));
    } catch (error) {
      console.warn("cowidget: code is not kept for the next visit", error); // the disk is full
    }
  }
}

/** The browser's own digest: wherever there is such a storage, there is that, and it is faster than ours. */
async function digestOf(data: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function address(sha256: string): string {
  return `/cowidget-code/${sha256}`;
}
