import { beforeEach, expect, test } from "vitest";
import {
  Client,
  type ClientOptions,
  type Dial,
  type LinkEvents,
  type Note,
  plainMemory,
} from "./client";
import type { Clock } from "./connection/clock";
import { pack, unpack } from "./lib/msgpack";
import type { ClientFrame } from "./protocol/frames";

/** Time that the test moves. */
class TestClock implements Clock {
  #now = 0;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  chance(): number {
    return 0.5;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = until;
  }
}

/** The relay's end of the line, played by the test. */
class TestRelay {
  readonly sent: ClientFrame[] = [];
  readonly #lines: LinkEvents[] = [];
  closes = 0;

  readonly dial: Dial = (events) => {
    this.#lines.push(events);
    queueMicrotask(() => events.open());
    return {
      send: (message) => void this.sent.push(...(unpack(message) as ClientFrame[])),
      close: () => {
        this.closes += 1;
      },
      bufferedBytes: () => 0,
    };
  };

  get dials(): number {
    return this.#lines.length;
  }

  say(...frames: object[]): void {
    this.#lines.at(-1)?.message(pack(frames));
  }

  raw(bytes: Uint8Array): void {
    this.#lines.at(-1)?.message(bytes);
  }

  cut(code = 1006): void {
    this.#lines.at(-1)?.close(code, "");
  }

  welcome(fields: object = {}): void {
    const positions = { state: ["s", 0], log: ["l", 0] };
    const who = { peer: "p1", proof: "x", role: "participant", acked: 0 };
    this.say({ type: "welcome", ...who, ...positions, people: [], time: 0, ...fields });
    this.say({ type: "said", entries: [], reset: true }, { type: "patch", at: 0, reset: true });
  }

  got<T extends ClientFrame["type"]>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((f): f is Extract<ClientFrame, { type: T }> => f.type === type);
  }
}

let clock: TestClock;
let relay: TestRelay;
let notes: Note[];

