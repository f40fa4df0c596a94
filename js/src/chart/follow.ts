/** Whether a viewer's chart goes with the newest rows or stays where it is. */

/**
 * - `live`: the window slides with new rows
 * - `held`: the viewer has zoomed or moved
 * - `paused`: the viewer has stopped it where it was
 * - `stopped`: the host has, for everybody who was live
 */
export type Mode = "live" | "held" | "paused" | "stopped";

export type Move = "look" | "pause" | "live" | "stop" | "release";

/** `stop` and `release` are the host's. Who looks at something of their own is not moved by the host. */
const NEXT: Record<Mode, Record<Move, Mode>> = {
  live: { look: "held", pause: "paused", live: "live", stop: "stopped", release: "live" },
  held: { look: "held", pause: "paused", live: "live", stop: "held", release: "held" },
  paused: { look: "held", pause: "paused", live: "live", stop: "paused", release: "paused" },
  stopped: { look: "held", pause: "paused", live: "live", stop: "stopped", release: "live" },
};

export function next(mode: Mode, move: Move): Mode {
  return NEXT[mode][move];
}
