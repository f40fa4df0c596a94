/** The connection's state in a few words. */
import type { Status } from "../client";
import { TEXTS } from "./texts";

export interface StatusWords {
  tone: "good" | "wait" | "busy" | "bad";
  /** Said to everybody, screen readers included. */
  words: string;
  /** How much waits; empty if nothing does. It is said after what is fleeting. */
  waits: string;
  /** Changes too often to be read out. */
  fleeting: string;
  retry: boolean;
  help: string;
}

const SILENT = { fleeting: "", waits: "", retry: false };

function whileLive({ owner, ownerWaiting, waiting, latencyMs }: Status): StatusWords {
  const help = TEXTS.statusHelp;
  if (owner === "away") {
    const waits = waiting > 0 ? TEXTS.waiting(waiting) : "";
    return { ...SILENT, tone: "busy", words: TEXTS.hostAway, waits, help: help.away };
  }
  if (owner === "busy") {
    const waits = ownerWaiting > 0 ? TEXTS.waiting(ownerWaiting) : "";
    return { ...SILENT, tone: "busy", words: TEXTS.kernelBusy, waits, help: help.busy };
  }
  const fleeting = latencyMs === null ? "" : TEXTS.latency(Math.max(1, Math.round(latencyMs)));
  return { ...SILENT, tone: "good", words: TEXTS.live, fleeting, help: help.live };
}

function whileAway({ phase, retryAtMs, waiting }: Status, nowMs: number): StatusWords {
  const waits = waiting > 0 ? TEXTS.changesWaiting(waiting) : "";
  const help = TEXTS.statusHelp.reconnecting;
  if (phase === "offline") {
    return { tone: "bad", words: TEXTS.offline, fleeting: "", waits, retry: true, help };
  }
  const seconds = retryAtMs === null ? 0 : Math.ceil((retryAtMs - nowMs) / 1000);
  if (seconds <= 0) return { ...SILENT, tone: "wait", words: TEXTS.reconnectingNow, waits, help };
  const fleeting = TEXTS.inSeconds(seconds);
  return { tone: "wait", words: TEXTS.reconnecting, fleeting, waits, retry: true, help };
}

/** What the status pill says at `nowMs`. */
export function statusWords(status: Status, nowMs: number): StatusWords {
  const help = TEXTS.statusHelp.connecting;
  switch (status.phase) {
    case "connecting":
      return { ...SILENT, tone: "wait", words: TEXTS.connecting, help };
    case "live":
      return whileLive(status);
    case "reconnecting":
    case "offline":
      return whileAway(status, nowMs);
    case "ended":
      return { ...SILENT, tone: "bad", words: TEXTS.ended, help: "" };
  }
}
