/**
 * What widgets send, at the pace that the room takes from one person. Nobody loses the line, and with it the
 * chat, for what a widget does: what is too fast waits, and values that wait are replaced by newer ones.
 */
import type { Clock } from "../connection/clock";
import { Bucket } from "./bucket";

interface SentSet {
  type: "set";
  turn: number;
  values: Record<string, unknown>;
}

export type Sent =
  | SentSet
  | { type: "emit"; model: string; content: unknown; buffers: Uint8Array[] };

/**
 * Under the relay's allowance (120 a second, 400 at once; 2 MiB a second, 20 MiB at once), which chat and
 * pointers need a part of.
 */
const MESSAGES = { perSecond: 90, atOnce: 300 };
const BYTES = { perSecond: 1.5 * (1 << 20), atOnce: 12 * (1 << 20) };
/** Messages that wait. At 90 a second, more come too late to be of use. */
const MAX_WAITING = 300;

/** Counting more of them would hold up the page. */
const MAX_PARTS = 200_000;

export class Pace {
  readonly #clock: Clock;
  readonly #send: (sent: Sent) => void;
  readonly #messages: Bucket;
  readonly #bytes: Bucket;
  #waiting: Sent[] = [];
  #stop: (() => void) | null = null;

  /** `send` gets them in their order. */
  constructor(clock: Clock, send: (sent: Sent) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#messages = new Bucket(MESSAGES, clock.now());
    this.#bytes = new Bucket(BYTES, clock.now());
  }

  /** Sends it now or in its turn; false if there are too many before it, and the message is dropped. */
  push(sent: Sent): boolean {
    const isFull = this.#waiting.length >= MAX_WAITING;
    if (sent.type === "set") this.#add(sent, isFull);
    else if (isFull) return false;
    else this.#waiting.push(sent);
    if (this.#stop === null) this.#run();
    return true;
  }

  /** The last value of a trait is never lost: in a flood it overtakes the messages before it. */
  #add({ turn, values }: SentSet, overtaking: boolean): void {
    const isSet = (one: Sent | undefined): one is SentSet => one?.type === "set";
    const last = overtaking ? this.#waiting.findLast(isSet) : this.#waiting.at(-1);
    if (isSet(last)) {
      last.turn = turn;
      Object.assign(last.values, values);
    } else this.#waiting.push({ type: "set", turn, values: { ...values } });
  }

  /** Forgets what waits. */
  clear(): void {
    this.#stop?.();
    this.#stop = null;
    this.#waiting = [];
  }

  #run(): void {
    this.#stop = null;
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const now = this.#clock.now();
      const wait = Math.max(this.#messages.wait(now), this.#bytes.wait(now));
      if (wait > 0) {
        this.#stop = this.#clock.after(Math.ceil(wait), () => this.#run());
        return;
      }
      this.#waiting.shift();
      this.#messages.take(1);
      this.#bytes.take(sizeOf(next));
      this.#send(next);
    }
  }
}

/** About as many bytes as it has on the wire. What has too many parts, or holds itself, counts as the most. */
function sizeOf(value: unknown): number {
  const open = [value];
  let size = 0;
  for (let parts = 0; open.length > 0; parts += 1) {
    if (parts > MAX_PARTS || size > BYTES.atOnce) return BYTES.atOnce;
    const next = open.pop();
    if (typeof next === "string") size += next.length;
    else if (isBytes(next)) size += next.byteLength;
    else size += 4;
    if (isHolder(next)) for (const inner of Object.values(next)) open.push(inner);
  }
  return size;
}

function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function isHolder(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isBytes(value);
}
