/** How values travel: inside the frame, or as a blob beside it (M5). */
import { digest } from "../lib/hash";
import type { Bytes, Change, Failed } from "../protocol/frames";
import { wellFormed } from "./identity";
import { DELETED } from "./overlay";
import { packPortable } from "./portable";

/** M5. Larger values would stall the small ones behind them; smaller blobs cost a round trip each. */
const MAX_INLINE_BYTES = 64 << 10;

/** Inline bytes of one push: half of what a message may have, so that keys and frame fit in any encoding. */
export const PUSH_BYTES = 512 << 10;

/** The inline limit in a push that would be over PUSH_BYTES: a push has at most 1000 changes. */
const CROWDED_INLINE_BYTES = 512;

/** M5: a message of a model with its buffers, so that its frame fits a JSON message in base64 too. */
export const MAX_EMIT_BYTES = 720 << 10;

/** Characters of a failure's text and of its model, as `failed` admits. */
const MAX_FAILURE = 1000;
const MAX_MODEL = 512;

/** Changes ready for a push, the inline bytes of each key, and the blobs that they name. */
export interface Packed {
  changes: Change[];
  sizes: Map<string, number>;
  blobs: Map<string, Bytes>;
}

/** Changes for these values; `DELETED` removes a key. Throws when a value cannot travel. */
export function packValues(values: readonly (readonly [string, unknown])[]): Packed {
  const encoded = values.map(
    ([key, value]) => [key, value, value === DELETED ? null : packPortable(value)] as const,
  );
  const limit = inlineLimit(encoded.map(([, , data]) => data?.length ?? 0));
  const packed: Packed = { changes: [], sizes: new Map(), blobs: new Map() };
  for (const [key, value, data] of encoded) {
    packed.changes.push(change(packed, key, value, data, limit));
    packed.sizes.set(key, data === null || data.length > limit ? 0 : data.length);
  }
  return packed;
}

/** A failure as its frame holds it; null for a model that no frame names. */
export function packFailure(model: string, phase: Failed["phase"], text: string): Failed | null {
  if (model === "" || [...model].length > MAX_MODEL) return null;
  const cut = [...wellFormed(text)].slice(0, MAX_FAILURE).join("");
  return { type: "failed", model: wellFormed(model), phase, text: cut };
}

function change(
  packed: Packed,
  key: string,
  value: unknown,
  data: Bytes | null,
  limit: number,
): Change {
  if (data === null) return { key, deleted: true };
  if (data.length <= limit) return { key, value };
  const blob = digest(data);
  packed.blobs.set(blob, data);
  return { key, blob, size: data.length };
}

function inlineLimit(sizes: readonly number[]): number {
  const inline = sizes
    .filter((size) => size <= MAX_INLINE_BYTES)
    .reduce((total, size) => total + size, 0);
  return inline <= PUSH_BYTES ? MAX_INLINE_BYTES : CROWDED_INLINE_BYTES;
}
