/** What a replica asks of its shell (`transmit`) and tells its application (all else), in order. */
import type { Closing } from "../protocol/closing";
import type {
  Bytes,
  ClientFrame,
  Event,
  Found,
  LogEntry,
  Notice,
  Refusal,
  Refused,
} from "../protocol/frames";

/** Send these frames in this order; the shell joins them into messages below the limit of M5. */
export interface Transmit {
  type: "transmit";
  frames: ClientFrame[];
}

/** A push that was never sent has the id 0. */
export type RefusedPush = Pick<Refused, "id" | "slug" | "text" | "keys">;

export type SyncNote =
  /** The room let us in; `renumbered` is old to new id of the pushes whose id changed (S8). */
  | {
      type: "welcomed";
      reset: boolean;
      missed: boolean;
      resent: number;
      renumbered: ReadonlyMap<number, number>;
    }
  /** The connection was closed and coming back by itself is pointless (C1). */
  | { type: "ended"; closing: Closing }
  /** The shown values of these keys, or whether they are pending, may have changed. */
  | { type: "state-changed"; keys: string[] }
  /** These shares came, changed or went. */
  | { type: "shares-changed"; names: string[] }
  /** Peers who came, left, or changed. */
  | { type: "people-changed"; joined: string[]; left: string[]; moved: string[] }
  /** The room was locked or unlocked (P10). */
  | { type: "room-changed"; locked: boolean }
  /** New entries at the log's end or (an older page) its start; with `reset`, all it now holds. */
  | { type: "log-grown"; entries: LogEntry[]; reset: boolean }
  /** What the messages at these offsets show may have changed: by somebody's act, or by ours that is not there yet. */
  | { type: "messages-changed"; offsets: number[] }
  /** The relay has searched the log. */
  | { type: "search-answered"; found: Found }
  /** A model's message; each is told once. */
  | { type: "event-received"; event: Event }
  /** The room has every push up to this id that it did not refuse. */
  | { type: "acked"; id: number }
  /** A push, or its part for `refused.keys`, had no effect. */
  | { type: "refused-push"; refused: RefusedPush }
  | { type: "notice-received"; notice: Notice }
  /** Bytes that `needBlob` asked for; their hash is right. */
  | { type: "blob-arrived"; sha256: string; data: Bytes }
  /** The relay does not have these bytes, or sent others. */
  | { type: "blob-missing"; sha256: string };

export type Effect = Transmit | SyncNote;

/** The note for these keys, if there are any. */
export function stateChanged(keys: Iterable<string>): Effect[] {
  const names = [...keys];
  return names.length > 0 ? [{ type: "state-changed", keys: names }] : [];
}

/** The note for a push that is refused here, and never sent. */
export function refused(slug: Refusal, text: string): Effect[] {
  return [{ type: "refused-push", refused: { id: 0, slug, text, keys: [] } }];
}
