/** A WebSocket that is opened before it is known what to say over it: its handshake takes place meanwhile. */

export class EarlySocket {
  readonly #url: string;
  readonly #subprotocols: readonly string[];
  #early: WebSocket | null;

  /** Begins the handshake. Throws what `new WebSocket` throws for an address that is none. */
  constructor(url: string, subprotocols: readonly string[]) {
    this.#url = url;
    this.#subprotocols = subprotocols;
    this.#early = this.#open();
  }

  /** For each attempt to connect: first the early one, unless it has ended; after that always another. */
  take(): WebSocket {
    const early = this.#early;
    this.#early = null;
    const usable = early !== null && early.readyState <= WebSocket.OPEN;
    return usable ? early : this.#open();
  }

  #open(): WebSocket {
    return new WebSocket(this.#url, [...this.#subprotocols]);
  }
}
