/** How long to wait before the next attempt (PROTOCOL.md C2). */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;
const SLOWLY_MS = 5_000;

/**
 * Full jitter: clients that were cut together come back spread out. `attempt` counts from 0, `chance` is
 * in [0, 1). Slowly, after a close that asks for it or while nobody looks, begins at 5 s.
 */
export function backoffMs(attempt: number, slowly: boolean, chance: number): number {
  const jitter = chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return slowly ? SLOWLY_MS + jitter : jitter;
}
