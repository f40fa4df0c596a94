import { expect, test } from "vitest";
import { staged } from "./bridge-setting";
import { LINE } from "./support";

test("a chart's marks and others' cursors reach the sandbox", async () => {
  const { room, notes, values, take } = await staged();
  const cursor = { chart: "slider", t: 1, y: null, axis: "left" };
  const who = { peer: "bo", name: "Bo", color: "#0b7285", role: "viewer", kind: "guest" } as const;
  room.people = [
    { ...who, about: { cursor } },
    { ...who, peer: "me", name: "Me", about: {} },
  ];
  notes.emit({ type: "people" });
  values.set("/~mark/slider/a", LINE);
  notes.emit({ type: "state", keys: ["/~mark/slider/a"] });
  expect(take("cursors")).toMatchObject([{ cursors: [{ name: "Bo", t: 1 }] }]);
  expect(take("marks")).toEqual([{ type: "marks", share: "slider", marks: { a: LINE } }]);
});

test("what people leave on a chart is taken from shares on the stage only", async () => {
  const { bridge, client, events } = await staged();
  const picture = new Uint8Array();
  for (const share of ["slider", "other"]) {
    bridge.receive({ type: "cursor", share, cursor: { t: 1, y: 2, axis: "left" } });
    bridge.receive({ type: "mark", share, id: "a", mark: { ...LINE, by: "" } });
    bridge.receive({ type: "moment", share, moment: { start: 1, end: 2, picture } });
  }
  expect(client.present).toHaveBeenCalledOnce();
  expect(client.set).toHaveBeenCalledExactlyOnceWith({
    "/~mark/slider/a": { ...LINE, by: "Me" },
  });
  expect(events.onMoment).toHaveBeenCalledExactlyOnceWith({
    share: "slider",
    start: 1,
    end: 2,
    picture,
  });
});

test("a mouse that is outside the frame points at nothing", async () => {
  const { bridge, client } = await staged();
  bridge.receive({ type: "cursor", share: "slider", cursor: { t: 1, y: 2, axis: "left" } });
  bridge.leave();
  expect(client.present).toHaveBeenLastCalledWith({ cursor: null });
});

test("a mark that cannot travel is told, and ends nothing", async () => {
  const { bridge, client, events } = await staged();
  client.set.mockImplementationOnce(() => {
    throw new TypeError("half an emoji");
  });
  bridge.receive({ type: "mark", share: "slider", id: "a", mark: { ...LINE, by: "" } });
  expect(events.onUnsendable).toHaveBeenCalledOnce();
});

test("a range that somebody wants to see is told to a chart that is here, and where it is comes back", async () => {
  const { bridge, events, take } = await staged();
  bridge.focus("other", { start: 1, end: 2 });
  bridge.focus("slider", { start: 1, end: 2 });
  expect(take("focus")).toEqual([{ type: "focus", share: "slider", range: { start: 1, end: 2 } }]);
  bridge.receive({ type: "reveal", top: 40, height: 320 });
  expect(events.onReveal).toHaveBeenCalledExactlyOnceWith(40, 320);
});
