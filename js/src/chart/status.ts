/** How a chart's feeds are doing, in a few words. */
import type { FeedView } from "../feeds/view";
import { TEXTS } from "./texts";
import { durationText, percentText } from "./words";

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
    const text = status === null ? (open ? TEXTS.connecting : TEXTS.offline) : TEXTS.absent;
    return { tone: "wait", text };
  }
  if (!open) return { tone: "warn", text: TEXTS.reconnecting };
  const { state, text, since, retry_at, attempts } = status ?? {
    state: "idle" as const,
    text: "",
    since: 0,
    retry_at: 0,
    attempts: 0,
  };
  switch (state) {
    case "connecting":
      return { tone: "wait", text: TEXTS.connecting };
    case "live":
      return { tone: "good", text: TEXTS.live };
    case "stale":
      return { tone: "warn", text: TEXTS.silent(durationText(now - (heard || since))) };
    case "retrying": {
      const wait = Math.ceil(retry_at - now);
      const say = wait > 0 ? TEXTS.retryingSoon : TEXTS.retrying;
      return { tone: "warn", text: say(attempts, wait) };
    }
    case "failed":
      return { tone: "bad", text: text === "" ? TEXTS.failed : TEXTS.failedWith(text) };
    case "ended":
      return { tone: "quiet", text: TEXTS.ended };
    case "idle":
      if (end === 0) return { tone: "wait", text: TEXTS.waiting };
      return heard > 0 && now - heard < 10
        ? { tone: "good", text: TEXTS.live }
        : { tone: "quiet", text: TEXTS.idle };
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
  if (lag > LATE) notes.push(TEXTS.behind(durationText(lag)));
  if (here < rows) notes.push(TEXTS.history(percentText(Math.floor((here / rows) * 100) / 100)));
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
  return count > 0 ? TEXTS.news(count) : "";
}
