/** Time and chance; tests bring their own. */
export interface Clock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** In [0, 1). */
  chance(): number;
  /** Call back after `ms`, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  chance: () => Math.random(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
