/** A room without a relay, for the tests of the interface. */
import type { ChatLine, ChatMoment, Note, Status } from "../client";
import { Feeding } from "../feeding";
import { Emitter } from "../lib/emitter";
import { PhotoUpload } from "../photos/photos";
import type { Kind, Person, Share } from "../protocol/frames";
import { openDoor } from "./chat-door";
import * as chatPart from "./chat-part";
import type { RoomClient } from "./store";

/** To a chat that is there. */
export const DOOR = openDoor(chatPart);

export function person(peer: string, name: string, kind: Kind = "guest"): Person {
  return { peer, name, color: "#0b7285", role: "participant", kind, about: {} };
}

export function line(id: number, by: string, text: string): ChatLine {
  const who = { id, mine: by === "me", by, name: by, color: "#0b7285" };
  const content = { body: { kind: "text", text, reply: 0 }, text, moment: null, reply: 0 } as const;
  const state = id < 0 ? "sending" : "sent";
  return {
    ...who,
    timeMs: id * 1000,
    ...content,
    edited: false,
    reactions: [],
    state,
    fault: null,
  };
}

/** A line that shows a moment of a chart. */
export function momentLine(id: number, by: string, over: Partial<ChatMoment> = {}): ChatLine {
  const moment = { ...MOMENT, ...over };
  return { ...line(id, by, ""), body: { kind: "moment", ...moment, text: "" }, moment };
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
  locked: boolean;
  /** What is before the first line; undefined for what has not come. */
  quoted: Map<number, ChatLine | undefined>;
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
    quoted: new Map(),
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
    locked: false,
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
      lock: say("lock"),
      remove: say("remove"),
      entrust: say("entrust"),
      locked: () => room.locked,
      rename: say("rename"),
      speech: {
        post: say("say"),
        edit: say("edit"),
        erase: say("erase"),
        react: say("react"),
        retry: say("say again"),
        discard: say("discard"),
        pageBack: say("pageBack"),
        quoted: (id) => (room.quoted.has(id) ? room.quoted.get(id) : null),
        quote: say("quote"),
        search: say("search"),
        markRead: say("markRead"),
        nameOf: (peer) => (peer === "gone" ? "Gone" : ""),
        hasFailed: () => false,
      },
      photos: {
        upload: () => new PhotoUpload({ retry: say("send again"), cancel: say("give up") }),
        url: ({ sha256 }) => `photos/${sha256}`,
        borrow: () => Promise.reject(new Error("there is no line")),
      },
      retry: say("retry"),
    },
  };
  return room;
}
