import { beforeEach, expect, test } from "vitest";
import { Connection, type ConnectionOptions } from "./connection";
import type { Hint } from "./hints";
import type { Link, LinkEvents } from "./link";

interface Line {
  events: LinkEvents;
  signal: AbortSignal;
  closed: boolean;
  sent: Uint8Array[];
}

let lines: Line[];
let told: string[];
let hint: (hint: Hint) => void;

const step = { 4000: "retry", 4500: "stop" } as const;

function connection(dial?: ConnectionOptions["dial"]): Connection {
  return new Connection({
    dial: dial ?? ((events, signal) => link(events, signal)),
    events: {
      opened: () => told.push("opened"),
      message: (bytes) => told.push(`message ${bytes.length}`),
      closed: (code, reason) => told.push(`closed ${code} ${reason}`.trim()),
      ping: () => told.push("ping"),
      changed: () => undefined,
    },
    stepOf: (code) => (code === 4500 ? step[code] : "retry"),
    clock: { now: () => 0, chance: () => 0, after: () => () => undefined },
    hints: (listener) => {
      hint = listener;
    },
  });
}

function link(events: LinkEvents, signal: AbortSignal): Link {
  const line: Line = { events, signal, closed: false, sent: [] };
  lines.push(line);
  return {
    send: (message) => void line.sent.push(message),
    close: () => {
      line.closed = true;
    },
    bufferedBytes: () => 7,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function opened(): Promise<[Connection, Line, AbortController]> {
  const life = new AbortController();
  const made = connection();
  made.start(life.signal);
  await settled();
  const line = lines.at(-1);
  if (line === undefined) throw new Error("nothing was dialled");
  line.events.open();
  return [made, line, life];
}

beforeEach(() => {
  lines = [];
  told = [];
});

test("a link that opens is told, and carries messages both ways", async () => {
  const [made, line] = await opened();
  made.send(new Uint8Array(3));
  line.events.message(new Uint8Array(5));
  expect(told).toEqual(["opened", "message 5"]);
  expect([line.sent.length, made.bufferedBytes]).toEqual([1, 7]);
});

test("a link that is open before it is handed over is told once", async () => {
  const made = connection(async (events, signal) => {
    events.open();
    return link(events, signal);
  });
  made.start(new AbortController().signal);
  await settled();
  expect(told).toEqual(["opened"]);
});

test("a dial that fails is a cut", async () => {
  const made = connection(() => Promise.reject(new Error("no way")));
  made.start(new AbortController().signal);
  await settled();
  expect(told).toEqual(["closed 1006 no way"]);
  expect(made.machine.phase).toBe("waiting");
});

test("a link says nothing more after it was closed", async () => {
  const [, line] = await opened();
  line.events.close(4000, "restarting");
  line.events.message(new Uint8Array(1));
  line.events.close(4000, "again");
  expect(told).toEqual(["opened", "closed 4000 restarting"]);
  expect(line.signal.aborted).toBe(true);
});

test("a code that stops is not dialled again, unless a person asks", async () => {
  const [made, line] = await opened();
  line.events.close(4500, "wrong-link");
  hint("online");
  expect(lines).toHaveLength(1);
  made.retry();
  await settled();
  expect(lines).toHaveLength(2);
});

test("a failure of ours closes the link with our code", async () => {
  const [made, line] = await opened();
  made.fail(4500, "undecodable");
  expect([line.closed, told.at(-1), made.machine.phase]).toEqual([
    true,
    "closed 4500 undecodable",
    "ended",
  ]);
});

test("the end of the signal closes the link", async () => {
  const [made, line, life] = await opened();
  life.abort();
  expect([line.closed, made.machine.phase]).toEqual([true, "stopped"]);
});

test("a link that is handed over too late is closed", async () => {
  const life = new AbortController();
  const made = connection(async (events, signal) => {
    await settled();
    return link(events, signal);
  });
  made.start(life.signal);
  life.abort();
  await settled();
  await settled();
  expect(lines.map(({ closed }) => closed)).toEqual([true]);
});

test("a hint dials at once", async () => {
  const [, line] = await opened();
  line.events.close(1006, "");
  hint("show");
  await settled();
  expect(lines).toHaveLength(2);
});

test("a welcome makes it live, and a visible page asks at once", async () => {
  const [made] = await opened();
  made.welcomed();
  made.pong(0);
  expect([made.machine.phase, told.at(-1), made.machine.latency]).toEqual(["live", "ping", 0]);
});
