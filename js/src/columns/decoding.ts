/** From bytes to columns. The bytes are hostile until every length in them has been checked. */
import { inflate } from "./inflate";
import { aligned, check, ENTRY_BYTES, HEADER_BYTES, type Head, head, whole } from "./layout";

export type Floats = Float64Array | Float32Array;
export type Column = Floats | string[];

/** Columns own their memory: they are no views of the bytes. */
export interface Decoded extends Head {
  /** Of rows, all; 0 is the time. Of bins, the time of each bin's first row. */
  readonly columns: Map<number, Column>;
  /** Each column's minimum in each bin; of rows, none. */
  readonly low: Map<number, Floats>;
  readonly high: Map<number, Floats>;
}

const CODES = [Uint8Array, Uint16Array, Uint32Array] as const;
const INTEGER = 16;
const SINGLE = 32;

/** The rows or bins, inflated if need be. Rejects with BlockError; 4 MiB are inflated at most. */
export async function decode(bytes: Uint8Array): Promise<Decoded> {
  const about = head(bytes);
  return read(about, about.deflated ? await inflate(bytes, HEADER_BYTES) : bytes);
}

/** The rows or bins, or null if they are deflated: then `decode`. Throws BlockError. */
export function decodeNow(bytes: Uint8Array): Decoded | null {
  const about = head(bytes);
  return about.deflated ? null : read(about, bytes);
}

function read(about: Head, bytes: Uint8Array): Decoded {
  const parts = [
    new Map<number, Column>(),
    new Map<number, Floats>(),
    new Map<number, Floats>(),
  ] as const;
  const [columns, low, high] = parts;
  const payloads = new Payloads(bytes, about);
  for (let index = 0; index < about.entries; index++) {
    const at = HEADER_BYTES + ENTRY_BYTES * index;
    const [column = 0, part = 0] = bytes.subarray(at);
    const values = payloads.values(at);
    const into: Map<number, Column> | undefined = parts[part];
    const inBins = part > 0 ? !Array.isArray(values) : column === 0;
    const fits = about.kind === "bins" ? inBins : part === 0;
    check(fits && into !== undefined && !into.has(column), "bad part");
    into.set(column, values);
  }
  check(payloads.at === bytes.length, "too long");
  check(columns.get(0) instanceof Float64Array, "no time");
  return { ...about, columns, low, high };
}

/** Walks the payloads in order; `at` is where the next one begins. */
class Payloads {
  readonly #bytes: Uint8Array;
  readonly #count: number;
  at: number;

  constructor(bytes: Uint8Array, { count, entries }: Head) {
    this.at = HEADER_BYTES + ENTRY_BYTES * entries;
    this.#bytes = bytes;
    this.#count = count;
  }

  /** Those of the entry at `entry`. */
  values(entry: number): Column {
    const [base = 0] = new Float64Array(aligned(this.#bytes, entry + 4, 8));
    const [codec = 0, arg = 0] = this.#bytes.subarray(entry + 2);
    if (codec < 3) return this.#raw(codec);
    if (codec === 7) return this.#text(arg);
    if (codec === 8 && arg === 0) return new Float64Array(this.#count).fill(base);
    if (codec === 8 && arg === SINGLE) return new Float32Array(this.#count).fill(base);
    if (codec === 8 && arg === INTEGER) return new Float64Array(this.#count).fill(whole(base));
    check(codec < 8 && (arg < 10 || arg === INTEGER) && this.#count > 0, "unknown codec");
    const scale = arg === INTEGER ? 1 : 10 ** arg;
    return this.#summed(codec, whole(base), scale);
  }

  #raw(codec: number): Floats {
    this.at += -this.at & 7;
    if (codec === 1) return new Float32Array(this.#take(4 * this.#count));
    const buffer = this.#take(8 * this.#count);
    if (codec === 0) return new Float64Array(buffer);
    return Float64Array.from(new BigInt64Array(buffer), Number);
  }

  #summed(codec: number, base: number, scale: number): Float64Array {
    const regular = codec === 3;
    const step = regular ? whole(new Float64Array(this.#take(8))[0] ?? 0) : 0;
    const deltas = regular ? new Uint8Array() : this.#codes(codec - 4, this.#count - 1);
    const values = new Float64Array(this.#count);
    let sum = base;
    for (let i = 0; i < values.length; i++) {
      values[i] = sum / scale;
      const zigzag = deltas[i] ?? 0;
      sum += step + ((zigzag >>> 1) ^ -(zigzag & 1));
    }
    return values;
  }

  #text(width: number): string[] {
    const [length = 0] = new Uint32Array(this.#take(4));
    const words = parsed(this.#take(length));
    return Array.from(this.#codes(width, this.#count), (code) => {
      const word = words[code];
      check(word !== undefined, "unknown word");
      return word;
    });
  }

  #codes(width: number, count: number): Uint8Array | Uint16Array | Uint32Array {
    const Codes = CODES[width];
    check(Codes !== undefined, "bad text");
    return new Codes(this.#take(count * Codes.BYTES_PER_ELEMENT));
  }

  #take(size: number): ArrayBuffer {
    this.at += size;
    return aligned(this.#bytes, this.at - size, size);
  }
}

function parsed(json: ArrayBuffer): string[] {
  let words: unknown;
  try {
    words = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch {
    words = null; // not UTF-8, or not JSON
  }
  check(Array.isArray(words) && words.every((word) => typeof word === "string"), "no words");
  return words;
}
