/** The scenarios of tests/wire, which Python's replica plays too (`test_scenarios.py`). */
import { base64, utf8 } from "@scure/base";
import { expect, test } from "vitest";
import { digest } from "../lib/hash";
import { pack } from "../lib/msgpack";
import { decodeRelay, markBytes, unmarkBytes } from "../protocol/codec";
import type { Body, Moment, Trust } from "../protocol/frames";
import type { Message } from "./messages";
import type { Effect } from "./notes";
import { Replica, type RoomFrame } from "./replica";

interface Step {
  do: string;
  secret: string;
  frame: unknown;
  code: number;
  values: Record<string, unknown>;
  text: string;
  moment?: unknown;
  body: Body;
  query: string;
  before?: number;
  about: Record<string, unknown>;
  name?: string;
  on: boolean;
  peer: string;
  role: Trust;
  count: number;
  sha256: string;
  shows?: Record<string, unknown>;
  pending?: Record<string, boolean>;
}

interface Scenario {
  title: string;
  steps: Step[];
}

const FILES = import.meta.glob<Scenario>("../../../tests/wire/scenarios/*.json", {
  eager: true,
  import: "default",
});

/** `$text`: a long string; `$packed`: the bytes of its blob; `$sha`: the name of that. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (typeof value !== "object" || value === null) return value;
  const [[name, length] = ["", 0], ...others] = Object.entries(value);
  if (others.length === 0 && typeof length === "number") {
    const text = "x".repeat(length);
    if (name === "$text") return text;
    if (name === "$packed") return { $bytes: base64.encode(pack(text)) };
    if (name === "$sha") return digest(pack(text));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner)]));
}

/** Whether `actual` has everything that `expected` lists; null is also what is not there, {} is empty. */
function lists(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected)) {
    const same = Array.isArray(actual) && actual.length === expected.length;
    return same && expected.every((item, n) => lists(item, actual[n]));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null) return false;
    const fields = new Map(Object.entries(actual));
    if (Object.keys(expected).length === 0) return fields.size === 0;
    return Object.entries(expected).every(([key, value]) => lists(value, fields.get(key)));
  }
  return expected === (actual ?? null);
}

function fresh(instance: string): Replica {
  return new Replica({ room: "room", kind: "guest", instance, name: "ada", color: "teal" });
}

function frameOf(fields: unknown): RoomFrame {
  const [frame] = decodeRelay(utf8.decode(JSON.stringify([fields])), "cowidget.1.json");
  if (frame === undefined) throw new Error("one frame");
  return frame as RoomFrame; // no scenario holds a feed's
}

/** Plays steps on a replica. */
class Player {
  #replica = fresh("tab-1");

  play(step: Step): Effect[] {
    const replica = this.#replica;
    switch (step.do) {
      case "open":
        return replica.receiveOpened(step.secret);
      case "receive":
        return replica.receive(frameOf(step.frame));
      case "close":
        return replica.receiveClosed(step.code);
      case "set":
        return replica.set(step.values);
      case "post":
        return replica.post(
          step.moment === undefined
            ? { kind: "text", text: step.text, reply: 0 }
            : { ...(unmarkBytes(step.moment) as Moment), kind: "moment", text: step.text },
        );
      case "act":
        return replica.post(step.body);
      case "search":
        return replica.search(step.query, step.before, step.count);
      case "present":
        return replica.present({ about: step.about, name: step.name ?? null });
      case "lock":
        return replica.lock(step.on);
      case "remove":
        return replica.remove(step.peer);
      case "entrust":
        return replica.entrust(step.peer, step.role);
      case "page_back":
        return replica.pageBack(step.count);
      case "need_blob":
        return replica.needBlob(step.sha256);
      case "reload":
        this.#replica = fresh("tab-2");
        this.#replica.load(replica.dump());
        return [];
      default:
        throw new Error(`no such step: ${step.do}`);
    }
  }

  /** What came of a step, in the words of the expectations. */
  seen({ shows = {}, pending = {} }: Step, effects: Effect[]): Record<string, unknown> {
    const replica = this.#replica;
    return {
      sends: effects
        .flatMap((effect) => (effect.type === "transmit" ? effect.frames : []))
        .map(markBytes),
      tells: effects.filter(({ type }) => type !== "transmit").map(plain),
      shows: Object.fromEntries(Object.keys(shows).map((key) => [key, replica.value(key)])),
      keys: replica.keys(),
      pending: Object.fromEntries(
        Object.keys(pending).map((key) => [key, replica.state(key)?.pending]),
      ),
      outstanding: replica.keys().filter((key) => replica.outstanding(key)),
      shares: [...replica.shares.keys()].sort(),
      log: replica.log.map(({ at }) => at),
      bodies: replica.log.map(({ body }) => body.kind),
      messages: replica.messages.map(shownMessage),
      log_older: replica.logOlder,
      waiting: replica.waiting,
      phase: replica.phase,
      locked: replica.locked,
      own_role: replica.role,
      people: [...replica.people.keys()].sort(),
      shown_about: Object.fromEntries(
        [...replica.people].map(([peer, { about }]) => [peer, about]),
      ),
    };
  }
}

function shownMessage({ entry, edited, erased, reactions }: Message): unknown {
  const { at, body } = entry;
  const text = "text" in body ? body.text : "";
  const reply = body.kind === "text" ? body.reply : 0;
  return { at, text, edited, erased, reply, reactions: Object.fromEntries(reactions) };
}

function plain(effect: Effect): unknown {
  if (effect.type !== "log-grown") return effect;
  return { ...effect, entries: effect.entries.map(({ at }) => at) };
}

test.each(
  Object.entries(FILES).map(([path, scenario]) => [path.replace(/.*\/|\.json$/g, ""), scenario]),
)("%s", (_, scenario) => {
  const player = new Player();
  const { steps } = expand(scenario) as Scenario;
  steps.forEach((step, n) => {
    const seen = player.seen(step, player.play(step));
    for (const [name, expected] of Object.entries(step)) {
      if (!(name in seen)) continue;
      const message = `step ${n + 1}, ${name}: saw ${JSON.stringify(seen[name]).slice(0, 2000)}`;
      expect(lists(expected, seen[name]), message).toBe(true);
    }
  });
});
