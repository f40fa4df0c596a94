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