function make(options: Partial<ClientOptions> = {}): Client {
  const who = { room: "r", kind: "guest", name: "ada", color: "teal", instance: "i" } as const;
  const client = new Client({
    ...who,
    dial: relay.dial,
    credential: async () => "secret",
    memory: plainMemory(),
    clock,
    hints: () => undefined,
    ...options,
  });
  const { signal } = new AbortController();
  client.on((note) => notes.push(note), signal);
  client.start(signal);
  return client;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function joined(options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = make(options);
  await settled();
  relay.welcome();
  return client;
}

const entry = (at: number, by: string, id = at): object => {
  const who = { by, name: by, color: "red" };
  return { at, id, ...who, time: 5, body: { kind: "text", text: `line ${at}` } };
};

beforeEach(() => {
  clock = new TestClock();
  relay = new TestRelay();
  notes = [];
});

test("a client greets with its secret and is live after the welcome", async () => {
  const client = make();
  await settled();
  expect(relay.got("hello")[0]?.secret).toBe("secret");
  expect(client.status().phase).toBe("connecting");
  relay.welcome();
  expect(client.status().phase).toBe("live");
});

test("a value is shown before the room has it and sent at once", async () => {
  const client = await joined();
  client.set({ "/a": 1 });
  expect([client.value("/a"), client.status().waiting]).toEqual([1, 1]);
  expect(relay.got("set")[0]?.changes).toEqual([{ key: "/a", value: 1 }]);
});

test("a listener that pushes again does not overtake", async () => {
  const client = await joined();
  const { signal } = new AbortController();
  client.on((note) => {
    if (note.type === "state" && client.value("/b") === undefined) client.set({ "/b": 2 });
  }, signal);
  client.set({ "/a": 1 });
  expect(relay.got("set").map(({ id }) => id)).toEqual([1, 2]);
});

test("what was said while away is sent after the welcome, and told", async () => {
  const client = await joined();
  relay.cut();
  client.post("hello");
  expect(client.chat().lines).toMatchObject([{ text: "hello", state: "sending", mine: true }]);
  clock.pass(1000);
  await settled();
  relay.welcome();
  expect(relay.got("post")).toHaveLength(1);
  expect(notes).toContainEqual({ type: "resumed", reset: false, missed: false, sent: 1 });
});

test("a line is sent once it is in the log", async () => {
  const client = await joined();
  client.post("hello");
  relay.say({ type: "said", entries: [entry(1, "p1")] }, { type: "ack", id: 1 });
  expect(client.chat().lines).toMatchObject([{ id: 1, state: "sent", mine: true }]);
});

test("a moment is a line that is sent, with its picture, and comes from others too", async () => {
  const client = await joined();
  const picture = new Uint8Array();
  const moment = { share: "chart", start: 1.5, end: 2.5, picture };
  client.post("", moment);
  expect(relay.got("post")[0]?.body).toEqual({ kind: "moment", ...moment, text: "" });
  expect(client.chat().lines).toMatchObject([{ text: "", moment, state: "sending" }]);
  const body = { kind: "moment", ...moment, text: "look" };
  relay.say({ type: "said", entries: [{ ...entry(1, "p2"), body }] });
  expect(client.chat().lines[0]).toMatchObject({ id: 1, text: "look", moment, state: "sent" });
});

test("lines of others are unread until they are read, ours and history never", async () => {
  const client = make();
  await settled();
  relay.welcome();
  relay.say({ type: "said", entries: [entry(1, "p2")], reset: true });
  expect(client.chat().unread).toBe(0);
  relay.say({ type: "said", entries: [entry(2, "p2"), entry(3, "p1")] });
  expect(client.chat().unread).toBe(1);
  client.markRead();
  expect(client.chat().unread).toBe(0);
});

test("a cut line is dialled again with a fresh credential", async () => {
  let asked = 0;
  const client = await joined({ credential: async () => `ticket ${++asked}` });
  relay.cut();
  expect(client.status()).toMatchObject({ phase: "reconnecting" });
  clock.pass(1000);
  await settled();
  expect(relay.got("hello").map(({ secret }) => secret)).toEqual(["ticket 1", "ticket 2"]);
});

test("an ending is told with its text, and nothing is dialled", async () => {
  const client = await joined();
  relay.cut(4502);
  clock.pass(60_000);
  expect(client.status()).toMatchObject({ phase: "ended", closing: { slug: "revoked" } });
  expect(relay.dials).toBe(1);
});

test("[C4] a close code that a proxy loses is known from the relay's last frame", async () => {
  const client = await joined();
  relay.say({ type: "ending", code: 4502, slug: "revoked" });
  relay.cut(1005);
  clock.pass(60_000);
  expect(client.status()).toMatchObject({ phase: "ended", closing: { slug: "revoked" } });
  expect(relay.dials).toBe(1);
});

test("a relay that cannot be understood ends with advice to reload", async () => {
  const seen: unknown[] = [];
  globalThis.reportError = (error: unknown) => seen.push(error);
  const client = await joined();
  relay.raw(Uint8Array.of(0xc1));
  expect(client.status()).toMatchObject({ phase: "ended", closing: { slug: "version" } });
  expect(seen).toHaveLength(1);
});

test("silence is a cut", async () => {
  const client = await joined();
  clock.pass(10_000);
  expect(relay.got("ping").length).toBeGreaterThanOrEqual(2);
  expect(client.status().phase).toBe("reconnecting");
});

test("a pong tells the latency", async () => {
  const client = await joined();
  const sent = relay.got("ping")[0]?.sent ?? Number.NaN;
  clock.pass(12);
  relay.say({ type: "pong", sent });
  expect(client.status().latencyMs).toBe(12);
});

test("a refusal names the keys that fell back", async () => {
  const client = await joined();
  client.set({ "/a": 1, "/b": 2 });
  relay.say({ type: "refused", id: 1, slug: "role", text: "no" });
  expect(notes).toContainEqual({
    type: "refused",
    id: 1,
    slug: "role",
    text: "no",
    keys: ["/a", "/b"],
  });
  expect(client.value("/a")).toBeUndefined();
});

test("[P2] presence is joined and told 20 times a second at most", async () => {
  const client = await joined();
  for (let x = 0; x < 10; x += 1) client.present({ x });
  clock.pass(50);
  expect(relay.got("presence").map(({ about }) => about)).toEqual([{ x: 0 }, { x: 9 }]);
});

test("[P4] an owner who is not here is away, one who says so is busy", async () => {
  const client = await joined();
  const share = { name: "w", models: [], by: "k" };
  relay.say({ type: "patch", at: 1, shares: [share] });
  expect(client.status().owner).toBe("away");
  const kernel = { peer: "k", name: "k", color: "", role: "owner", kind: "kernel" };
  relay.say({ type: "people", joined: [{ ...kernel, about: { busy: true, waiting: 3 } }] });
  expect(client.status()).toMatchObject({ owner: "busy", ownerWaiting: 3 });
});

test("[P4] an owner who leaves changes undecided is busy, though it does not say so", async () => {
  const client = await joined();
  const kernel = { peer: "k", name: "k", color: "", role: "owner", kind: "kernel", about: {} };
  const key = { key: "w/a", version: 1, by: "p2", value: 1 };
  relay.say({ type: "people", joined: [kernel] });
  relay.say({
    type: "patch",
    at: 1,
    shares: [{ name: "w", models: [], by: "k" }],
    keys: [{ ...key, pending: true }],
  });
  expect(client.status().owner).toBe("here");
  clock.pass(1000);
  expect(client.status()).toMatchObject({ owner: "busy", ownerWaiting: 1 });
  relay.say({ type: "patch", at: 2, keys: [key] });
  expect(client.status()).toMatchObject({ owner: "here", ownerWaiting: 0 });
});

test("values and messages wait as changes, however often a value was set", async () => {
  const client = await joined();
  client.set({ "/a": 1 });
  client.set({ "/a": 2, "/b": 2 });
  client.post("hello");
  expect(client.status().waiting).toBe(3);
  relay.cut();
  clock.pass(1000);
  await settled();
  relay.welcome({ acked: 1 });
  expect(notes.find(({ type }) => type === "resumed")).toMatchObject({ sent: 3 });
});

test("[E4] an event is told with its trait and number, a message without", async () => {
  const client = await joined();
  const event = { type: "event", id: 1, by: "k", model: "w", content: 5 };
  relay.say({ ...event, at: 1, trait: "ping", count: 2 }, { ...event, at: 2 });
  const told = notes.filter((note) => note.type === "event");
  expect(told.map(({ trait, count }) => [trait, count])).toEqual([
    ["ping", 2],
    ["", 0],
  ]);
  expect(client.status().phase).toBe("live");
});

test("[E5] a widget that failed is told, cut to what a frame holds", async () => {
  const client = await joined();
  client.fail("w/children.0", "render", "\u{1f4a5}".repeat(2000));
  expect(relay.got("failed")).toEqual([
    { type: "failed", model: "w/children.0", phase: "render", text: "\u{1f4a5}".repeat(1000) },
  ]);
});

test("[E5] a failure is not told later, nor of a model that no frame names", async () => {
  const client = await joined();
  client.fail("", "render", "it broke");
  client.fail("w".repeat(513), "render", "it broke");
  relay.cut();
  client.fail("w", "render", "it broke");
  clock.pass(1000);
  await settled();
  relay.welcome();
  expect(relay.got("failed")).toEqual([]);
});

test("code that the relay does not have rejects", async () => {
  const client = await joined();
  const code = client.blob("a".repeat(64));
  relay.say({ type: "absent", blob: "a".repeat(64) });
  await expect(code).rejects.toThrow("does not have");
});

test("[S6] a reloaded page goes on as the same peer with what it had not told", async () => {
  const memory = plainMemory();
  const before = await joined({ memory });
  relay.cut();
  before.post("kept");
  relay = new TestRelay();
  const after = make({ memory, instance: "another" });
  await settled();
  expect(relay.got("hello")[0]).toMatchObject({ peer: "p1", proof: "x", instance: "i" });
  relay.welcome();
  expect(relay.got("post")).toMatchObject([{ body: { text: "kept" } }]);
  expect(after.chat().lines).toHaveLength(1);
});

const line = (notes: unknown[]) => (news: unknown) => void notes.push(news);
const watch = { type: "watch", feed: "ticks", epoch: "", after: 0, level: 0 } as const;

test("[F6] a welcome opens the line of feeds, and a cut closes it", async () => {
  const client = make();
  const heard: unknown[] = [];
  client.feeds.on(line(heard), new AbortController().signal);
  client.feeds.send([watch]);
  await settled();
  relay.welcome();
  client.feeds.send([watch]);
  relay.cut();
  client.feeds.send([watch]);
  expect(relay.got("watch")).toEqual([watch]);
  expect(heard).toEqual([
    { type: "line", open: true },
    { type: "line", open: false },
  ]);
});

test("news of feeds are told to those who look at them, and to nobody else", async () => {
  const client = await joined();
  const heard: unknown[] = [];
  client.feeds.on(line(heard), new AbortController().signal);
  notes = [];
  relay.say(
    { type: "rows", feed: "ticks", block: new Uint8Array([1]), newest: null },
    { type: "fed", feed: "ticks", epoch: "e", end: 1 },
  );
  expect(heard).toEqual([
    { type: "rows", feed: "ticks", block: new Uint8Array([1]), newest: null },
  ]);
  expect(notes).toEqual([]);
});
