/** Runs the machine's effects: opens links, hands on what they bring, keeps one timer. */
import { assertNever } from "../lib/assert";
import type { Clock } from "./clock";
import type { Hints } from "./hints";
import type { Dial, Link, LinkEvents } from "./link";
import { type Effect, type Input, Machine, type Step } from "./machine";

/** WebSocket's own code for a line that was cut: nobody said goodbye. */
const CUT = 1006;

/** What the client is told. `opened` and `closed` alternate, except that a failed dial closes what never opened. */
export interface ConnectionEvents {
  opened(link: Link): void;
  message(bytes: Uint8Array): void;
  closed(code: number, reason: string): void;
  /** Time for an application-level ping. */
  ping(sent: number): void;
  /** The status may be another. */
  changed(): void;
}

export interface ConnectionOptions {
  dial: Dial;
  events: ConnectionEvents;
  /** What a close code asks for. */
  stepOf(code: number): Step;
  clock: Clock;
  hints: Hints;
}

export class Connection {
  readonly machine = new Machine();
  readonly #options: ConnectionOptions;
  #attempt: AbortController | null = null;
  #link: Link | null = null;
  #cancelTimer: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Begin, until the signal is aborted. */
  start(signal: AbortSignal): void {
    if (signal.aborted) return;
    signal.addEventListener("abort", () => this.#feed({ type: "stop" }), { once: true });
    this.#options.hints((hint) => this.#feed({ type: hint }), signal);
    this.#feed({ type: "start" });
  }

  /** The room let us in. */
  welcomed(): void {
    this.#feed({ type: "welcomed" });
  }

  pong(sent: number): void {
    this.#feed({ type: "pong", sent });
  }

  /** A person wants an attempt now. */
  retry(): void {
    this.#feed({ type: "retry" });
  }

  /** The other side cannot be understood: hang up as if it had closed with this code. */
  fail(code: number, reason: string): void {
    this.#hangUp();
    this.#closed(code, reason);
  }

  /** Bytes that were sent and have not left. */
  get bufferedBytes(): number {
    return this.#link?.bufferedBytes() ?? 0;
  }

  /** Send a message over the open link; without one it is dropped. */
  send(message: Uint8Array): void {
    this.#link?.send(message);
  }

  #feed(input: Input): void {
    const { clock, events } = this.#options;
    const effects = this.machine.receive(input, clock.now(), clock.chance());
    this.#arm();
    for (const effect of effects) this.#run(effect);
    if (input.type !== "heard") events.changed();
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case "dial":
        void this.#dial();
        break;
      case "hang-up":
        this.#hangUp();
        if (effect.silent) this.#options.events.closed(CUT, "");
        break;
      case "ping":
        this.#options.events.ping(effect.sent);
        break;
      default:
        assertNever(effect, "effect");
    }
  }

  #arm(): void {
    this.#cancelTimer();
    const { deadline } = this.machine;
    if (deadline === null) return;
    const { clock } = this.#options;
    const tick = (): void => this.#feed({ type: "tick" });
    this.#cancelTimer = clock.after(Math.max(deadline - clock.now(), 0), tick);
  }

  async #dial(): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    let isOpen = false;
    const opened = (): void => {
      if (!isOpen || this.#link === null) return;
      this.#feed({ type: "opened" });
      this.#options.events.opened(this.#link);
    };
    const events = this.#eventsOf(attempt.signal, () => {
      isOpen = true;
      opened();
    });
    try {
      const link = await this.#options.dial(events, attempt.signal);
      if (attempt.signal.aborted) return link.close();
      this.#link = link;
      opened();
    } catch (error) {
      // A way that cannot be dialled (no network, a proxy's page) is a cut line; its reason is for the log.
      events.close(CUT, error instanceof Error ? error.message : String(error));
    }
  }

  #eventsOf(signal: AbortSignal, open: () => void): LinkEvents {
    return {
      open: () => signal.aborted || open(),
      message: (bytes) => {
        if (signal.aborted) return;
        this.#feed({ type: "heard" });
        this.#options.events.message(bytes);
      },
      close: (code, reason) => {
        if (signal.aborted) return;
        this.#hangUp();
        this.#closed(code, reason);
      },
    };
  }

  #closed(code: number, reason: string): void {
    this.#options.events.closed(code, reason);
    this.#feed({ type: "closed", step: this.#options.stepOf(code) });
  }

  #hangUp(): void {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#link?.close();
    this.#link = null;
  }
}
