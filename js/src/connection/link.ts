/** What carries messages: a WebSocket, or a comm of a notebook. */

/** One open connection. A message is an array of frames, encoded. */
export interface Link {
  /** The subprotocol that was agreed on; the first one of PROTOCOL.md M1 when it does not say. */
  readonly subprotocol?: string;
  send(message: Uint8Array): void;
  close(): void;
  /** Bytes that were sent and have not left. */
  bufferedBytes(): number;
}

/** What happens to a link. After `close`, or after its signal was aborted, it says nothing more. */
export interface LinkEvents {
  open(): void;
  message(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

/**
 * Opens one connection; called afresh per attempt, so that it can choose the way and fetch a fresh
 * credential. A rejection counts as a cut. `open` may be called before or after the link is returned.
 */
export type Dial = (events: LinkEvents, signal: AbortSignal) => Link | Promise<Link>;
