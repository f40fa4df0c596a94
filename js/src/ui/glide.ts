/** How a pointer moves between the places that are told of it: a function of time, and nothing else. */

export interface Spot {
  x: number;
  y: number;
}

/** The way to the newest place. Times are milliseconds. */
export interface Glide {
  from: Spot;
  to: Spot;
  since: number;
  /** How long the way takes: as long as it took to hear of it. */
  lasts: number;
}

/** What is told comes every 50 to 80 ms; later than that, somebody rested in between. */
const SHORTEST_MS = 30;
const LONGEST_MS = 120;

/** The way to `to`, told at `now`; from where it is then. With `calm`, or for the first time, it is there at once. */
export function glideTo(before: Glide | null, to: Spot, now: number, calm: boolean): Glide {
  if (before === null || calm) return { from: to, to, since: now, lasts: 0 };
  const lasts = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, now - before.since));
  return { from: spotAt(before, now), to, since: now, lasts };
}

/** Where it is at `now`. */
export function spotAt({ from, to, since, lasts }: Glide, now: number): Spot {
  const part = lasts === 0 ? 1 : Math.min(1, Math.max(0, (now - since) / lasts));
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** Whether it still moves at `now`. */
export function isGliding({ since, lasts }: Glide, now: number): boolean {
  return now - since < lasts;
}
