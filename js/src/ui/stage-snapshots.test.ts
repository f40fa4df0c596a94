import { afterEach, beforeEach, expect, test } from "vitest";
import type { ToSandbox } from "../host/messages";
import { StageSnapshots } from "./stage-snapshots";
import { createStore, type Store } from "./store";
import { chartShare, type FakeRoom, fakeRoom, MOMENT } from "./support";
import { TEXTS } from "./texts";

const PNG = MOMENT.picture;

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let posted: ToSandbox[];
let stage: StageSnapshots;
let late: (() => void) | null;

beforeEach(() => {
  room = fakeRoom();
  const model = { path: "", name: "Map", traits: ["zoom", "value"], local: ["zoom"] };
  const bare = { code: null, style: null, classic: null, messages: false };
  const rights = { writable: ["value"], events: [] };
  room.shares = [{ ...chartShare("map"), models: [{ ...model, ...bare, ...rights }] }];
  room.client.value = (key) => ({ "map/zoom": 1, "map/value": 5 })[key];
  closing = new AbortController();
  store = createStore(room.client, closing.signal);
  posted = [];
  late = null;
  const clock = {
    after: (_: number, callback: () => void) => {
      late = callback;
      return () => {
        late = null;
      };
    },
  };
  const frame = { post: (message: ToSandbox) => void posted.push(message) };
  stage = new StageSnapshots(store, frame, closing.signal, clock);
});

afterEach(() => closing.abort());

function answer(ticket: number, picture = PNG, share = "map"): void {
  stage.receive({ type: "snapped", share, ticket, picture, local: { "map/zoom": 4 } });
}

test("how a widget looks is asked of the frame, and attached with its values", () => {
  store.snapshots.wish({ type: "snap", share: "map" });
  expect(posted).toEqual([{ type: "snap", share: "map", ticket: 1 }]);
  answer(1);
  expect(store.snapshots.attached.value).toEqual({
    share: "map",
    values: { "map/zoom": 4, "map/value": 5 },
    picture: PNG,
  });
  expect(late).toBeNull();
});

test("what nobody has asked for is not attached", () => {
  answer(1);
  store.snapshots.wish({ type: "snap", share: "map" });
  answer(2);
  answer(1, PNG, "other");
  expect(store.snapshots.attached.value).toBeNull();
});

test("a picture that is none is left out", () => {
  store.snapshots.wish({ type: "snap", share: "map" });
  answer(1, new TextEncoder().encode("<svg>"));
  expect(store.snapshots.attached.value?.picture).toHaveLength(0);
});

test("a widget that does not answer is attached as the room has it", () => {
  store.snapshots.wish({ type: "snap", share: "map" });
  late?.();
  expect(store.snapshots.attached.value).toMatchObject({ values: { "map/zoom": 1 } });
  store.snapshots.detach();
  answer(1);
  expect(store.snapshots.attached.value).toBeNull();
});

test("a chart answers with a moment, which takes the place of a snapshot", () => {
  store.snapshots.wish({ type: "snap", share: "map" });
  stage.receiveMoment("map");
  expect(late).toBeNull();
  expect(store.snapshots.attached.value).toBeNull();
});

test("a snapshot takes the place of a moment", () => {
  store.moments.attach(MOMENT);
  store.snapshots.wish({ type: "snap", share: "map" });
  answer(1);
  expect(store.moments.attached.value).toBeNull();
});

test("of a widget without values our person is told", () => {
  room.client.value = () => undefined;
  store.snapshots.wish({ type: "snap", share: "map" });
  stage.receive({ type: "snapped", share: "map", ticket: 1, picture: PNG, local: {} });
  expect(store.snapshots.attached.value).toBeNull();
  expect(store.toasts.shown.value.map(({ text }) => text)).toEqual([
    TEXTS.card.nothingToSend("map"),
  ]);
});

test("to find a widget, and to look like a snapshot, are the frame's to do", () => {
  store.snapshots.wish({ type: "find", share: "map" });
  store.snapshots.wish({ type: "wear", local: { "map/zoom": 2 } });
  expect(posted).toEqual([
    { type: "find", share: "map" },
    { type: "wear", local: { "map/zoom": 2 } },
  ]);
});

test("widgets are shown here while a stage is there", () => {
  expect(store.snapshots.staged).toBe(true);
  closing.abort();
  expect(store.snapshots.staged).toBe(false);
});
