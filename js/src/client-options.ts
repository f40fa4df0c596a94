/** What an application gives to a client, and what it is told about itself. */
import type { Clock } from "./connection/clock";
import type { Hints } from "./connection/hints";
import type { Dial } from "./connection/link";
import type { Memory } from "./memory";
import type { Kind, Role } from "./protocol/frames";

export interface ClientOptions {
  room: string;
  kind: Kind;
  name: string;
  color: string;
  dial: Dial;
  /** Secret or ticket, asked for per attempt; may be empty when a proof is known. */
  credential: () => Promise<string>;
  memory: Memory;
  /** Where this room's photos are served to this page; empty where they come over the connection. */
  photos?: string;
  instance?: string;
  /** Time, chance and the page's hints; tests bring their own. */
  clock?: Clock;
  hints?: Hints;
}

export interface Self {
  peer: string;
  role: Role;
  name: string;
  color: string;
}
