import { expect, test } from "vitest";
import type { Photo, Pull } from "../protocol/frames";
import { type UploadFrame, Uploads } from "./uploads";

const [A, B, C, D] = ["a", "b", "c", "d"].map((sign) => sign.repeat(64)) as [
  string,
  string,
  string,
  string,
];
const PHOTO: Photo = {
  sha256: "f".repeat(64),
  thumb: "e".repeat(64),
  mime: "image/webp",
  width: 4,
  height: 3,
  size: 10,
  placeholder: new Uint8Array(),
  frames: 1,
  alt: "",
  name: "",
};
const KIB = 1024;

function opened(): Uploads {
  const uploads = new Uploads();
  uploads.receiveOpened();
  return uploads;
}

function pull(blob: string, at: number, count = 256 * KIB): Pull {
  return { type: "pull", blob, at, count };
}

function bytes(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => at % 251);
}

function asked(frames: readonly UploadFrame[]): string[] {
  return frames.flatMap((frame) => (frame.type === "upload" ? [frame.blob] : []));
}

test("a photo is offered with its size, and the same one is offered once", () => {
  const uploads = opened();
  expect(uploads.add(A, bytes(10))).toEqual([{ type: "upload", blob: A, size: 10 }]);
  expect(uploads.add(A, bytes(10))).toEqual([]);
});

test("a pull is answered with chunks of at most 256 KiB, and its position is what is acknowledged", () => {
  const uploads = opened();
  const data = bytes(600 * KIB);
  uploads.add(A, data);
  const first = uploads.receivePull(pull(A, 0, 400 * KIB)) ?? [];
  expect(first.map((frame) => frame.type === "chunk" && [frame.at, frame.data.length])).toEqual([
    [0, 256 * KIB],
    [256 * KIB, 144 * KIB],
  ]);
  expect(uploads.state(A)).toEqual({ phase: "sending", sent: 0, size: 600 * KIB });
  uploads.receivePull(pull(A, 400 * KIB, 100 * KIB));
  expect(uploads.state(A)).toEqual({ phase: "sending", sent: 400 * KIB, size: 600 * KIB });
  const [last] = uploads.receivePull(pull(A, 500 * KIB)) ?? [];
  expect(last).toMatchObject({ at: 500 * KIB, size: 600 * KIB });
  const end = last?.type === "chunk" ? last.data : new Uint8Array();
  expect([end.length, end.at(0), end.at(-1)]).toEqual([100 * KIB, data[500 * KIB], data.at(-1)]);
  expect(uploads.state(A)).toEqual({ phase: "cleaning" });
});

test("a pull of anything else is for others", () => {
  expect(opened().receivePull(pull(A, 0))).toBeNull();
});

test("a pull from beyond the end is answered with absent", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  expect(uploads.receivePull(pull(A, 11))).toEqual([{ type: "absent", blob: A }]);
});

test("[U3] what became of it is told once", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  uploads.receivePull(pull(A, 0));
  uploads.receiveUploaded({ type: "uploaded", blob: A, photo: PHOTO });
  const done = uploads.state(A);
  uploads.receiveDeclined({ type: "declined", blob: A, slug: "broken", text: "late" }, 0);
  expect(done).toEqual({ phase: "done", photo: PHOTO });
  expect(uploads.state(A)).toBe(done);
});

test("[U7] three are on their way, and the next follows when one is answered, declined or given up", () => {
  const uploads = opened();
  const all = [A, B, C, D, "e".repeat(64), "f".repeat(64)];
  const offered = all.flatMap((blob) => asked(uploads.add(blob, bytes(10))));
  expect(offered).toEqual([A, B, C]);
  expect(uploads.state(D)).toEqual({ phase: "waiting" });
  expect(asked(uploads.receiveUploaded({ type: "uploaded", blob: B, photo: PHOTO }))).toEqual([D]);
  const declined = { type: "declined", blob: A, slug: "heic", text: "no" } as const;
  expect(asked(uploads.receiveDeclined(declined, 0))).toEqual(["e".repeat(64)]);
  expect(uploads.cancel(C)).toEqual([
    { type: "absent", blob: C },
    { type: "upload", blob: "f".repeat(64), size: 10 },
  ]);
});

