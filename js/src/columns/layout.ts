/** The header of a block, and what is wrong with bytes that are none. */

export const HEADER_BYTES = 24;
export const ENTRY_BYTES = 12;
/** Rows times entries: 16 MiB once decoded. A constant column is short however many rows it has. */
const MAX_CELLS = 1 << 21;

export interface Head {
  readonly kind: "rows" | "bins";
  readonly level: number;
  readonly first: number;
  readonly count: number;
  readonly sent: number;
  readonly entries: number;
  readonly deflated: boolean;
}

/** These bytes are no block. */
export class BlockError extends Error {}

/** Throws unless it `holds`. */
export function check(holds: boolean, text: string): asserts holds {
  if (!holds) throw new BlockError(text);
}

/** The number, which must be an integer that is exact. */
export function whole(value: number): number {
  check(Number.isSafeInteger(value), "no integer");
  return value + 0; // not -0
}

/** A copy, because bytes may begin anywhere in their buffer, and typed arrays may not. Both are little-endian. */
export function aligned(bytes: Uint8Array, from: number, size: number): ArrayBuffer {
  check(from + size <= bytes.length, "too short");
  return new Uint8Array(bytes.subarray(from, from + size)).buffer;
}

/** What a block is about. Throws BlockError if it claims what no block may; the rest is not looked at. */
export function head(bytes: Uint8Array): Head {
  const buffer = aligned(bytes, 0, HEADER_BYTES);
  const [kind = 0, flags = 0, entries = 0, level = 0] = bytes;
  const [, count = 0] = new Uint32Array(buffer);
  const [, first = -1, sent = 0] = new Float64Array(buffer);
  const rows = kind === 1;
  const known = rows ? level === 0 : kind === 2 && level > 0 && level < 7;
  check(known && flags < 2 && whole(first) >= 0 && Number.isFinite(sent), "bad header");
  check(entries > 0 && count * entries <= MAX_CELLS, "too large");
  return { kind: rows ? "rows" : "bins", level, first, count, sent, entries, deflated: flags > 0 };
}
