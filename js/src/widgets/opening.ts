/** Opens one way to a relay, has the relay prove itself, and hands the socket to the client. */
import type { Link, LinkEvents } from "../client";
import { token } from "../lib/random";
import { decodeRelay, encode, join, type Subprotocol } from "../protocol/codec";
import type { Ticket } from "./kernel";
import { expectedProof } from "./proof";

const SUBPROTOCOL: Subprotocol = "cowidget.1.msgpack";
/**
 * Milliseconds for one way, opening and proof together. More: a silent one holds up the next. Less: on a machine that
 * is busy opening the notebook, a good way is passed over, and all goes through the kernel until the line breaks.
 */
const WAY_TIMEOUT_MS = 4000;

export type Outcome = WebSocket | "unknown-ticket" | "failed";

/** A socket whose relay has proved that it knows the ticket; without a ticket, one that is open. */
export function openProven(
  way: string,
  ticket: Ticket | null,
  signal: AbortSignal,
): Promise<Outcome> {
  const socket = new WebSocket(way, SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  const nonce = token();
  return new Promise((resolve) => {
    const finish = (outcome: Outcome): void => {
      clearTimeout(late);
      signal.removeEventListener("abort", onAbort);
      socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
      if (outcome !== socket) socket.close();
      resolve(outcome);
    };
    const onAbort = (): void => finish("failed");
    const late = setTimeout(() => finish("failed"), WAY_TIMEOUT_MS);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.onopen = () => {
      if (ticket === null) return finish(socket);
      const frame = encode({ type: "challenge", invitation: ticket.name, nonce }, SUBPROTOCOL);
      socket.send(join([frame], SUBPROTOCOL));
    };
    socket.onmessage = ({ data }) => {
      const mac = proofIn(data);
      if (mac === "") finish("unknown-ticket");
      else
        finish(ticket !== null && mac === expectedProof(ticket.secret, nonce) ? socket : "failed");
    };
    socket.onerror = () => finish("failed");
    socket.onclose = () => finish("failed");
  });
}

/** The relay's answer; null if whoever is there says something else. */
function proofIn(data: unknown): string | null {
  if (!(data instanceof ArrayBuffer)) return null;
  try {
    const [frame] = decodeRelay(new Uint8Array(data), SUBPROTOCOL);
    return frame?.type === "proof" ? frame.mac : null;
  } catch {
    return null; // another program lives at this port
  }
}

/** Hands an open socket to the client. */
export function adopt(socket: WebSocket, events: LinkEvents, signal: AbortSignal): Link {
  socket.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) events.message(new Uint8Array(data));
  };
  socket.onclose = ({ code, reason }) => events.close(code, reason);
  signal.addEventListener("abort", () => socket.close(), { once: true });
  if (signal.aborted) socket.close();
  else events.open();
  return {
    subprotocol: SUBPROTOCOL,
    send: (message) => socket.send(new Uint8Array(message)),
    close: () => socket.close(),
    bufferedBytes: () => socket.bufferedAmount,
  };
}
