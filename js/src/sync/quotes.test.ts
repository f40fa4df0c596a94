import { expect, test } from "vitest";
import type { Body, ClientFrame, LogEntry, Page, Said } from "../protocol/frames";
import type { Effect } from "./notes";
import { Replica } from "./replica";

function entry(at: number, text = `line ${at}`, over: Partial<LogEntry> = {}): LogEntry {
  const body: Body = { kind: "text", text, reply: 0 };
  return { at, by: "ann", name: "Ann", color: "", time: at, id: at, body, ...over };
}

function run(first: number, last: number): LogEntry[] {
  return Array.from({ length: last - first + 1 }, (_, n) => entry(first + n));
}

function said(entries: LogEntry[], over: Partial<Said> = {}): Said {
  return { type: "said", entries, reset: false, more: false, older: false, ...over };
}

function framesIn(effects: readonly Effect[]): ClientFrame[] {
  return effects.flatMap((effect) => (effect.type === "transmit" ? effect.frames : []));
}

function welcome(replica: Replica, epoch = "l"): ClientFrame[] {
  replica.receiveOpened("secret");
  const who = { peer: "me", proof: "x", role: "participant", acked: 0 } as const;
  const positions = { state: ["s", 0], log: [epoch, 500] } as const;
  const rest = { reset: false, missed: false, people: [], invitations: [], time: 0, locked: false };
  return framesIn(
    replica.receive({
      ...{ type: "welcome", ...who, ...rest, invitation: "guests", photo_pass: "" },
      ...{ state: [...positions.state], log: [...positions.log] },
    }),
  );
}

/** Holds the last ten of a log of 500. */
function joined(): Replica {
  const replica = new Replica({ room: "r", kind: "guest", instance: "i", name: "me", color: "" });
  welcome(replica);
  replica.receive(said(run(491, 500), { reset: true, older: true }));
  return replica;
}

const asks = (at: number): Page => ({ type: "page", before: at + 1, count: 1 });

const held = (replica: Replica): number[] => replica.log.map(({ at }) => at);

function textOf(replica: Replica, at: number): string | undefined {
  const body = replica.quoted(at)?.entry.body;
  return body !== undefined && "text" in body ? body.text : undefined;
}

test("what is answered is asked for once, alone, and makes no hole", () => {
  const replica = joined();
  expect(replica.quoted(7)).toBeUndefined();
  expect(framesIn(replica.quote(7))).toEqual([asks(7)]);
  expect(replica.quote(7)).toEqual([]);
  const effects = replica.receive(said([entry(7)], { older: true }));
  expect(effects).toEqual([{ type: "messages-changed", offsets: [7] }]);
  expect(textOf(replica, 7)).toBe("line 7");
  expect([held(replica), replica.messages.length, replica.logOlder]).toEqual([
    run(491, 500).map(({ at }) => at),
    10,
    true,
  ]);
  expect(replica.quote(7)).toEqual([]);
});

test("nothing is asked for that is in the run, or cannot be there", () => {
  const replica = joined();
  for (const at of [491, 500, 501, 0, -3]) {
    expect([replica.quote(at), replica.quoted(at)]).toEqual([[], null]);
  }
});

test("before the first welcome nothing is known, and what was wanted is looked for in what it brings", () => {
  const replica = new Replica({ room: "r", kind: "guest", instance: "i", name: "me", color: "" });
  expect([replica.quoted(495), replica.quote(495)]).toEqual([undefined, []]);
  expect(welcome(replica)).toEqual([]);
  replica.receive(said(run(491, 500), { reset: true, older: true }));
  expect(replica.quoted(495)).toBeNull();
});

test("a few are asked for at a time, the others when these have come", () => {
  const replica = joined();
  const asked = [1, 2, 3, 4, 5, 6].flatMap((at) => framesIn(replica.quote(at)));
  expect(asked).toEqual([1, 2, 3, 4].map(asks));
  expect(framesIn(replica.receive(said([entry(2)])))).toEqual([asks(5)]);
});

