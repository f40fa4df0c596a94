import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pack, unpack } from "../lib/msgpack";
import { Kernel } from "./kernel";
import { expectedProof } from "./proof";
import { Reach } from "./reach";
import { fakeModel } from "./support";

const PROXY = "ws://localhost:8888/proxy/8000/ws";
const DIRECT = "ws://127.0.0.1:8000/ws";
const PLACE = {
  protocol: "http:",
  host: "localhost:8888",
  hostname: "localhost",
  origin: "http://localhost:8888",
} as Location;

/** What stands at an address: a relay that knows these tickets by name, an impostor, or nothing. */
type Standing = Map<string, string> | "impostor" | "silent" | "nothing";
let standing: Record<string, Standing>;
let dialed: string[];

class FakeSocket {
  static readonly OPEN = 1;
  readonly url: string;
  readyState = 0;
  binaryType = "";
  bufferedAmount = 0;
  closed = false;
  readonly sent: Uint8Array[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    dialed.push(url);
    queueMicrotask(() => {
      if ((standing[url] ?? "nothing") === "nothing") return this.onerror?.();
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(message: Uint8Array): void {
    this.sent.push(message);
    const [frame] = unpack(message) as { type: string; invitation: string; nonce: string }[];
    const here = standing[this.url];
    if (frame?.type !== "challenge" || here === "silent" || here === undefined) return;
    const ticket = here instanceof Map ? here.get(frame.invitation) : "wrong";
    const mac = ticket === undefined ? "" : expectedProof(String(ticket), frame.nonce);
    const answer = pack([{ type: "proof", mac }]);
    queueMicrotask(() => this.onmessage?.({ data: answer.slice().buffer }));
  }

  close(): void {
    this.closed = true;
  }
}

beforeEach(() => {
  standing = {};
  dialed = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A kernel that answers with tickets `t1`, `t2`, … unless it is busy. */
function setting({ ticket = "t0", busy = false } = {}) {
  const state = { busy, count: 0 };
  const traits = { port: 8000, relay: "", ticket, ticket_name: ticket === "" ? "" : "n0" };
  const model = fakeModel(traits, ({ ask }) => {
    if (ask !== "ticket" || state.busy) return undefined;
    state.count += 1;
    return { ticket: `t${state.count}`, name: `n${state.count}` };
  });
  const { signal } = new AbortController();
  const reach = new Reach(new Kernel(model, signal), "/", PLACE, signal);
  const events = { open: vi.fn(), message: vi.fn(), close: vi.fn() };
  const connect = async () => {
    const secret = await reach.credential();
    const link = await reach.dial(events, signal);
    return { secret, link };
  };
  const asked = () => model.sent.map(({ content }) => content.ask ?? content.op);
  return { reach, model, state, events, connect, asked };
}

function relay(...tickets: string[]): Map<string, string> {
  return new Map(tickets.map((ticket) => [ticket.replace("t", "n"), ticket]));
}

test("the proxy comes first, and the ticket is shown to a relay that has proved itself", async () => {
  standing[PROXY] = relay("t0");
  const { connect, events } = setting();
  expect((await connect()).secret).toBe("t0");
  expect(dialed).toEqual([PROXY]);
  expect(events.open).toHaveBeenCalledOnce();
});

test("without a proxy the direct way wins at once", async () => {
  standing[DIRECT] = relay("t0");
  const { connect } = setting();
  await connect();
  expect(dialed).toEqual([PROXY, DIRECT]);
});

test("a ticket among the traits is taken from them at once: a notebook may be saved at any time", () => {
  const { model } = setting({ ticket: "t0" });

  expect(model.get("ticket")).toBe("");
});

test("an impostor at the port gets no ticket", async () => {
  standing = { [PROXY]: "impostor", [DIRECT]: "impostor" };
  const { connect, asked } = setting();
  await connect();
  expect(asked()).toEqual(["open"]); // through the kernel
});

test("something that is silent holds up the next way for four seconds", async () => {
  vi.useFakeTimers();
  standing = { [PROXY]: "silent", [DIRECT]: relay("t0") };
  const { connect } = setting();
  const connecting = connect();
  await vi.advanceTimersByTimeAsync(4000);
  expect((await connecting).secret).toBe("t0");
});

test("a ticket that is used up or too old is replaced by a new one", async () => {
  standing[PROXY] = relay("t1");
  const { connect, asked } = setting();
  expect((await connect()).secret).toBe("t1");
  expect(asked()).toEqual(["ticket"]);
});

test("a panel without a ticket asks for one", async () => {
  standing[PROXY] = relay("t1");
  const { connect } = setting({ ticket: "" });
  expect((await connect()).secret).toBe("t1");
});

test("the kernel may answer through the traits", async () => {
  standing[PROXY] = relay("t9");
  const { connect, model, state } = setting({ ticket: "" });
  state.busy = true;
  const connecting = connect();
  model.set("ticket_name", "n9");
  model.set("ticket", "t9");
  expect((await connecting).secret).toBe("t9");
});

test("coming back, the way that won is tried first, with a new ticket", async () => {
  standing[DIRECT] = relay("t0", "t1");
  const { connect } = setting();
  await connect();
  dialed = [];
  expect((await connect()).secret).toBe("t1");
  expect(dialed).toEqual([DIRECT]);
});

test("coming back while the kernel is busy, the proven relay is shown no ticket", async () => {
  vi.useFakeTimers();
  standing[DIRECT] = relay("t0");
  const { connect, state } = setting();
  await connect();
  state.busy = true;
  const connecting = connect();
  await vi.advanceTimersByTimeAsync(500);
  expect((await connecting).secret).toBe("");
  expect(dialed.at(-1)).toBe(DIRECT);
});

test("when no way leads there the kernel carries the messages, and gets the ticket", async () => {
  const { connect, asked } = setting();
  expect((await connect()).secret).toBe("t0");
  expect(asked()).toEqual(["open"]);
});

test("an attempt that was given up opens nothing", async () => {
  standing[PROXY] = relay("t0");
  const { reach, events } = setting();
  await reach.credential();
  const given = new AbortController();
  given.abort();
  await reach.dial(events, given.signal);
  expect(events.open).not.toHaveBeenCalled();
});
