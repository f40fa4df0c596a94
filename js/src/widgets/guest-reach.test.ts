import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GuestReach } from "./guest-reach";
import { Kernel } from "./kernel";
import { fakeModel } from "./support";

const PROXY = "ws://localhost:8888/lab/proxy/8000/ws";
const PLACE = {
  protocol: "http:",
  host: "localhost:8888",
  hostname: "localhost",
  origin: "http://localhost:8888",
} as Location;

let open: Set<string>;
let dialed: string[];

class FakeSocket {
  static readonly OPEN = 1;
  binaryType = "";
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string) {
    dialed.push(url);
    queueMicrotask(() => (open.has(url) ? this.onopen?.() : this.onerror?.()));
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  close(): void {}
}

beforeEach(() => {
  open = new Set();
  dialed = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => vi.unstubAllGlobals());

function setting(traits: Record<string, unknown>) {
  const model = fakeModel({ port: 0, relay: "", ...traits });
  const { signal } = new AbortController();
  const reach = new GuestReach(new Kernel(model, signal), "/lab", PLACE);
  const events = { open: vi.fn(), message: vi.fn(), close: vi.fn() };
  const connect = async () => reach.dial(events, signal);
  return { reach, model, events, connect };
}

test("a relay on the kernel's machine is reached through the Jupyter server", async () => {
  open.add(PROXY);
  const { connect, events, model } = setting({ port: 8000 });
  await connect();
  expect(dialed).toEqual([PROXY]);
  expect(events.open).toHaveBeenCalledOnce();
  expect(model.sent).toEqual([]);
});

test("a port of the browser's own machine is never dialled", async () => {
  const { connect, model } = setting({ port: 8000 });
  await connect();
  expect(dialed).toEqual([PROXY]);
  expect(model.sent.map(({ content }) => content.op)).toEqual(["open"]); // through the kernel
});

test("a relay that somebody runs is dialled at its address", async () => {
  open.add("wss://relay.example/x/ws");
  const { connect } = setting({ relay: "https://relay.example/x" });
  await connect();
  expect(dialed).toEqual(["wss://relay.example/x/ws"]);
});

test("a relay without an address that can be trusted is reached through the kernel", async () => {
  const { connect, model } = setting({});
  await connect();
  expect(dialed).toEqual([]);
  expect(model.sent.map(({ content }) => content.op)).toEqual(["open"]);
});

test("after a relay has refused the page, the kernel is the only way", async () => {
  open.add(PROXY);
  const { reach, connect, model } = setting({ port: 8000 });
  expect(reach.giveUpDirect()).toBe(true);
  await connect();
  expect(dialed).toEqual([]);
  expect(model.sent.map(({ content }) => content.op)).toEqual(["open"]);
  expect(reach.giveUpDirect()).toBe(false);
});
