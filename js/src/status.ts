/** How the client stands with its room, for the person who looks at it. */
import type { Machine } from "./connection/machine";
import type { NextStep } from "./protocol/closing";
import type { Push } from "./protocol/frames";
import type { Replica } from "./sync/replica";

export type Phase = "connecting" | "live" | "reconnecting" | "offline" | "ended";

/** Why the last connection ended, if the relay said so. */
export interface Ending {
  code: number;
  slug: string;
  nextStep: NextStep;
  text: string;
}

export interface Status {
  phase: Phase;
  latencyMs: number | null;
  /** When the next attempt is due, on the clock of `Date.now()`. */
  retryAtMs: number | null;
  /** Own changes, messages and the like that are not acknowledged yet. */
  waiting: number;
  closing: Ending | null;
  /** The kernel's presence; "here" when nothing is shared that has an owner. */
  owner: "here" | "away" | "busy";
  /** Changes that wait for the kernel. */
  ownerWaiting: number;
}

/** What a person is told of the machine's phases; `failed`: a connection has ended since the start. */
export function phaseOf(machine: Machine, failed: boolean): Phase {
  switch (machine.phase) {
    case "live":
      return "live";
    case "ended":
    case "stopped":
      return "ended";
    default:
      if (!machine.online) return "offline";
      return failed ? "reconnecting" : "connecting";
  }
}

/** What people call changes: each value, however often it was set, and each message. */
export function changesIn(pushes: readonly Push[]): number {
  const keys = pushes.flatMap((push) =>
    push.type === "set" ? push.changes.map(({ key }) => key) : [],
  );
  return new Set(keys).size + pushes.filter(({ type }) => type !== "set").length;
}

/**
 * Whether those who decide about the shared widgets are here, and whether they can (P4). `late` changes wait
 * for longer than they would if they could, whatever they say.
 */
export function ownerOf(
  { shares, people }: Replica,
  late: number,
): Pick<Status, "owner" | "ownerWaiting"> {
  const owners = new Set([...shares.values()].map(({ by }) => by).filter((by) => by !== ""));
  const here = [...owners].map((peer) => people.get(peer));
  const waiting = here.map((person) => Number(person?.about.waiting ?? 0) || 0);
  const told = waiting.reduce((total, each) => total + each, 0);
  const ownerWaiting = Math.max(told, late);
  if (here.some((person) => person === undefined)) return { owner: "away", ownerWaiting };
  const busy = late > 0 || here.some((person) => person?.about.busy);
  return { owner: busy ? "busy" : "here", ownerWaiting };
}
