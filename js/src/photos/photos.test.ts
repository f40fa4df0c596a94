import { expect, test } from "vitest";
import { joined, settled } from "../client-setting";
import { digest } from "../lib/hash";

const DATA = new TextEncoder().encode("a photo");
const BLOB = digest(DATA);
const PHOTO = {
  sha256: "f".repeat(64),
  thumb: "e".repeat(64),
  mime: "image/webp",
  width: 4,
  height: 3,
  size: 10,
  placeholder: new Uint8Array([1]),
} as const;

test("a photo goes to the relay when it is asked for, and its state tells what becomes of it", async () => {
  const { client, relay } = await joined();
  const upload = client.photos.upload(DATA);
  const phases: string[] = [];
  upload.on(({ phase }) => phases.push(phase), new AbortController().signal);
  await settled();
  expect(relay.got("upload")).toEqual([{ type: "upload", blob: BLOB, size: 7 }]);
  relay.say({ type: "pull", blob: BLOB, at: 0, count: 1000 });
  expect(relay.got("chunk")).toMatchObject([{ blob: BLOB, at: 0, size: 7, data: DATA }]);
  relay.say({ type: "uploaded", blob: BLOB, photo: PHOTO });
  expect(phases).toEqual(["sending", "cleaning", "done"]);
  expect(upload.state).toMatchObject({ phase: "done", photo: { sha256: PHOTO.sha256, alt: "" } });
});

test("[U2] a cut photo goes on after the next welcome", async () => {
  const { client, clock, relay } = await joined();
  client.photos.upload(DATA);
  await settled();
  relay.cut();
  clock.pass(1000);
  await settled();
  expect(relay.got("upload")).toHaveLength(1);
  relay.welcome();
  expect(relay.got("upload")).toHaveLength(2);
});

test("the same photo chosen twice is sent once, and one of them can be given up", async () => {
  const { client, relay } = await joined();
  const [one, other] = [client.photos.upload(DATA), client.photos.upload(DATA)];
  await settled();
  one.cancel();
  expect([one.state.phase, other.state.phase]).toEqual(["cancelled", "sending"]);
  expect([relay.got("upload").length, relay.got("absent").length]).toEqual([1, 0]);
  other.cancel();
  expect(relay.got("absent")).toEqual([{ type: "absent", blob: BLOB }]);
});

test("what is given up before its hash is known is never sent", async () => {
  const { client, relay } = await joined();
  client.photos.upload(DATA).cancel();
  await settled();
  expect(relay.got("upload")).toEqual([]);
});

test("a relay that is busy is asked again when its time has come", async () => {
  const { client, clock, relay } = await joined();
  const upload = client.photos.upload(DATA);
  await settled();
  relay.say({ type: "declined", blob: BLOB, slug: "busy", text: "Busy." });
  expect(upload.state.phase).toBe("waiting");
  clock.pass(2000);
  expect(relay.got("upload")).toHaveLength(2);
});

test("what was declined is sent again when its person wants it", async () => {
  const { client, relay } = await joined();
  const upload = client.photos.upload(DATA);
  await settled();
  relay.say({ type: "declined", blob: BLOB, slug: "quota", text: "Enough." });
  expect(upload.state).toEqual({ phase: "declined", slug: "quota", text: "Enough." });
  upload.retry();
  expect(relay.got("upload")).toHaveLength(2);
});

test("a pull of what is not being sent is the replica's", async () => {
  const { relay } = await joined();
  relay.say({ type: "pull", blob: BLOB, at: 0, count: 1000 });
  expect(relay.got("absent")).toEqual([{ type: "absent", blob: BLOB }]);
});

test("[U8] a page gets photos by address, as soon as there is a pass", async () => {
  const { client, relay } = await joined({ photos: "http://relay/r/room/photos" });
  expect(client.photos.url(PHOTO)).toBe("");
  relay.say({ type: "pass", photos: "a/b" });
  const base = "http://relay/r/room/photos";
  expect(client.photos.url(PHOTO)).toBe(`${base}/${PHOTO.sha256}?pass=a%2Fb`);
  expect(client.photos.thumbUrl(PHOTO)).toBe(`${base}/${PHOTO.thumb}?pass=a%2Fb`);
});

test("[U9] without an address, the bytes are pulled once and shared", async () => {
  const { client, relay } = await joined();
  const { signal } = new AbortController();
  const one = client.photos.borrow(BLOB, "image/webp", signal);
  const other = client.photos.borrow(BLOB, "image/webp", signal);
  expect(relay.got("pull")).toHaveLength(1);
  relay.say({ type: "chunk", blob: BLOB, at: 0, size: DATA.length, data: DATA });
  expect(await one).toMatch(/^blob:/);
  expect(await other).toBe(await one);
  const shown = await fetch(await one);
  expect([shown.headers.get("content-type"), await shown.text()]).toEqual([
    "image/webp",
    "a photo",
  ]);
});

test("what the room does not have is told, and asked for again by the next who wants it", async () => {
  const { client, relay } = await joined();
  const { signal } = new AbortController();
  const missing = client.photos.borrow(BLOB, "image/webp", signal);
  relay.say({ type: "absent", blob: BLOB });
  await expect(missing).rejects.toThrow("does not have this file");
  const later = client.photos.borrow(BLOB, "image/webp", signal);
  relay.say({ type: "chunk", blob: BLOB, at: 0, size: DATA.length, data: DATA });
  expect(await later).toMatch(/^blob:/);
});
