/**
 * The relay proves that it knows our ticket before it gets it (PROTOCOL.md A8).
 *
 * A port on this machine may by now belong to another program, or to another person's.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { digest } from "../lib/hash";

/** The MAC that only a relay with this ticket can give for `nonce`, in hex. */
export function expectedProof(ticket: string, nonce: string): string {
  const key = digest(utf8ToBytes(ticket));
  return bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(nonce)));
}
