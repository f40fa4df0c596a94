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

/** With name and color cut to what frames hold (P1); a longer one would end the session. */
export function fitted(identity: Identity): Identity {
  const cut = (text: string, length: number): string => [...text].slice(0, length).join("");
  return { ...identity, name: cut(identity.name, 64), color: cut(identity.color, 32) };
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
