import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EarlySocket } from "./early-socket";

class FakeSocket {
  static readonly OPEN = 1;
  readyState = 0;
  readonly asked: unknown[];

  constructor(...asked: unknown[]) {
    this.asked = asked;
    opened.push(this);
  }
}

let opened: FakeSocket[];
let sockets: EarlySocket;

beforeEach(() => {
  opened = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  sockets = new EarlySocket("ws://h/ws", ["a", "b"]);
});

afterEach(() => vi.unstubAllGlobals());

test("the handshake begins before anybody asks for the socket", () => {
  expect(opened.map(({ asked }) => asked)).toEqual([["ws://h/ws", ["a", "b"]]]);
});

test.each([0, 1])("the first attempt takes it, being opened or open (%i)", (state) => {
  for (const socket of opened) socket.readyState = state;
  expect(sockets.take()).toBe(opened[0]);
  expect(opened.length).toBe(1);
});

test.each([2, 3])("one that has ended meanwhile (%i) is taken by nobody", (state) => {
  for (const socket of opened) socket.readyState = state;
  expect(sockets.take()).toBe(opened[1]);
});

test("every later attempt has a socket of its own", () => {
  const taken = [sockets.take(), sockets.take(), sockets.take()];
  expect(new Set(taken).size).toBe(3);
});
