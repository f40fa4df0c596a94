/** Where identity, outbox and what was refused survive a reload: the page's `sessionStorage`, or nowhere. */
import type { Unsent } from "./chat";
import { token } from "./lib/random";
import { report } from "./lib/report";
import { markBytes, unmarkBytes } from "./protocol/codec";
import type { Stored as StoredReplica } from "./sync/identity";
import { Tenancy } from "./tenancy";

/** What a client needs to go on: its replica's part, and the messages that the room did not take. */
export interface Stored extends StoredReplica {
  failed?: readonly Unsent[];
}

/** Keeps one client's `Stored`. */
export interface Memory {
  load(): Stored | null;
  save(stored: Stored): void;
  clear(): void;
}

/** Another tab that lives under our peer has this long to say so. A tab in the background is not throttled here. */
const ANSWER_MS = 250;
/** Where its lock is held, silence is no answer: a page that is just closing lets go of it, a tab that hangs does not. */
const CLOSING_MS = 5000;

/** A memory that ends with its owner. */
export function plainMemory(): Memory {
  let kept: Stored | null = null;
  return {
    load: () => kept,
    save: (stored) => {
      kept = stored;
    },
    clear: () => {
      kept = null;
    },
  };
}

/**
 * The memory of a page: `sessionStorage`, by room.
 *
 * A duplicated tab copies `sessionStorage`, outbox included: its pushes would be told twice (S7). So whoever
 * finds a stored peer first asks the other tabs; if one of them lives under it, this page begins anew. It then
 * answers for its own peer until `signal` is aborted. Where its lock is free, there is nobody to wait for.
 */
export async function openPageMemory(room: string, signal: AbortSignal): Promise<Memory> {
  const storage = pageStorage();
  if (storage === null) return plainMemory();
  const tenancy = new Tenancy(room, signal);
  const memory = new PageMemory(storage, `cowidget:${room}`, tenancy);
  if (await new Claim(room, memory, tenancy, signal).isTaken()) memory.clear();
  return memory;
}

// With cookies blocked, to read the property is an error.
function pageStorage(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}

class PageMemory implements Memory {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #tenancy: Tenancy;

  constructor(storage: Storage, key: string, tenancy: Tenancy) {
    this.#storage = storage;
    this.#key = key;
    this.#tenancy = tenancy;
  }

  load(): Stored | null {
    const text = this.#storage.getItem(this.#key);
    return text === null ? null : parse(text);
  }

  save(stored: Stored): void {
    this.#tenancy.hold(stored.instance);
    try {
      this.#storage.setItem(this.#key, JSON.stringify(markBytes(stored)));
    } catch (error) {
      // Over the quota (5 MB): what waits would be lost by a reload, who we are must not be.
      this.#storage.setItem(
        this.#key,
        JSON.stringify({ ...stored, tried: 0, pushes: [], blobs: {}, failed: [] }),
      );
      report(error);
    }
  }

  clear(): void {
    this.#storage.removeItem(this.#key);
  }
}

// Only this page's own code writes there; a text of an older version is as good as none.
function parse(text: string): Stored | null {
  try {
    const stored: unknown = unmarkBytes(JSON.parse(text));
    return isStored(stored) ? stored : null;
  } catch {
    return null;
  }
}

function isStored(value: unknown): value is Stored {
  return (
    typeof value === "object" &&
    value !== null &&
    "peer" in value &&
    typeof value.peer === "string" &&
    "instance" in value &&
    typeof value.instance === "string" &&
    "lastId" in value &&
    typeof value.lastId === "number" &&
    "pushes" in value &&
    Array.isArray(value.pushes) &&
    "blobs" in value &&
    (!("failed" in value) || Array.isArray(value.failed))
  );
}

interface Ask {
  ask: string;
  nonce: string;
}

interface Answer {
  taken: string;
}

/** A page's claim to the peer it has stored. */
class Claim {
  readonly #channel: BroadcastChannel;
  readonly #memory: PageMemory;
  readonly #tenancy: Tenancy;
  readonly #nonce = token();
  #decided = false;
  #taken: () => void = () => undefined;

  constructor(room: string, memory: PageMemory, tenancy: Tenancy, signal: AbortSignal) {
    this.#memory = memory;
    this.#tenancy = tenancy;
    this.#channel = new BroadcastChannel(`cowidget:${room}`);
    this.#channel.addEventListener("message", ({ data }) => this.#receive(data), { signal });
    signal.addEventListener("abort", () => this.#channel.close(), { once: true });
  }

  /** Whether another tab lives under the stored peer. */
  async isTaken(): Promise<boolean> {
    const stored = this.#memory.load();
    const taken = stored !== null && stored.peer !== "" && (await this.#isHeld(stored));
    this.#decided = true;
    return taken;
  }

  async #isHeld({ peer, instance }: Stored): Promise<boolean> {
    const place = await this.#tenancy.take(instance);
    if (place === "ours") return false;
    if (place === "unknown") return this.#ask(peer, ANSWER_MS, false);
    const stop = new AbortController();
    const left = this.#tenancy.wait(instance, stop.signal).then(() => false);
    const held = await Promise.race([this.#ask(peer, CLOSING_MS, true), left]);
    stop.abort();
    return held;
  }

  /** Whether somebody says that they live as this peer; `silence` if nobody says so for `ms`. */
  #ask(peer: string, ms: number, silence: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(silence), ms);
      this.#taken = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#channel.postMessage({ ask: peer, nonce: this.#nonce } satisfies Ask);
    });
  }

  #receive(data: unknown): void {
    if (isAnswer(data) && data.taken === this.#nonce) this.#taken();
    if (!isAsk(data) || data.ask !== this.#memory.load()?.peer) return;
    // Tabs that are restored at once ask each other, and the one that came first is not heard by the other:
    // so either end decides, and the greater nonce keeps the peer.
    if (this.#decided || this.#nonce > data.nonce) {
      this.#channel.postMessage({ taken: data.nonce } satisfies Answer);
    } else this.#taken();
  }
}

function isAsk(data: unknown): data is Ask {
  return typeof data === "object" && data !== null && "ask" in data && "nonce" in data;
}

function isAnswer(data: unknown): data is Answer {
  return typeof data === "object" && data !== null && "taken" in data;
}
