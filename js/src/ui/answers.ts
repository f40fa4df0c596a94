/** What the host's kernel answers to its panels: events without a model, which nobody else can send us. */
import type { Note } from "../client";

/** The link to pass on, and who can open it; an empty link was withdrawn. */
export type LinkAnswer = { type: "link"; link: string; reach: string };
/** Guests may do what a notice was about; `word` belongs into `allow=`. */
export type AllowedAnswer = { type: "allowed"; word: string };
export type FailedAnswer = { type: "failed"; text: string };
export type Answer = LinkAnswer | AllowedAnswer | FailedAnswer;

/** The answer in an event, or null if it is none. */
export function answerIn({ model, content }: Extract<Note, { type: "event" }>): Answer | null {
  if (model !== "" || typeof content !== "object" || content === null) return null;
  const { link, reach, allowed, failed } = content as Record<string, unknown>;
  if (typeof link === "string" && /^(https?:\/\/|$)/.test(link)) {
    return { type: "link", link, reach: typeof reach === "string" ? reach : "" };
  }
  if (typeof allowed === "string") return { type: "allowed", word: allowed };
  if (typeof failed === "string") return { type: "failed", text: failed };
  return null;
}
