/** Who a client is, and what it keeps of that over a reload. */
import type { Bytes, Kind, Push } from "../protocol/frames";

/** `instance` tells two lives of one peer apart (S7). */
export interface Identity {
  room: string;
  kind: Kind;
  instance: string;
  name: string;
  color: string;
}

/** With name and color as frames hold them (P1); others would end the session. No color is the relay's choice. */
export function fitted(identity: Identity): Identity {
  const name = [...wellFormed(identity.name)].slice(0, 64).join("");
  return { ...identity, name, color: /^#[0-9a-f]{6}$/i.test(identity.color) ? identity.color : "" };
}

/** Text that has a UTF-8: a lone surrogate is half of an emoji that was cut in two. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** `tried` counts the pushes, from the first, that were sent at least once. */
export interface Stored {
  instance: string;
  peer: string;
  proof: string;
  lastId: number;
  tried: number;
  pushes: Push[];
  blobs: Record<string, Bytes>;
}
