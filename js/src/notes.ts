/** What a client tells its application. */
import type { Found } from "./protocol/frames";
import type { Effect } from "./sync/notes";

export type Note =
  | { type: "status" }
  /** `moved`: who told something about themselves, perhaps again the same. */
  | { type: "people"; moved?: readonly string[] }
  /** The room was locked or unlocked. */
  | { type: "room" }
  | { type: "shares" }
  | { type: "chat" }
  /** The relay has searched the chat. */
  | { type: "found"; found: Found }
  /** The shown values of these keys changed, own optimistic ones included. */
  | { type: "state"; keys: string[] }
  /** A model's message; with `trait`, a value of it. `count` numbers those that it is made of, or is 0 (E4). */
  | {
      type: "event";
      model: string;
      content: unknown;
      buffers: Uint8Array[];
      by: string;
      trait: string;
      count: number;
    }
  | { type: "refused"; id: number; slug: string; text: string; keys: string[] }
  | { type: "notice"; slug: string; text: string; key: string; allow: string; peer: string }
  /** Welcomed again after a break. */
  | { type: "resumed"; reset: boolean; missed: boolean; sent: number };

/** The notes that an effect of the replica is by itself. */
export function notesOf(effect: Effect): Note[] {
  switch (effect.type) {
    case "state-changed":
      return [{ type: "state", keys: effect.keys }];
    case "shares-changed":
      return [{ type: "shares" }];
    case "people-changed":
      return [{ type: "people", moved: effect.moved }];
    case "room-changed":
      return [{ type: "room" }];
    case "log-grown":
    case "messages-changed":
      return [{ type: "chat" }];
    case "search-answered":
      return [{ type: "found", found: effect.found }];
    case "event-received": {
      const { model, content, buffers, by, trait, count } = effect.event;
      return [{ type: "event", model, content, buffers, by, trait, count }];
    }
    case "refused-push": {
      const { id, slug, text, keys } = effect.refused;
      return [{ type: "refused", id, slug, text, keys }, { type: "chat" }];
    }
    case "notice-received": {
      const { slug, text, key, allow, peer } = effect.notice;
      return [{ type: "notice", slug, text, key, allow, peer }];
    }
    default:
      return [];
  }
}
