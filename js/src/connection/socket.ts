/** The browser's WebSocket as a link. */
import type { Link, LinkEvents } from "./link";

const JSON_SUBPROTOCOL = "cowidget.1.json";

/** Opens a WebSocket. Throws what `new WebSocket` throws for an address that is none. */
export function openSocket(
  url: string,
  subprotocols: readonly string[],
  events: LinkEvents,
  signal: AbortSignal,
): Link {
  return linkOver(new WebSocket(url, [...subprotocols]), events, signal);
}

/** A link over a WebSocket that is open or being opened, over which nothing has been said yet. */
export function linkOver(socket: WebSocket, events: LinkEvents, signal: AbortSignal): Link {
  socket.binaryType = "arraybuffer";
  const end = new AbortController();
  const until = { signal: end.signal };
  socket.addEventListener("open", () => events.open(), until);
  socket.addEventListener("message", ({ data }) => events.message(bytesOf(data)), until);
  socket.addEventListener("close", ({ code, reason }) => events.close(code, reason), until);
  if (socket.readyState === WebSocket.OPEN) events.open(); // its own event has come before
  const close = (): void => {
    end.abort();
    socket.close(1000);
  };
  signal.addEventListener("abort", close, { once: true });
  return {
    get subprotocol() {
      return socket.protocol;
    },
    send: (message) => sendOver(socket, message),
    close,
    bufferedBytes: () => socket.bufferedAmount,
  };
}

function bytesOf(data: unknown): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new TextEncoder().encode(String(data));
}

function sendOver(socket: WebSocket, message: Uint8Array): void {
  // Between our last look and now the socket may have begun to close; the outbox sends it again.
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.protocol === JSON_SUBPROTOCOL) socket.send(new TextDecoder().decode(message));
  else socket.send(message.slice());
}
