/** Whether anybody can see the page. Feeds of one that nobody sees are let go: it would be flooded on return. */

/** Milliseconds. A glance at another tab costs nothing; a minute of rows that nobody sees is fetched faster later. */
const PATIENCE_MS = 10_000;

/** Tells when the page has been hidden for a while (false), and when it is seen again (true). */
export function watchAttention(
  tell: (seen: boolean) => void,
  signal: AbortSignal,
  page: Document = document,
): void {
  let seen = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (now: boolean): void => {
    if (now !== seen) tell(now);
    seen = now;
  };
  const look = (): void => {
    clearTimeout(timer);
    if (page.visibilityState === "hidden") timer = setTimeout(() => say(false), PATIENCE_MS);
    else say(true);
  };
  page.addEventListener("visibilitychange", look, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  look();
}
