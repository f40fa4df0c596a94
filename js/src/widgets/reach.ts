/**
 * Opens the panel's connection: tries each way, has the relay prove itself, keeps the one that works.
 *
 * A relay that proved itself under an address is believed there again when the kernel is too busy to
 * give a new ticket; such a connection shows the session's own proof, and never a ticket.
 */
import type { Dial } from "../client";
import type { Kernel, Ticket } from "./kernel";
import { adopt, openProven } from "./opening";
import { openTunnel } from "./tunnel";
import { waysTo } from "./ways";

/** Milliseconds that a kernel has to give a ticket: when there is none at all, and when it would do without. */
const TICKET_TIMEOUT_MS = 5000;
const RENEWAL_TIMEOUT_MS = 500;

export class Reach {
  readonly #kernel: Kernel;
  readonly #base: string | null;
  readonly #location: Location;
  readonly #signal: AbortSignal;
  readonly #proven = new Set<string>();
  #ticket: Ticket | null;
  #won = "";
  #open: WebSocket | null = null;

  constructor(kernel: Kernel, base: string | null, location: Location, signal: AbortSignal) {
    this.#kernel = kernel;
    this.#base = base;
    this.#location = location;
    this.#signal = signal;
    this.#ticket = kernel.takeTicket();
  }

  /**
   * Finds a way, and resolves to what may be shown on it: the ticket, or nothing where the relay has
   * not proved itself just now. The client asks for this right before each dial.
   */
  readonly credential = async (): Promise<string> => {
    this.#open?.close();
    this.#open = null;
    const ways = this.#ways();
    const known = ways.some((way) => this.#proven.has(way));
    if (known || this.#ticket === null) await this.#renew(known);
    for (const way of ways) {
      const found = await this.#try(way);
      if (found === null) continue;
      this.#won = way;
      this.#open = found.socket;
      return found.secret;
    }
    return this.#take();
  };

  /** Takes over the way that was found, or goes through the kernel. */
  readonly dial: Dial = (events, signal) => {
    const socket = this.#open;
    this.#open = null;
    if (socket === null) return openTunnel(this.#kernel, events, signal);
    return adopt(socket, events, signal);
  };

  #ways(): string[] {
    const ways = waysTo({
      port: this.#kernel.number("port"),
      relay: this.#kernel.text("relay"),
      base: this.#base,
      location: this.#location,
    });
    return ways.sort((a, b) => Number(b === this.#won) - Number(a === this.#won));
  }

  async #renew(known: boolean): Promise<void> {
    const timeoutMs = known ? RENEWAL_TIMEOUT_MS : TICKET_TIMEOUT_MS;
    this.#ticket = await this.#kernel.askTicket(this.#location.origin, timeoutMs);
  }

  #take(): string {
    const secret = this.#ticket?.secret ?? "";
    this.#ticket = null; // good once
    return secret;
  }

  async #try(way: string): Promise<{ socket: WebSocket; secret: string } | null> {
    if (this.#ticket === null) {
      if (!this.#proven.has(way)) return null;
      const socket = await openProven(way, null, this.#signal);
      return socket instanceof WebSocket ? { socket, secret: "" } : null;
    }
    let outcome = await openProven(way, this.#ticket, this.#signal);
    if (outcome === "unknown-ticket") {
      await this.#renew(false); // used by another view of this panel, or older than a minute
      if (this.#ticket === null) return null;
      outcome = await openProven(way, this.#ticket, this.#signal);
    }
    if (!(outcome instanceof WebSocket)) return null;
    this.#proven.add(way);
    return { socket: outcome, secret: this.#take() };
  }
}
