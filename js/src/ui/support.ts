/** A room without a relay, for the tests of the interface. */
import type { ChatLine, ChatMoment, Note, Status } from "../client";
import { Feeding } from "../feeding";
import { Emitter } from "../lib/emitter";
import type { Kind, Person, Share } from "../protocol/frames";
import type { RoomClient } from "./store";

export function person(peer: string, name: string, kind: Kind = "guest"): Person {
  return { peer, name, color: "#0b7285", role: "participant", kind, about: {} };
}

export function line(id: number, by: string, text: string): ChatLine {
  const who = { id, mine: by === "me", by, name: by, color: "#0b7285" };
  return { ...who, timeMs: id * 1000, text, moment: null, state: id < 0 ? "sending" : "sent" };
}

/** A line that shows a moment of a chart. */
export function momentLine(id: number, by: string, over: Partial<ChatMoment> = {}): ChatLine {
  return { ...line(id, by, ""), moment: { ...MOMENT, ...over } };
}

/** A minute of the chart `price`. */
export const MOMENT: ChatMoment = {
  share: "price",
  start: 1_767_225_600,
  end: 1_767_225_660,
  picture: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
};

export function chartShare(name: string, title = ""): Share {
  return { name, models: [], modules: [], hidden: false, title, order: 0, by: "kernel" };
}

export interface FakeRoom {
  client: RoomClient;
  people: Person[];
  shares: Share[];
  status: Status;
  conversation: ReturnType<RoomClient["chat"]>;
  /** What the interface asked the client to do. */
  said: unknown[][];
  tell(note: Note): void;
}

/** Holds what the client would tell; the tests change it and `tell` of it. */
export function fakeRoom(): FakeRoom {
  const notes = new Emitter<Note>();
  const say =
    (verb: string) =>
    (...values: unknown[]): void => {
      room.said.push([verb, ...values]);
    };
  const room: FakeRoom = {
    people: [person("me", "Me")],
    shares: [],
    said: [],
    status: {
      phase: "live",
      latencyMs: 12,
      retryAtMs: null,
      waiting: 0,
      closing: null,
      owner: "here",
      ownerWaiting: 0,
    },
    conversation: { lines: [], older: false, unread: 0 },
    tell: (note) => notes.emit(note),
    client: {
      feeds: new Feeding(() => undefined),
      self: { peer: "me", role: "participant", name: "Me", color: "#0b7285" },
      status: () => room.status,
      people: () => room.people,
      shares: () => room.shares,
      chat: () => room.conversation,
      value: () => undefined,
      state: () => undefined,
      keys: () => [],
      blob: () => Promise.resolve(new Uint8Array()),
      on: (listener, signal) => notes.on(listener, signal),
      set: say("set"),
      emit: say("emit"),
      fail: say("fail"),
      post: say("post"),
      present: say("present"),
      rename: say("rename"),
      pageBack: say("pageBack"),
      markRead: say("markRead"),
      retry: say("retry"),
    },
  };
  return room;
}
