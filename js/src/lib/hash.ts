import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** The SHA-256 of bytes in hex. Not `crypto.subtle`: a page on `http://<LAN address>` has none. */
export function digest(data: Uint8Array): string {
  return bytesToHex(sha256(data));
}