test("[U2] after a break the same upload is sent again, and shows what the relay had", () => {
  const uploads = opened();
  uploads.add(A, bytes(600 * KIB));
  uploads.receivePull(pull(A, 0));
  uploads.receivePull(pull(A, 256 * KIB));
  uploads.receiveClosed();
  expect(uploads.add(B, bytes(10))).toEqual([]);
  expect(asked(uploads.receiveOpened())).toEqual([A, B]);
  expect(uploads.state(A)).toEqual({ phase: "sending", sent: 256 * KIB, size: 600 * KIB });
  const [chunk] = uploads.receivePull(pull(A, 512 * KIB)) ?? [];
  expect(chunk).toMatchObject({ at: 512 * KIB });
});

test("what was answered is not sent again after a break", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  uploads.receiveUploaded({ type: "uploaded", blob: A, photo: PHOTO });
  uploads.add(B, bytes(10));
  uploads.receiveDeclined({ type: "declined", blob: B, slug: "broken", text: "" }, 0);
  uploads.receiveClosed();
  expect(uploads.receiveOpened()).toEqual([]);
});

test("what is given up without a connection is not told, and not sent later", () => {
  const uploads = new Uploads();
  uploads.add(A, bytes(10));
  expect(uploads.cancel(A)).toEqual([]);
  expect(uploads.receiveOpened()).toEqual([]);
  expect(uploads.state(A)).toEqual({ phase: "cancelled" });
});

test("a pull of what was given up is for others, who do not have it", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  uploads.cancel(A);
  expect(uploads.receivePull(pull(A, 0))).toBeNull();
});

test("what was declined stays so with its sentence, until somebody wants it again", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  uploads.receiveDeclined({ type: "declined", blob: A, slug: "quota", text: "Later." }, 0);
  expect(uploads.state(A)).toEqual({ phase: "declined", slug: "quota", text: "Later." });
  expect(uploads.deadline).toBeNull();
  expect(asked(uploads.retry(A))).toEqual([A]);
});

test("a workshop that is busy is asked again after 2, 4 and 8 s, and then the person is told", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  const declined = { type: "declined", blob: A, slug: "busy", text: "Busy." } as const;
  for (const wait of [2000, 4000, 8000]) {
    uploads.receiveDeclined(declined, 100);
    expect(uploads.deadline).toBe(100 + wait);
    expect(uploads.tick(99 + wait)).toEqual([]);
    expect(asked(uploads.tick(100 + wait))).toEqual([A]);
  }
  uploads.receiveDeclined(declined, 100);
  expect(uploads.state(A)).toEqual({ phase: "declined", slug: "busy", text: "Busy." });
});

test("one that waits for the workshop lets others through", () => {
  const uploads = opened();
  for (const blob of [A, B, C, D]) uploads.add(blob, bytes(10));
  const declined = { type: "declined", blob: A, slug: "failed", text: "" } as const;
  expect(asked(uploads.receiveDeclined(declined, 0))).toEqual([D]);
  expect(uploads.tick(2000)).toEqual([]);
  expect(asked(uploads.receiveUploaded({ type: "uploaded", blob: B, photo: PHOTO }))).toEqual([A]);
});

test("what is forgotten can be sent anew", () => {
  const uploads = opened();
  uploads.add(A, bytes(10));
  uploads.receiveUploaded({ type: "uploaded", blob: A, photo: PHOTO });
  expect(uploads.forget(A)).toEqual([]);
  expect(uploads.state(A)).toBeUndefined();
  expect(asked(uploads.add(A, bytes(10)))).toEqual([A]);
});
