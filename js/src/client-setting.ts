/** A client, and the time and the relay that the test plays. */
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

/** A client on a line of its own. */
export function make(options: Partial<ClientOptions> = {}) {
  const clock = new TestClock();
  const relay = new TestRelay();
  const notes: Note[] = [];
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
  return { client, clock, relay, notes };
}

export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export async function joined(options: Partial<ClientOptions> = {}) {
  const setting = make(options);
  await settled();
  setting.relay.welcome();
  return setting;
}
