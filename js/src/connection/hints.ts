/** What the browser tells about page and network. */
export type Hint = "show" | "hide" | "online" | "offline";

/** Listens until the signal is aborted; begins with what is true now. */
export type Hints = (listener: (hint: Hint) => void, signal: AbortSignal) => void;

export const browserHints: Hints = (listener, signal) => {
  const seen = (): void => listener(document.visibilityState === "visible" ? "show" : "hide");
  document.addEventListener("visibilitychange", seen, { signal });
  // Back from the back/forward cache: the socket is gone, and nobody has told.
  addEventListener("pageshow", (event) => event.persisted && seen(), { signal });
  addEventListener("online", () => listener("online"), { signal });
  addEventListener("offline", () => listener("offline"), { signal });
  if (document.visibilityState !== "visible") listener("hide");
  if (!navigator.onLine) listener("offline");
};
