/** Waiting for the relay, but not for long: to draw a page twice takes longer than to draw it once. */
import type { Client } from "../client";

/** Milliseconds. Longer: who has a slow line sees nothing. Shorter: the page is drawn empty, and then again. */
const GRACE_MS = 60;

/** Settles when the relay has let us in or has refused, or after a moment. */
export function answered(client: Pick<Client, "status" | "on">, graceMs = GRACE_MS): Promise<void> {
  return new Promise((resolve) => {
    const waiting = new AbortController();
    const settle = (): void => {
      clearTimeout(late);
      waiting.abort();
      resolve();
    };
    const late = setTimeout(settle, graceMs);
    // What came while the interface's code was being run waits before this.
    const look = (): void => {
      if (client.status().phase !== "connecting") settle();
    };
    client.on(look, waiting.signal);
    look();
  });
}
