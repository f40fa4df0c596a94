/**
 * When to dial, when to wait, when to believe that a line is dead. Pure: times and chance come in.
 *
 * The shell feeds inputs with the time and runs the effects in order; `deadline` tells when it must come
 * back with a `tick`.
 */
import { assertNever } from "../lib/assert";
import { backoffMs } from "./backoff";

/** What a close asks for; the shell looks it up in the table of closings. */
export type Step = "retry" | "retry-slowly" | "ask-for-link" | "stop";

export type Phase =
  | "idle"
  /** A link is being opened. */
  | "dialing"
  /** It is open; the welcome is on its way. */
  | "greeting"
  | "live"
  /** Until `retryAt`. */
  | "waiting"
  /** The relay said that coming back is pointless; a person may still try. */
  | "ended"
  /** By us, for good. */
  | "stopped";

export type Input =
  | { type: "start" }
  | { type: "opened" }
  | { type: "welcomed" }
  /** Any bytes are a sign of life (S9). */
  | { type: "heard" }
  | { type: "pong"; sent: number }
  | { type: "closed"; step: Step }
  | { type: "tick" }
  /** The page is seen, or hidden. */
  | { type: "show" }
  | { type: "hide" }
  /** The browser's guess about the network: a reason to try, never a reason to give up. */
  | { type: "online" }
  | { type: "offline" }
  /** A person asks for an attempt now. */
  | { type: "retry" }
  | { type: "stop" };

export type Effect =
  | { type: "dial" }
  /** Close the link and hear nothing more from it; `silent` when that is news to the client. */
  | { type: "hang-up"; silent: boolean }
  | { type: "ping"; sent: number };

type Action =
  | "dial"
  | "greet"
  | "go-live"
  | "hear"
  | "measure"
  | "recover"
  | "check"
  | "probe"
  | "leave";
type Row = Record<Input["type"], Action | "ignore" | "impossible">;

const PING_MS = 4_000;
/** Two pings and a bit: mobile networks stall for seconds without being gone. */
const SILENCE_MS = 10_000;
/** From dial to welcome. */
const GREETING_MS = 10_000;
/** A connection that lasted this long was a good one: the backoff starts anew. */
const GOOD_MS = 5_000;

const RESTING: Row = {
  start: "impossible",
  opened: "impossible",
  welcomed: "impossible",
  heard: "impossible",
  pong: "impossible",
  closed: "impossible",
  tick: "ignore",
  show: "ignore",
  hide: "ignore",
  online: "ignore",
  offline: "ignore",
  retry: "ignore",
  stop: "leave",
};

const TABLE: Record<Phase, Row> = {
  idle: { ...RESTING, start: "dial" },
  // A link may bring bytes before its dial has handed it over.
  dialing: {
    ...RESTING,
    opened: "greet",
    heard: "ignore",
    pong: "ignore",
    closed: "recover",
    tick: "check",
  },
  greeting: {
    ...RESTING,
    welcomed: "go-live",
    heard: "hear",
    pong: "measure",
    closed: "recover",
    tick: "check",
  },
  live: {
    ...RESTING,
    heard: "hear",
    pong: "measure",
    closed: "recover",
    tick: "check",
    show: "probe",
    online: "probe",
    retry: "probe",
  },
  waiting: { ...RESTING, tick: "check", show: "dial", online: "dial", retry: "dial" },
  ended: { ...RESTING, retry: "dial" },
  stopped: { ...RESTING, stop: "ignore" },
};

export class Machine {
  #phase: Phase = "idle";
  #visible: boolean;
  #online = true;
  #attempt = 0;
  #slowly = false;
  #since = 0;
  /** The last sign of life, or when we began to look for one. */
  #quietSince = 0;
  #nextPingAt = 0;
  #retryAt: number | null = null;
  #latency: number | null = null;

