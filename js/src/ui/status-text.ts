/** The connection's state in a few words. */
import type { Status } from "../client";
import { TEXTS } from "./texts";

export interface StatusWords {
  tone: "good" | "wait" | "busy" | "bad";
  /** Said to everybody, screen readers included. */
  words: string;
  /** Changes too often to be read out. */
  fleeting: string;
  retry: boolean;
  help: string;
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function whileLive({ owner, ownerWaiting, waiting, latencyMs }: Status): StatusWords {
  const help = TEXTS.statusHelp;
  if (owner === "away") {
    const waits = waiting > 0 ? TEXTS.waiting(waiting) : "";
    const words = joined(TEXTS.hostAway, waits);
    return { tone: "busy", words, fleeting: "", retry: false, help: help.away };
  }
  if (owner === "busy") {
    const waits = ownerWaiting > 0 ? TEXTS.waiting(ownerWaiting) : "";
    const words = joined(TEXTS.kernelBusy, waits);
    return { tone: "busy", words, fleeting: "", retry: false, help: help.busy };
  }
  const fleeting = latencyMs === null ? "" : TEXTS.latency(latencyMs);
  return { tone: "good", words: TEXTS.live, fleeting, retry: false, help: help.live };
}

function whileAway({ phase, retryAtMs, waiting }: Status, nowMs: number): StatusWords {
  const waits = waiting > 0 ? TEXTS.changesWaiting(waiting) : "";
  const help = TEXTS.statusHelp.reconnecting;
  if (phase === "offline") {
    return { tone: "bad", words: joined(TEXTS.offline, waits), fleeting: "", retry: true, help };
  }
  const seconds = retryAtMs === null ? 0 : Math.ceil((retryAtMs - nowMs) / 1000);
  if (seconds <= 0) {
    const words = joined(TEXTS.reconnectingNow, waits);
    return { tone: "wait", words, fleeting: "", retry: false, help };
  }
  const words = joined(TEXTS.reconnecting, waits);
  const fleeting = TEXTS.inSeconds(seconds);
  return { tone: "wait", words, fleeting, retry: true, help };
}

/** What the status pill says at `nowMs`. */
export function statusWords(status: Status, nowMs: number): StatusWords {
  const help = TEXTS.statusHelp.connecting;
  switch (status.phase) {
    case "connecting":
      return { tone: "wait", words: TEXTS.connecting, fleeting: "", retry: false, help };
    case "live":
      return whileLive(status);
    case "reconnecting":
    case "offline":
      return whileAway(status, nowMs);
    case "ended":
      return { tone: "bad", words: TEXTS.ended, fleeting: "", retry: false, help: "" };
  }
}
