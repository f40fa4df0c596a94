import { beforeEach, expect, test, vi } from "vitest";
import { openPageMemory, plainMemory, type Stored } from "./memory";

/** A tab's `sessionStorage`. */
class TestStorage implements Storage {
  #items = new Map<string, string>();
  quota = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (value.length > this.quota) throw new Error("QuotaExceededError");
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}

/** A browser's locks, of one kind: held until the callback's promise has settled. */
class TestLocks {
  readonly #held = new Set<string>();

  async request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    run: (lock: { name: string } | null) => unknown,
  ): Promise<unknown> {
    if (this.#held.has(name) && options.ifAvailable === true) return run(null);
    while (this.#held.has(name)) {
      await new Promise((resolve) => setTimeout(resolve));
      options.signal?.throwIfAborted();
    }
    this.#held.add(name);
    try {
      return await run({ name });
    } finally {
      this.#held.delete(name);
    }
  }
}

const STORED: Stored = {
  instance: "tab-1",
  peer: "p1",
  proof: "x",
  lastId: 2,
  tried: 1,
  pushes: [{ type: "set", id: 2, changes: [{ key: "/a", value: new Uint8Array([1, 2]) }] }],
  blobs: { ab: new Uint8Array([3]) },
  failed: [
    {
      body: {
        kind: "moment",
        share: "a",
        start: 1,
        end: 2,
        picture: new Uint8Array([4]),
        text: "",
      },
      timeMs: 5,
      fault: { slug: "unknown", text: "Gone." },
    },
  ],
};

let storage: TestStorage;
let room: string;
let rooms = 0;

beforeEach(() => {
  storage = new TestStorage();
  vi.stubGlobal("sessionStorage", storage);
  vi.stubGlobal("navigator", {});
  room = `room-${rooms++}`;
});

/** A tab that lives until the test has ended. */
function tab(): { signal: AbortSignal; close(): void } {
  const life = new AbortController();
  return { signal: life.signal, close: () => life.abort() };
}

/** The lock of what is `STORED` is somebody's until then. */
function held(locks: TestLocks, until: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    void locks.request(`cowidget:${room}:tab-1`, {}, () => {
      resolve();
      return until;
    });
  });
}

test("a plain memory keeps what it was given", () => {
  const memory = plainMemory();
  expect(memory.load()).toBeNull();
  memory.save(STORED);
  expect(memory.load()).toBe(STORED);
  memory.clear();
  expect(memory.load()).toBeNull();
});

test("a reloaded page finds identity and outbox, bytes included", async () => {
  const before = tab();
  (await openPageMemory(room, before.signal)).save(STORED);
  before.close();
  const after = tab();
  expect((await openPageMemory(room, after.signal)).load()).toEqual(STORED);
  after.close();
});

test("rooms do not see each other", async () => {
  const { signal, close } = tab();
  (await openPageMemory(room, signal)).save(STORED);
  expect((await openPageMemory(`${room}-other`, signal)).load()).toBeNull();
  close();
});

test("[S7] where the browser has locks, a reloaded page asks nobody", async () => {
  vi.stubGlobal("navigator", { locks: new TestLocks() });
  const before = tab();
  (await openPageMemory(room, before.signal)).save(STORED);
  before.close();
  await Promise.resolve(); // the lock is given back
  const after = tab();
  const began = performance.now();
  expect((await openPageMemory(room, after.signal)).load()).toEqual(STORED);
  expect(performance.now() - began).toBeLessThan(40);
  after.close();
});

test("[S7] a page whose lock is still held by the one before it waits for it and keeps the peer", async () => {
  const locks = new TestLocks();
  vi.stubGlobal("navigator", { locks });
  const before = tab();
  (await openPageMemory(room, before.signal)).save(STORED);
  before.close();
  await held(locks, new Promise((resolve) => setTimeout(resolve, 400)));
  const after = tab();
  expect((await openPageMemory(room, after.signal)).load()).toEqual(STORED);
  after.close();
});

test("[S7] a duplicated tab begins anew however late the other one answers", async () => {
  const locks = new TestLocks();
  vi.stubGlobal("navigator", { locks });
  const before = tab();
  (await openPageMemory(room, before.signal)).save(STORED);
  before.close();
  await held(locks, new Promise(() => undefined));
  const busy = new BroadcastChannel(`cowidget:${room}`);
  busy.addEventListener("message", ({ data }) => {
    setTimeout(() => busy.postMessage({ taken: data.nonce }), 400);
  });
  const copy = tab();
  expect((await openPageMemory(room, copy.signal)).load()).toBeNull();
  copy.close();
  busy.close();
});

test.each(["with", "without"])("[S7] a duplicated tab begins anew %s locks", async (kind) => {
  vi.stubGlobal("navigator", kind === "with" ? { locks: new TestLocks() } : {});
  const [first, second, third] = [tab(), tab(), tab()];
  (await openPageMemory(room, first.signal)).save(STORED);
  const memory = await openPageMemory(room, second.signal);
  expect(memory.load()).toBeNull();
  memory.save({ ...STORED, instance: "tab-2", peer: "p2" });
  expect((await openPageMemory(room, third.signal)).load()).toBeNull();
  for (const { close } of [first, second, third]) close();
});

test("of two tabs that are restored at once, one keeps the peer", async () => {
  const [first, second] = [new TestStorage(), new TestStorage()];
  for (const each of [first, second]) {
    vi.stubGlobal("sessionStorage", each);
    const { signal, close } = tab();
    (await openPageMemory(room, signal)).save(STORED);
    close();
  }
  const life = tab();
  vi.stubGlobal("sessionStorage", first);
  const one = openPageMemory(room, life.signal);
  vi.stubGlobal("sessionStorage", second);
  const two = openPageMemory(room, life.signal);
  const kept = (await Promise.all([one, two])).filter((memory) => memory.load() !== null);
  expect(kept).toHaveLength(1);
  life.close();
});

test("over the quota, who we are is kept, and the loss is reported", async () => {
  const seen = vi.fn();
  vi.stubGlobal("reportError", seen);
  const { signal, close } = tab();
  const memory = await openPageMemory(room, signal);
  storage.quota = 150;
  memory.save(STORED);
  expect(memory.load()).toMatchObject({ peer: "p1", lastId: 2, pushes: [] });
  expect(seen).toHaveBeenCalledOnce();
  close();
});

test.each(["{", "null", '{"peer":1}', '{"$bytes":"?"}'])(
  "a stored %s is as good as none",
  async (text) => {
    storage.setItem(`cowidget:${room}`, text);
    const { signal, close } = tab();
    expect((await openPageMemory(room, signal)).load()).toBeNull();
    close();
  },
);

test("without a storage the memory ends with the page", async () => {
  vi.stubGlobal("sessionStorage", undefined);
  const { signal } = tab();
  const memory = await openPageMemory(room, signal);
  memory.save(STORED);
  expect(memory.load()).toBe(STORED);
});
