/** A client's blobs: what it offers until the room has it, what it pulls, what it keeps (D9, D10). */
import { digest } from "../lib/hash";
import type { Absent, Bytes, Chunk, Pull } from "../protocol/frames";

/** D10: the most that one chunk carries. */
const CHUNK_BYTES = 256 << 10;

/** D10: bytes that may be asked for and not yet here. */
const PULL_WINDOW_BYTES = 1 << 20;

/** The cache: more lets a page with many pictures eat a phone's memory, less pulls them again. */
const KEPT = 64 << 20;

/** One blob on its way. `size` is unknown until its first chunk. */
interface Download {
  size: number | null;
  asked: number;
  received: number;
  pieces: Uint8Array[];
}

/** What a chunk completed: `data` is null if the bytes were not those of the hash. */
export interface Arrived {
  sha256: string;
  data: Bytes | null;
}

/** Offered, kept and arriving bytes by SHA-256. Chunks of one connection arrive in the order of the pulls. */
export class Blobs {
  readonly #limit: number;
  #offered = new Map<string, Bytes>();
  #kept = new Map<string, Bytes>();
  #keptBytes = 0;
  #downloads = new Map<string, Download>();

  constructor(limit: number = KEPT) {
    this.#limit = limit;
  }

  /** What pushes of ours name. */
  get offered(): ReadonlyMap<string, Bytes> {
    return this.#offered;
  }

  /** The bytes, if they are here. */
  get(sha256: string): Bytes | undefined {
    const offered = this.#offered.get(sha256);
    if (offered !== undefined) return offered;
    const kept = this.#kept.get(sha256);
    if (kept !== undefined) {
      this.#kept.delete(sha256);
      this.#kept.set(sha256, kept);
    }
    return kept;
  }

  // What we offer.

  /** Hold these until `settle` says that nobody needs them from us. */
  offer(blobs: Iterable<readonly [string, Bytes]>): void {
    for (const [sha256, data] of blobs) this.#offered.set(sha256, data);
  }

  /** Offer only what is still needed; the rest may stay in the cache. */
  settle(needed: ReadonlySet<string>): void {
    for (const [sha256, data] of [...this.#offered]) {
      if (needed.has(sha256)) continue;
      this.#offered.delete(sha256);
      this.#keep(sha256, data);
    }
  }

  /** The answer to a pull of the relay. */
  receivePull({ blob, at, count }: Pull): (Chunk | Absent)[] {
    const data = this.get(blob);
    if (data === undefined || at > data.length) return [{ type: "absent", blob }];
    const end = Math.min(at + count, data.length);
    const chunks: Chunk[] = [];
    for (let start = at; start < end || chunks.length === 0; start += CHUNK_BYTES) {
      const part = data.subarray(start, Math.min(start + CHUNK_BYTES, end));
      chunks.push({ type: "chunk", blob, at: start, size: data.length, data: part });
    }
    return chunks;
  }

  // What we pull.

  /** Begin to pull; `pulls` says what to send. */
  want(sha256: string): void {
    if (this.#downloads.has(sha256)) return;
    this.#downloads.set(sha256, { size: null, asked: 0, received: 0, pieces: [] });
  }

  /** Whether it is on its way. */
  wanted(sha256: string): boolean {
    return this.#downloads.has(sha256);
  }

  /** Stop pulling; chunks that still come are ignored. */
  forget(sha256: string): void {
    this.#downloads.delete(sha256);
  }

  /** Stop pulling what is not needed any more. */
  wantOnly(needed: ReadonlySet<string>): void {
    for (const sha256 of [...this.#downloads.keys()]) if (!needed.has(sha256)) this.forget(sha256);
  }

  /** The connection has ended: what was asked for does not come. What is here stays. */
  cut(): void {
    for (const download of this.#downloads.values()) download.asked = download.received;
  }

  /** The pulls that fit into what may be outstanding, oldest download first. */
  pulls(): Pull[] {
    const pulls: Pull[] = [];
    let free = PULL_WINDOW_BYTES;
    for (const { asked, received } of this.#downloads.values()) free -= asked - received;
    for (const [blob, download] of this.#downloads) {
      while (free >= CHUNK_BYTES && isOpen(download)) {
        pulls.push({ type: "pull", blob, at: download.asked, count: CHUNK_BYTES });
        const rest = download.size === null ? CHUNK_BYTES : download.size - download.asked;
        const count = Math.min(CHUNK_BYTES, rest);
        download.asked += count;
        free -= count;
      }
    }
    return pulls;
  }

  /** Take bytes; what they completed. */
  receiveChunk(chunk: Chunk): Arrived | null {
    const download = this.#downloads.get(chunk.blob);
    if (download === undefined || chunk.at !== download.received) return null;
    download.size = chunk.size;
    download.pieces.push(chunk.data);
    download.received += chunk.data.length;
    const goesOn = chunk.data.length > 0 && chunk.size <= this.#limit;
    if (download.received < chunk.size && goesOn) return null;
    this.forget(chunk.blob);
    const data = joined(download);
    if (digest(data) !== chunk.blob) return { sha256: chunk.blob, data: null };
    this.#keep(chunk.blob, data);
    return { sha256: chunk.blob, data };
  }

  #keep(sha256: string, data: Bytes): void {
    if (this.#kept.has(sha256) || data.length > this.#limit) return;
    this.#kept.set(sha256, data);
    this.#keptBytes += data.length;
    for (const [oldest, dropped] of this.#kept) {
      if (this.#keptBytes <= this.#limit) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= dropped.length;
    }
  }
}

function isOpen({ size, asked }: Download): boolean {
  return size === null ? asked === 0 : asked < size;
}

function joined({ pieces, received }: Download): Bytes {
  const whole = new Uint8Array(received);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