test("a page backwards that is on its way comes as ever, before the answer or after it", () => {
  for (const answers of [
    [run(441, 490), run(7, 7)],
    [run(7, 7), run(441, 490)],
  ]) {
    const replica = joined();
    replica.pageBack(50);
    replica.quote(7);
    for (const entries of answers) replica.receive(said(entries, { older: true }));
    expect(held(replica)).toEqual(run(441, 500).map(({ at }) => at));
    expect([textOf(replica, 7), replica.logOlder]).toEqual(["line 7", true]);
    expect(framesIn(replica.pageBack(50))).toEqual([{ type: "page", before: 441, count: 50 }]);
  }
});

test("the entry just before the run may come as an answer and as a page of one", () => {
  const replica = joined();
  replica.pageBack(50);
  replica.quote(490);
  replica.receive(said([entry(490)], { older: true }));
  replica.receive(said([entry(490)], { older: true }));
  expect(held(replica)).toEqual(run(490, 500).map(({ at }) => at));
  expect(framesIn(replica.pageBack(50))).toEqual([{ type: "page", before: 490, count: 50 }]);
});

test("a quote that a page has brought meanwhile needs no answer, which changes nothing", () => {
  const replica = joined();
  replica.quote(460);
  replica.pageBack(50);
  replica.receive(said(run(441, 490), { older: true }));
  expect(replica.quoted(460)).toBeNull();
  replica.receive(said([entry(460)], { older: true }));
  expect(held(replica)).toEqual(run(441, 500).map(({ at }) => at));
});

test("a live entry that leaves a gap is paged to, whatever is quoted meanwhile", () => {
  const replica = joined();
  replica.quote(7);
  expect(framesIn(replica.receive(said([entry(503)])))).toEqual([
    { type: "page", after: 500, count: 200 },
  ]);
  replica.receive(said([entry(7)], { older: true }));
  expect(replica.receive(said([entry(504)]))).toEqual([]);
  replica.receive(said(run(501, 503)));
  expect(held(replica)).toEqual(run(491, 504).map(({ at }) => at));
});

test("an edit and an erase that are heard later change the quote, and nothing is kept of what is erased", () => {
  const replica = joined();
  replica.quote(7);
  replica.receive(said([entry(501, "", { body: { kind: "edit", entry: 7, text: "reworded" } })]));
  replica.receive(said([entry(7)]));
  expect([textOf(replica, 7), replica.quoted(7)?.edited]).toEqual(["reworded", true]);
  replica.receive(said([entry(502, "", { body: { kind: "erase", entry: 7 } })]));
  expect(replica.quoted(7)).toMatchObject({ erased: true, entry: { body: { kind: "erased" } } });
});

test("what is erased while it is on its way is not kept either", () => {
  const replica = joined();
  replica.quote(7);
  replica.receive(said([entry(501, "", { body: { kind: "erase", entry: 7 } })]));
  replica.receive(said([entry(7, "a secret")]));
  expect(replica.quoted(7)).toMatchObject({ erased: true, entry: { body: { kind: "erased" } } });
});

test("after a break, what has not been answered is asked for again", () => {
  const replica = joined();
  replica.quote(7);
  replica.receive(said([entry(7)]));
  replica.quote(8);
  replica.receiveClosed(1006);
  expect(replica.quote(9)).toEqual([]);
  const again = welcome(replica);
  expect(again.filter(({ type }) => type === "page")).toEqual([asks(8), asks(9)]);
  expect(textOf(replica, 7)).toBe("line 7");
});

test("what begins anew forgets all quotes", () => {
  const replica = joined();
  replica.quote(7);
  replica.receive(said([entry(7)]));
  replica.quote(8);
  replica.receiveClosed(1006);
  expect(welcome(replica, "another").filter(({ type }) => type === "page")).toEqual([]);
  replica.receive(said(run(491, 500), { reset: true, older: true }));
  expect([replica.quoted(7), replica.quoted(8)]).toEqual([undefined, undefined]);
  expect(framesIn(replica.quote(7))).toEqual([asks(7)]);
});
