/** The panel's model: what the kernel has put there, and what is asked of it over the comm. */
import type { ModelFace } from "../host/model";
import { ownBytes } from "../host/values";

/** A secret that is good once, for 60 s, and the name of its invitation. */
export interface Ticket {
  secret: string;
  name: string;
}

/** What lets a guest's panel in: the session of its kernel. */
export interface Session {
  peer: string;
  proof: string;
}

export type CommMessage = { op: string; id: string; code: number; reason: string };

type Listener = (message: CommMessage, buffers: Uint8Array[]) => void;

export class Kernel {
  readonly #model: ModelFace;
  readonly #signal: AbortSignal;

  constructor(model: ModelFace, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
  }

  text(
    name: "room" | "part" | "invitation" | "relay" | "failure" | "share" | "person" | "color",
  ): string {
    const value = this.#model.get(name);
    return typeof value === "string" ? value : "";
  }

  number(name: "port" | "height"): number {
    const value = this.#model.get(name);
    return typeof value === "number" && Number.isFinite(value) ? value : 0;
  }

  /**
   * The ticket that is among the traits; null if there is none. It may be used up or too old. It is taken from
   * them at once: a notebook that is saved now would keep it.
   */
  takeTicket(): Ticket | null {
    const found = ticketIn(this.#model.get("ticket"), this.#model.get("ticket_name"));
    if (found !== null) this.#model.set("ticket", "");
    return found;
  }

  /** Tells the kernel which origin the tickets are for. */
  tellOrigin(origin: string): void {
    if (this.#model.get("origin") === origin) return;
    this.#model.set("origin", origin);
    this.#model.save_changes();
  }

  onChange(names: readonly string[], callback: () => void): void {
    for (const name of names) this.#model.on(`change:${name}`, callback);
  }

  /** A new ticket, or null when the kernel does not answer in time: it is busy, or gone. */
  askTicket(origin: string, timeoutMs: number): Promise<Ticket | null> {
    return new Promise((resolve) => {
      const onMessage = (content: unknown): void => {
        if (typeof content !== "object" || content === null) return;
        const { ticket, name } = content as Record<string, unknown>;
        const found = ticketIn(ticket, name);
        if (found !== null) finish(found);
      };
      const finish = (found: Ticket | null): void => {
        clearTimeout(late);
        this.#model.off("msg:custom", onMessage);
        this.#model.off("change:ticket", onTrait);
        resolve(found);
      };
      // The answer is a message, or the traits: what the kernel sends first.
      const onTrait = (): void => {
        const found = this.takeTicket();
        if (found !== null) finish(found);
      };
      const late = setTimeout(() => finish(null), timeoutMs);
      this.#signal.addEventListener("abort", () => finish(null), { once: true });
      this.#model.on("msg:custom", onMessage);
      this.#model.on("change:ticket", onTrait);
      this.#model.send({ ask: "ticket", origin });
    });
  }

  /** A guest's kernel gives its session, once it is in the room; null when it does not within this time. */
  askSession(timeoutMs: number): Promise<Session | null> {
    return new Promise((resolve) => {
      const finish = (found: Session | null): void => {
        clearTimeout(late);
        this.#model.off("msg:custom", onMessage);
        resolve(found);
      };
      const onMessage = (content: unknown): void => {
        const found = sessionIn(content);
        if (found !== null) finish(found);
      };
      const late = setTimeout(() => finish(null), timeoutMs);
      this.#signal.addEventListener("abort", () => finish(null), { once: true });
      this.#model.on("msg:custom", onMessage);
      this.#model.send({ ask: "session" });
    });
  }

  /**
   * A part of the interface; rejects when the kernel does not give it in time. Once the panel is gone, it is for
   * nobody, and the promise stays open.
   */
  askPart(name: string, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) return;
      const end = (): void => {
        clearTimeout(late);
        this.#model.off("msg:custom", onMessage);
      };
      const onMessage = (content: unknown, buffers: unknown): void => {
        if (Object(content).part !== name || !Array.isArray(buffers) || buffers.length !== 1)
          return;
        end();
        resolve(ownBytes(buffers[0]));
      };
      const late = setTimeout(() => {
        end();
        reject(new Error(`the kernel has not given ${name}`));
      }, timeoutMs);
      this.#signal.addEventListener("abort", end, { once: true });
      this.#model.on("msg:custom", onMessage);
      this.#model.send({ ask: "part", name });
    });
  }

  /** Sends one message of the tunnel through the comm. */
  sendTunnel(op: "open" | "message" | "close", id: string, bytes?: Uint8Array): void {
    this.#model.send({ way: "comm", op, id }, undefined, bytes === undefined ? [] : [bytes]);
  }

  /** Hears the tunnel's messages until `signal` aborts. */
  onTunnel(listener: Listener, signal: AbortSignal): void {
    const onMessage = (content: unknown, buffers: unknown): void => {
      const message = tunnelMessage(content);
      if (message !== null) listener(message, Array.isArray(buffers) ? buffers.map(ownBytes) : []);
    };
    this.#model.on("msg:custom", onMessage);
    signal.addEventListener("abort", () => this.#model.off("msg:custom", onMessage), {
      once: true,
    });
  }
}

function ticketIn(secret: unknown, name: unknown): Ticket | null {
  if (typeof secret !== "string" || typeof name !== "string" || secret === "") return null;
  return { secret, name };
}

function sessionIn(content: unknown): Session | null {
  if (typeof content !== "object" || content === null || !("session" in content)) return null;
  const { peer, proof } = Object(content.session) as Record<string, unknown>;
  return typeof peer === "string" && typeof proof === "string" ? { peer, proof } : null;
}

function tunnelMessage(content: unknown): CommMessage | null {
  if (typeof content !== "object" || content === null) return null;
  const { way, op, id, code, reason } = content as Record<string, unknown>;
  if (way !== "comm" || typeof op !== "string" || typeof id !== "string") return null;
  return {
    op,
    id,
    code: typeof code === "number" ? code : 1006,
    reason: typeof reason === "string" ? reason : "",
  };
}