  constructor(visible = true) {
    this.#visible = visible;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** What the browser believes about the network. */
  get online(): boolean {
    return this.#online;
  }

  /** When the next attempt is due, while waiting. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  /** The last round trip; null while there is none. */
  get latency(): number | null {
    return this.#latency;
  }

  /** When a `tick` is due; null: not before another input. */
  get deadline(): number | null {
    if (this.#phase === "waiting") return this.#retryAt;
    if (this.#phase === "dialing" || this.#phase === "greeting") return this.#since + GREETING_MS;
    if (this.#phase !== "live" || !this.#visible) return null;
    return Math.min(this.#nextPingAt, this.#quietSince + SILENCE_MS);
  }

  /** Take an input; `chance` in [0, 1) spreads the attempts. Throws on what cannot happen. */
  receive(input: Input, now: number, chance: number): Effect[] {
    this.#note(input);
    const action = TABLE[this.#phase][input.type];
    if (action === "ignore") return [];
    if (action === "impossible") throw new Error(`${input.type} while ${this.#phase}`);
    return this.#act(action, input, now, chance);
  }

  #note(input: Input): void {
    if (input.type === "show" || input.type === "hide") this.#visible = input.type === "show";
    if (input.type === "online" || input.type === "offline") this.#online = input.type === "online";
  }

  #act(action: Action, input: Input, now: number, chance: number): Effect[] {
    switch (action) {
      case "dial":
        return this.#dial(now);
      case "greet":
        this.#phase = "greeting";
        return [];
      case "go-live":
        return this.#goLive(now);
      case "hear":
        this.#quietSince = now;
        return [];
      case "measure":
        this.#latency = input.type === "pong" ? Math.max(now - input.sent, 0) : this.#latency;
        return [];
      case "recover":
        return this.#recover(input.type === "closed" ? input.step : "retry", now, chance);
      case "check":
        return this.#check(now, chance);
      case "probe":
        return this.#probe(input, now);
      case "leave":
        this.#rest("stopped");
        return [{ type: "hang-up", silent: false }];
      default:
        return assertNever(action, "action");
    }
  }

  #dial(now: number): Effect[] {
    this.#rest("dialing");
    this.#since = now;
    return [{ type: "dial" }];
  }

  #goLive(now: number): Effect[] {
    this.#rest("live");
    this.#since = this.#quietSince = now;
    return this.#visible ? this.#ping(now) : [];
  }

  #recover(step: Step, now: number, chance: number): Effect[] {
    if (step === "ask-for-link" || step === "stop") {
      this.#rest("ended");
      return [];
    }
    const good = this.#phase === "live" && now - this.#since >= GOOD_MS;
    this.#attempt = good ? 0 : this.#attempt;
    this.#slowly = step === "retry-slowly";
    this.#rest("waiting");
    this.#retryAt = now + backoffMs(this.#attempt, this.#slowly || !this.#visible, chance);
    this.#attempt += 1;
    return [];
  }

  #check(now: number, chance: number): Effect[] {
    const deadline = this.deadline;
    if (deadline === null || now < deadline) return [];
    if (this.#phase === "waiting") return this.#dial(now);
    if (this.#phase === "live" && now < this.#quietSince + SILENCE_MS) return this.#ping(now);
    return [{ type: "hang-up", silent: true }, ...this.#recover("retry", now, chance)];
  }

  // Timers of hidden pages come minutes late, so only visible ones are judged; the silence of the time
  // before the return counts for nothing.
  #probe(input: Input, now: number): Effect[] {
    if (!this.#visible) return [];
    if (input.type === "show") this.#quietSince = now;
    return this.#ping(now);
  }

  #ping(now: number): Effect[] {
    this.#nextPingAt = now + PING_MS;
    return [{ type: "ping", sent: now }];
  }

  #rest(phase: Phase): void {
    this.#phase = phase;
    this.#retryAt = null;
    if (phase !== "live") this.#latency = null;
  }
}
