/** Values that every store, subprotocol and language can carry (M4). */
import { pack } from "../lib/msgpack";
import type { Bytes } from "../protocol/frames";

const MAX_DEPTH = 64;

/** MessagePack would lose what is in these, or write them as an extension type. */
const OTHERS = new Set(["[object Date]", "[object Map]", "[object Set]"]);

/** The MessagePack of a value that everybody can read. Throws a `TypeError` that says why when it is none. */
export function packPortable(value: unknown): Bytes {
  check(value, 0);
  return pack(value);
}

function check(value: unknown, depth: number): void {
  if (typeof value === "string") checkText(value);
  if (typeof value === "bigint")
    throw new TypeError("A BigInt cannot travel; send a number or text.");
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(`A ${typeof value} cannot travel.`);
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  if (depth === MAX_DEPTH) {
    throw new TypeError(`A value of more than ${MAX_DEPTH} levels cannot travel.`);
  }
  const kind = Object.prototype.toString.call(value);
  if (OTHERS.has(kind)) throw new TypeError(`A ${kind.slice(8, -1)} cannot travel.`);
  if (!Array.isArray(value)) Object.keys(value).forEach(checkText);
  for (const inner of Object.values(value)) check(inner, depth + 1);
}

// A lone surrogate has no UTF-8: an emoji that was cut in two.
function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("Text with half a character cannot travel.");
}
