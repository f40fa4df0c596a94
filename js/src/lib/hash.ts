import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** About 2 ms of work on a slow phone; less makes the whole take longer, more is felt. */
const SLICE = 128 << 10;

/** The SHA-256 of bytes in hex. Not `crypto.subtle`: a page on `http://<LAN address>` has none. */
export function digest(data: Uint8Array): string {
  return bytesToHex(sha256(data));
}

/** The same in slices, with a pause between two of them. */
export async function digestInSlices(
  data: Uint8Array,
  pause: () => Promise<void>,
): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < data.length; at += SLICE) {
    if (at > 0) await pause();
    hash.update(data.subarray(at, at + SLICE));
  }
  return bytesToHex(hash.digest());
}
