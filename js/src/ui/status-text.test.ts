import { expect, test } from "vitest";
import type { Status } from "../client";
import { statusWords } from "./status-text";

const LIVE: Status = {
  phase: "live",
  latencyMs: 12.4,
  retryAtMs: null,
  waiting: 0,
  closing: null,
  owner: "here",
  ownerWaiting: 0,
};

function said(over: Partial<Status>): string {
  const { words, waits, fleeting, retry } = statusWords({ ...LIVE, ...over }, 1000);
  return `${[words, waits].filter((part) => part !== "").join(", ")}|${fleeting}|${retry ? "retry" : ""}`;
}

test.each<[Partial<Status>, string]>([
  [{}, "live|12 ms|"],
  [{ latencyMs: null }, "live||"],
  [{ phase: "connecting" }, "connecting…||"],
  [{ phase: "reconnecting", retryAtMs: 3500 }, "reconnecting|in 3 s|retry"],
  [
    { phase: "reconnecting", retryAtMs: 3500, waiting: 1 },
    "reconnecting, 1 change waiting|in 3 s|retry",
  ],
  [{ phase: "reconnecting" }, "reconnecting…||"],
  [{ phase: "offline", waiting: 4 }, "offline, 4 changes waiting||retry"],
  [{ owner: "away" }, "host away||"],
  [{ owner: "busy", ownerWaiting: 2 }, "kernel busy, 2 waiting||"],
  [{ owner: "busy" }, "kernel busy||"],
  [{ phase: "ended" }, "ended||"],
])("%j reads %s", (status, expected) => {
  expect(said(status)).toBe(expected);
});
