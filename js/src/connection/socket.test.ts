import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LinkEvents } from "./link";
import { linkOver } from "./socket";

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  readyState = 0;
  binaryType = "blob";
  protocol = "cowidget.1.msgpack";
  bufferedAmount = 0;
  closedWith: number[] = [];

  close(code: number): void {
    this.closedWith.push(code);
  }
}

let socket: FakeSocket;
let told: unknown[];
let attempt: AbortController;

const events: LinkEvents = {
  open: () => told.push("open"),
  message: (bytes) => told.push([...bytes]),
  close: (code) => told.push(code),
};

beforeEach(() => {
  vi.stubGlobal("WebSocket", FakeSocket);
  socket = new FakeSocket();
  told = [];
  attempt = new AbortController();
});

afterEach(() => vi.unstubAllGlobals());

function link() {
  return linkOver(socket as unknown as WebSocket, events, attempt.signal);
}

test("a socket that is being opened tells when it is open", () => {
  link();
  expect(told).toEqual([]);
  socket.dispatchEvent(new Event("open"));
  expect(told).toEqual(["open"]);
});

test("a socket that is open already tells it at once", () => {
  socket.readyState = FakeSocket.OPEN;
  link();
  expect(told).toEqual(["open"]);
});

test("messages come as bytes", () => {
  link();
  const data = new Uint8Array([1, 2]).buffer;
  socket.dispatchEvent(new MessageEvent("message", { data }));
  expect(socket.binaryType).toBe("arraybuffer");
  expect(told).toEqual([[1, 2]]);
});

test("after its attempt has ended it is closed and says nothing more", () => {
  link();
  attempt.abort();
  socket.dispatchEvent(new Event("open"));
  expect(socket.closedWith).toEqual([1000]);
  expect(told).toEqual([]);
});
