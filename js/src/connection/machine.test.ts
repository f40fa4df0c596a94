import { describe, expect, test } from "vitest";
import { type Effect, type Input, Machine } from "./machine";

/** A machine with a clock that the test moves. */
class Rig {
  now = 0;
  chance = 0.5;
  readonly machine: Machine;

  constructor(visible = true) {
    this.machine = new Machine(visible);
  }

  do(...types: Input["type"][]): Effect[] {
    return types.flatMap((type) => this.feed(inputOf(type)));
  }

  feed(input: Input): Effect[] {
    return this.machine.receive(input, this.now, this.chance);
  }

  /** Move the clock, and tick at every deadline on the way. */
  pass(ms: number): Effect[] {
    const until = this.now + ms;
    const effects: Effect[] = [];
    for (;;) {
      const deadline = this.machine.deadline;
      if (deadline === null || deadline > until) break;
      this.now = Math.max(deadline, this.now);
      effects.push(...this.do("tick"));
    }
    this.now = until;
    return effects;
  }
}

function inputOf(type: Input["type"]): Input {
  if (type === "closed") return { type, step: "retry" };
  return type === "pong" ? { type, sent: 0 } : { type };
}

function live(visible = true): Rig {
  const rig = new Rig(visible);
  rig.do("start", "opened", "welcomed");
  return rig;
}

const types = (effects: Effect[]): string[] => effects.map(({ type }) => type);

describe("coming and going", () => {
  test("a start dials, a welcome is live", () => {
    const rig = new Rig();
    expect(types(rig.do("start"))).toEqual(["dial"]);
    rig.do("opened", "welcomed");
    expect(rig.machine.phase).toBe("live");
  });

  test("a cut line is dialled again after the backoff", () => {
    const rig = live();
    rig.do("closed");
    expect(rig.machine.retryAt).toBe(250);
    expect(types(rig.pass(250))).toEqual(["dial"]);
  });

  test("[C2] the backoff doubles up to 20 s and never more", () => {
    const rig = new Rig();
    rig.chance = 1;
    rig.do("start");
    const waits = [];
    for (let n = 0; n < 8; n += 1) {
      rig.do("closed");
      waits.push((rig.machine.retryAt ?? 0) - rig.now);
      rig.pass(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]);
  });

  test("[C2] five seconds up make the backoff start anew, less do not", () => {
    const rig = new Rig();
    rig.chance = 1;
    rig.do("start", "closed");
    rig.pass(500);
    rig.do("opened", "welcomed", "closed");
    expect((rig.machine.retryAt ?? 0) - rig.now).toBe(1000);
    rig.pass(1000);
    rig.do("opened", "welcomed");
    rig.pass(5000);
    rig.do("closed");
    expect((rig.machine.retryAt ?? 0) - rig.now).toBe(500);
  });

  test("[C2] a relay that asks for slowness waits 5 s at least", () => {
    const rig = live();
    rig.feed({ type: "closed", step: "retry-slowly" });
    expect((rig.machine.retryAt ?? 0) - rig.now).toBeGreaterThanOrEqual(5000);
  });

  test("a hidden page comes back slowly", () => {
    const rig = live();
    rig.do("hide", "closed");
    expect((rig.machine.retryAt ?? 0) - rig.now).toBeGreaterThanOrEqual(5000);
  });

  test.each(["online", "show", "retry"] as const)("[C2] %s dials at once", (hint) => {
    const rig = live();
    rig.do("closed");
    expect(types(rig.do(hint))).toEqual(["dial"]);
  });

  test.each(["ask-for-link", "stop"] as const)("after %s nothing comes back by itself", (step) => {
    const rig = live();
    rig.feed({ type: "closed", step });
    expect([rig.machine.phase, rig.machine.deadline]).toEqual(["ended", null]);
    expect(rig.do("online", "show", "tick")).toEqual([]);
  });

  test("a person may try after an end", () => {
    const rig = live();
    rig.feed({ type: "closed", step: "stop" });
    expect(types(rig.do("retry"))).toEqual(["dial"]);
  });

  test("a dial that never becomes a welcome is given up", () => {
    const rig = new Rig();
    rig.do("start", "opened");
    expect(rig.pass(10_000)).toEqual([{ type: "hang-up", silent: true }]);
    expect(rig.machine.phase).toBe("waiting");
  });

  test("stopped is for good", () => {
    const rig = live();
    expect(rig.do("stop")).toEqual([{ type: "hang-up", silent: false }]);
    expect(rig.do("retry", "online")).toEqual([]);
  });

  test("what cannot happen is an error of the shell", () => {
    expect(() => live().do("start")).toThrow("start while live");
  });
});

describe("liveness", () => {
  test("a visible page asks every 4 s", () => {
    const rig = live();
    const pings = [];
    for (let second = 1; second <= 12; second += 1) {
      pings.push(...types(rig.pass(1000)));
      rig.do("heard");
    }
    expect(pings).toEqual(["ping", "ping", "ping"]);
  });

  test("[S9] 10 s without any bytes is a cut", () => {
    const rig = live();
    expect(types(rig.pass(9_999))).not.toContain("hang-up");
    expect(types(rig.pass(1))).toEqual(["hang-up"]);
  });

  test("a laptop that slept an hour does not wait another 10 s", () => {
    const rig = live();
    rig.now = 3_600_000;
    expect(types(rig.do("tick"))).toEqual(["hang-up"]);
  });

  test("a hidden page is not judged by its silence, and is asked on return", () => {
    const rig = live();
    rig.do("hide");
    expect(rig.pass(600_000)).toEqual([]);
    expect(types(rig.do("show"))).toEqual(["ping"]);
    expect(types(rig.pass(9_999))).not.toContain("hang-up");
    expect(types(rig.pass(1))).toEqual(["hang-up"]);
  });

  test("a new network is probed at once", () => {
    expect(types(live().do("online"))).toEqual(["ping"]);
  });

  test("a pong tells the round trip", () => {
    const rig = live();
    rig.now = 12;
    rig.feed({ type: "pong", sent: 0 });
    expect(rig.machine.latency).toBe(12);
  });
});
