/** A bridge between a client and a sandbox that the test plays. */
import { expect, vi } from "vitest";
import type { Note } from "../client";
import { Feeding } from "../feeding";
import { Emitter } from "../lib/emitter";
import type { KeyState, Model, Person, Share } from "../protocol/frames";
import type { ViewerWish } from "../protocol/viewer";
import { Bridge, type WidgetClient } from "./bridge";
import type { ToSandbox } from "./messages";
import { zipped } from "./support";

export function slider(over: Partial<Model> = {}, share: Partial<Share> = {}): Share {
  const rights = { writable: ["value"], local: [], events: [], messages: false };
  const code = { code: "c0de", style: null, classic: null };
  const model = { path: "", name: "Slider", traits: ["value"], ...rights, ...code, ...over };
  const bare = { modules: [], hidden: false, title: "", order: 0, by: "kernel" };
  return { name: "slider", ...bare, models: [model], ...share };
}

export function setting({ role = "participant" as WidgetClient["self"]["role"] } = {}) {
  const notes = new Emitter<Note>();
  const values = new Map<string, unknown>([["slider/value", 1]]);
  const known = new Set(values.keys());
  const posted: ToSandbox[] = [];
  const room = { shares: [slider()], people: [] as Person[] };
  const { signal } = new AbortController();
  const wishes: ViewerWish[][] = [];
  const client = {
    feeds: new Feeding((sent) => wishes.push([...sent])),
    self: { peer: "me", role, name: "Me", color: "" },
    shares: () => room.shares,
    people: () => room.people,
    keys: (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)),
    present: vi.fn(),
    value: (key: string) => values.get(key),
    state: (key: string) => (known.has(key) ? ({} as KeyState) : undefined),
    blob: vi.fn((hash: string) => zipped(`code of ${hash}`)),
    set: vi.fn((changes: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(changes)) values.set(key, value);
      notes.emit({ type: "state", keys: Object.keys(changes) });
    }),
    emit: vi.fn(),
    fail: vi.fn(),
    on: (listener: (note: Note) => void, until: AbortSignal) => notes.on(listener, until),
  };
  const events = {
    onFailure: vi.fn(),
    onHeight: vi.fn(),
    onStaged: vi.fn(),
    onViewOnly: vi.fn(),
    onUnsendable: vi.fn(),
    onMarksFull: vi.fn(),
    onMoment: vi.fn(),
    onFile: vi.fn(),
    onReveal: vi.fn(),
  };
  const bridge = new Bridge(client, { post: (message) => posted.push(message) }, events, signal);
  const take = (type: ToSandbox["type"]) => posted.filter((message) => message.type === type);
  return { bridge, client, events, notes, values, known, room, posted, take };
}

export async function staged() {
  const set = setting();
  set.bridge.receiveReady();
  await vi.waitFor(() => expect(set.take("share")).toHaveLength(1));
  return set;
}
