import { expect, test, vi } from "vitest";
import { setting, slider, staged } from "./bridge-setting";
import type { ShareSpec, ToSandbox } from "./messages";

function sharesIn(posted: ToSandbox[]): ShareSpec[] {
  return posted.flatMap((one) => (one.type === "share" ? [one.share] : []));
}

function problems(posted: ToSandbox[]): Record<string, unknown> {
  return Object.fromEntries(sharesIn(posted).map(({ name, models }) => [name, models[0]?.problem]));
}

function textsOf(posted: ToSandbox | undefined): Record<string, string> {
  return (posted && sharesIn([posted])[0]?.texts) ?? {};
}

test("a share that is described anew is posted again, one that is the same is not", async () => {
  const { room, notes, take } = await staged();
  notes.emit({ type: "shares" });
  room.shares = [slider({ code: "newer" })];
  notes.emit({ type: "shares" });
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
});

test("code is asked for while the sandbox is still starting", () => {
  const { notes, client, posted } = setting();
  notes.emit({ type: "shares" });
  expect(client.blob).toHaveBeenCalledWith("c0de");
  expect(posted).toEqual([]);
});

test("code that does not arrive is a problem of this widget alone", async () => {
  const { bridge, client, take } = setting();
  client.blob.mockRejectedValue(new Error("gone"));
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  expect(take("share")[0]).toMatchObject({
    share: { models: [{ problem: expect.stringContaining("gone") }] },
  });
});

test("what a share is described with goes in, of classic models too", async () => {
  const view = { view_module: "bqplot", view_version: "^0.5", view: "Figure" };
  const { bridge, room, take } = setting();
  room.shares = [
    slider(
      {
        ...{ code: null, local: ["zoom"], events: ["pulse"] },
        classic: { module: "bqplot", version: "0.5", name: "FigureModel", ...view },
      },
      { modules: [{ name: "bqplot", code: "m0" }], hidden: true },
    ),
  ];
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  const sees = { viewModule: "bqplot", viewVersion: "^0.5", view: "Figure" };
  const rights = { writable: ["value"], local: ["zoom"], events: ["pulse"] };
  const classic = { module: "bqplot", version: "0.5", name: "FigureModel", ...sees };
  expect(take("share")[0]).toMatchObject({
    share: {
      ...{ modules: { bqplot: "m0" }, hidden: true, texts: { m0: "code of m0" } },
      models: [{ ...rights, code: "", classic }],
    },
  });
});

test("[D11] what is no gzip is a problem of this widget alone", async () => {
  const { bridge, client, room, take } = setting();
  room.shares = [slider(), slider({ code: "plain" }, { name: "other" })];
  const { blob } = client;
  const plain = new TextEncoder().encode("export default {}");
  client.blob = vi.fn((hash) => (hash === "plain" ? Promise.resolve(plain) : blob(hash)));
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(problems(take("share"))).toEqual({
    slider: "",
    other: expect.stringContaining("gzip"),
  });
});

test("a module that does not arrive is a problem of the whole share", async () => {
  const { bridge, client, room, take } = setting();
  room.shares = [slider({}, { modules: [{ name: "https://a/b.js", code: "m0" }] })];
  const { blob } = client;
  client.blob = vi.fn((hash) => (hash === "m0" ? Promise.reject(new Error("gone")) : blob(hash)));
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  expect(problems(take("share"))).toEqual({ slider: expect.stringContaining("gone") });
});

test("[D11] a share that is described anew costs no text again", async () => {
  const { client, room, notes, take } = await staged();
  room.shares = [slider({ style: "5ty1e" })];
  notes.emit({ type: "shares" });
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(take("share")[1]).toMatchObject({ share: { texts: { "5ty1e": "code of 5ty1e" } } });
  expect(Object.keys(textsOf(take("share")[1]))).toEqual(["5ty1e"]);
  expect(client.blob).toHaveBeenCalledTimes(2);
});

test("a text that the sandbox has let go is sent again", async () => {
  const { room, notes, take } = await staged();
  room.shares = [];
  notes.emit({ type: "shares" });
  room.shares = [slider()];
  notes.emit({ type: "shares" });
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(Object.keys(textsOf(take("share")[1]))).toEqual(["c0de"]);
});
