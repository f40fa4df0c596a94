/** A number for rows that does not depend on how they were cut into blocks. */
import type { Column } from "./decoding";

/** The checksum of rows from `first` on, added to that of others: a u32, equal for equal rows in any blocks. */
export function checksum(first: number, columns: ReadonlyMap<number, Column>, crc = 0): number {
  let sum = crc;
  for (const [column, values] of columns) {
    const halves = Array.isArray(values) ? ofText(values) : ofNumbers(values);
    const mixed = Math.imul(column + 1, 0x85ebca77);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === "" || Number.isNaN(value)) continue;
      let h = (Math.imul(first + i, 0x9e3779b1) + mixed) ^ (halves[2 * i] ?? 0);
      h = Math.imul(h, 0xc2b2ae3d);
      h = Math.imul(h ^ (h >>> 15) ^ (halves[2 * i + 1] ?? 0), 0x27d4eb2f);
      h = Math.imul(h ^ (h >>> 13), 0x165667b1);
      sum = (sum + (h ^ (h >>> 16))) | 0;
    }
  }
  return sum >>> 0;
}

function ofNumbers(values: Float64Array | Float32Array): Uint32Array {
  return new Uint32Array(new Float64Array(values).buffer);
}

/** For each word its FNV-1a and its length, both of its UTF-8. */
function ofText(words: readonly string[]): Uint32Array {
  const known = new Map<string, readonly number[]>();
  const halves = new Uint32Array(2 * words.length);
  for (const [i, word] of words.entries()) {
    const found = known.get(word) ?? hashed(new TextEncoder().encode(word));
    known.set(word, found);
    halves.set(found, 2 * i);
  }
  return halves;
}

function hashed(bytes: Uint8Array): readonly number[] {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return [hash, bytes.length];
}
