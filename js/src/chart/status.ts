/** How a chart's feeds are doing, in a few words. */
import type { FeedView } from "../feeds/view";
import { countText, durationText } from "./words";

export type Tone = "wait" | "good" | "warn" | "bad" | "quiet";

export interface Badge {
  tone: Tone;
  text: string;
}

type Shown = Pick<FeedView, "spec" | "status" | "open" | "first" | "end" | "loaded" | "viewport">;

/** Seconds behind the best that was seen, from which on people are told. */
const LATE = 2;

/** `heard` is when rows came last, 0 if none did. All times are Unix seconds. */
export function badgeOf({ spec, status, open, end }: Shown, heard: number, now: number): Badge {
  if (spec === null && status?.state !== "failed") {
    const text = status === null ? (open ? "connecting" : "offline") : "not there yet";
    return { tone: "wait", text };
  }
  if (!open) return { tone: "warn", text: "reconnecting" };
  const { state, text, since, retry_at, attempts } = status ?? {
    state: "idle" as const,
    text: "",
    since: 0,
    retry_at: 0,
    attempts: 0,
  };
  switch (state) {
    case "connecting":
      return { tone: "wait", text: "connecting" };
    case "live":
      return { tone: "good", text: "live" };
    case "stale":
      return { tone: "warn", text: `no data for ${durationText(now - (heard || since))}` };
    case "retrying": {
      const wait = retry_at - now;
      const next = wait > 0 ? `, next in ${Math.ceil(wait)} s` : "";
      return { tone: "warn", text: `reconnecting (attempt ${attempts}${next})` };
    }
    case "failed":
      return { tone: "bad", text: text === "" ? "failed" : `failed: ${text}` };
    case "ended":
      return { tone: "quiet", text: "ended" };
    case "idle":
      if (end === 0) return { tone: "wait", text: "waiting" };
      return heard > 0 && now - heard < 10
        ? { tone: "good", text: "live" }
        : { tone: "quiet", text: "idle" };
  }
}

const URGENT: Tone[] = ["bad", "warn", "wait", "good", "quiet"];

/** The one that people have to know of first. */
export function worst(badges: readonly Badge[]): Badge | null {
  const ranked = [...badges].sort((a, b) => URGENT.indexOf(a.tone) - URGENT.indexOf(b.tone));
  return ranked[0] ?? null;
}

/** What is going on beside the state: how late rows are, how much of the history is here. */
export function notesOf(views: readonly Shown[], lag: number): string[] {
  const notes: string[] = [];
  const all = views.filter(({ viewport }) => !viewport);
  const rows = all.reduce((sum, { first, end }) => sum + end - first, 0);
  const here = all.reduce((sum, { loaded }) => sum + loaded, 0);
  if (lag > LATE) notes.push(`${durationText(lag)} behind`);
  if (here < rows) notes.push(`history ${Math.floor((here / rows) * 100)} %`);
  return notes;
}

/** Clocks differ: what a block took is measured against the quickest one. */
export class Lag {
  #best = Number.POSITIVE_INFINITY;
  #sent = 0;
  seconds = 0;

  receive(sent: number, now: number): void {
    if (sent === 0 || sent === this.#sent) return;
    this.#sent = sent;
    this.#best = Math.min(this.#best, now - sent);
    this.seconds = now - sent - this.#best;
  }
}

export function newText(count: number): string {
  return count > 0 ? `+${countText(count)} new` : "";
}
