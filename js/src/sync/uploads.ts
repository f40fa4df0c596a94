/** Photos on their way to the relay (U1, U2, U3, U7). No clock: times come in. */
import type {
  Absent,
  Bytes,
  Chunk,
  Declined,
  Photo,
  Pull,
  Upload,
  Uploaded,
} from "../protocol/frames";

/** U7: uploads of one person at a time; the relay declines more. */
const AT_ONCE = 3;
/** D10: the most that one chunk carries. */
const CHUNK_BYTES = 256 << 10;
/** U3: the same may work a moment later; after this long, then after twice and four times as long. */
const AGAIN_MS = 2000;
const MOST_TRIES = 3;
const PASSING: ReadonlySet<string> = new Set(["busy", "failed"]);

/** How far one is. `sent` are the bytes that the relay has acknowledged. */
export type UploadState =
  | { phase: "waiting" }
  | { phase: "sending"; sent: number; size: number }
  /** The relay has all of it. */
  | { phase: "cleaning" }
  | { phase: "done"; photo: Photo }
  | { phase: "declined"; slug: string; text: string }
  /** Given up by us. */
  | { phase: "cancelled" };

export type UploadFrame = Upload | Chunk | Absent;

interface Sending {
  data: Bytes;
  state: UploadState;
  /** What the relay had when it last said so; it is shown over a break. */
  sent: number;
  /** How often the relay's workshop could not do it. */
  failed: number;
  /** It is not asked for again before this time. */
  notBefore: number;
}

/**
 * Uploads by the SHA-256 of their bytes, in the order in which they were added.
 *
 * Each method that may change what there is to say returns it; while there is no connection that is nothing,
 * and `receiveOpened` says all of it again.
 */
export class Uploads {
  readonly #sendings = new Map<string, Sending>();
  #open = false;

  /** A new object whenever it changed; undefined for what was never added, or is forgotten. */
  state(blob: string): UploadState | undefined {
    return this.#sendings.get(blob)?.state;
  }

  /** When a `tick` is due; null: not before something else happens. */
  get deadline(): number | null {
    const due = this.#all("waiting").flatMap(({ notBefore }) => (notBefore > 0 ? [notBefore] : []));
    return this.#open && due.length > 0 ? Math.min(...due) : null;
  }

  // What the person wants.

  /** Send these; nothing happens when they are on their way, or there already. */
  add(blob: string, data: Bytes): UploadFrame[] {
    const before = this.#sendings.get(blob)?.state.phase;
    if (before !== undefined && before !== "declined" && before !== "cancelled") return [];
    const state: UploadState = { phase: "waiting" };
    this.#sendings.set(blob, { data, state, sent: 0, failed: 0, notBefore: 0 });
    return this.#ask();
  }

  /** Send again what was declined. */
  retry(blob: string): UploadFrame[] {
    const sending = this.#sendings.get(blob);
    return sending?.state.phase === "declined" ? this.add(blob, sending.data) : [];
  }

  /** Give it up; what is there already stays. */
  cancel(blob: string): UploadFrame[] {
    const sending = this.#sendings.get(blob);
    if (sending === undefined || sending.state.phase === "done") return [];
    const told = this.#open && isAsked(sending);
    sending.state = { phase: "cancelled" };
    return [...(told ? [{ type: "absent", blob } as const] : []), ...this.#ask()];
  }

  /** Nobody asks for its state any more. */
  forget(blob: string): UploadFrame[] {
    const frames = this.cancel(blob);
    this.#sendings.delete(blob);
    return frames;
  }

  // The connection.

  /** We are in the room: ask again for all that the relay had not answered (U2). */
  receiveOpened(): UploadFrame[] {
    this.#open = true;
    for (const sending of this.#sendings.values()) {
      if (isAsked(sending)) sending.state = { phase: "waiting" };
    }
    return this.#ask();
  }

  /** The connection has ended. What is shown stays: the relay keeps what it has (U2). */
  receiveClosed(): void {
    this.#open = false;
  }

  /** The chunks for a pull; null if it is not about an upload. */
  receivePull({ blob, at, count }: Pull): UploadFrame[] | null {
    const sending = this.#sendings.get(blob);
    if (sending === undefined || !isAsked(sending)) return null;
    const { data } = sending;
    if (at > data.length) return [{ type: "absent", blob }];
    const end = Math.min(at + count, data.length);
    const chunks: Chunk[] = [];
    for (let start = at; start < end || chunks.length === 0; start += CHUNK_BYTES) {
      const part = data.subarray(start, Math.min(start + CHUNK_BYTES, end));
      chunks.push({ type: "chunk", blob, at: start, size: data.length, data: part });
    }
    const { length: size } = data;
    sending.sent = at;
    sending.state = end < size ? { phase: "sending", sent: at, size } : { phase: "cleaning" };
    return chunks;
  }

  receiveUploaded({ blob, photo }: Uploaded): UploadFrame[] {
    const sending = this.#sendings.get(blob);
    if (sending === undefined || !isAsked(sending)) return [];
    sending.state = { phase: "done", photo };
    sending.data = new Uint8Array();
    return this.#ask();
  }

  /** What will pass is tried again, a few times; the rest is for the person to decide. */
  receiveDeclined({ blob, slug, text }: Declined, now: number): UploadFrame[] {
    const sending = this.#sendings.get(blob);
    if (sending === undefined || !isAsked(sending)) return [];
    if (PASSING.has(slug) && sending.failed < MOST_TRIES) {
      sending.state = { phase: "waiting" };
      sending.notBefore = now + AGAIN_MS * 2 ** sending.failed;
      sending.failed += 1;
    } else sending.state = { phase: "declined", slug, text };
    return this.#ask();
  }

  /** The time of `deadline` has come. */
  tick(now: number): UploadFrame[] {
    for (const sending of this.#all("waiting")) {
      if (sending.notBefore <= now) sending.notBefore = 0;
    }
    return this.#ask();
  }

  #ask(): UploadFrame[] {
    if (!this.#open) return [];
    const asked: Upload[] = [];
    let free = AT_ONCE - [...this.#sendings.values()].filter(isAsked).length;
    for (const [blob, sending] of this.#sendings) {
      if (free <= 0) break;
      if (sending.state.phase !== "waiting" || sending.notBefore > 0) continue;
      const { length: size } = sending.data;
      sending.state = { phase: "sending", sent: sending.sent, size };
      asked.push({ type: "upload", blob, size });
      free -= 1;
    }
    return asked;
  }

  #all(phase: UploadState["phase"]): Sending[] {
    return [...this.#sendings.values()].filter(({ state }) => state.phase === phase);
  }
}

/** Whether the relay knows of it, and has not answered. */
function isAsked({ state }: Sending): boolean {
  return state.phase === "sending" || state.phase === "cleaning";
}
