/** What a person wants of pointers, kept for their next visit. */
import { effect, type Signal, signal } from "@preact/signals";

const STORED = "cowidget.pointers";

export interface Wishes {
  /** Show the others' pointers. */
  readonly others: Signal<boolean>;
  /** Let the others see ours. */
  readonly own: Signal<boolean>;
}

/** The wishes of this browser's person; storage may be forbidden, then they hold for this visit. */
export function keptWishes(until: AbortSignal): Wishes {
  const stored = read();
  const others = signal(!stored.has("hide"));
  const own = signal(!stored.has("secret"));
  const stop = effect(() => {
    const words = [others.value ? "" : "hide", own.value ? "" : "secret"];
    write(words.filter((word) => word !== "").join(" "));
  });
  until.addEventListener("abort", stop, { once: true });
  return { others, own };
}

function read(): Set<string> {
  try {
    return new Set((localStorage.getItem(STORED) ?? "").split(" "));
  } catch {
    return new Set(); // private windows and sandboxed notebooks refuse storage
  }
}

function write(words: string): void {
  try {
    if (words === "") localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, words);
  } catch {
    // Refused or full: it holds for this visit.
  }
}
