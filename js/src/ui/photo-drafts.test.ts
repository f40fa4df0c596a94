import { expect, test } from "vitest";
import { PhotoUpload } from "../photos/photos";
import { UnfitPhoto } from "../photos/preparing";
import { MOST_PHOTOS, PhotoDrafts } from "./photo-drafts";
import { photoOf } from "./photo-support";

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Drafts whose files are ready at once, but for those that are called bad; and what they ask of the room. */
function setting() {
  const said: unknown[] = [];
  const asked: string[] = [];
  const uploads: PhotoUpload[] = [];
  const client = {
    self: { peer: "me", role: "participant", name: "Me", color: "#0b7285" } as const,
    speech: { post: (body: unknown) => void said.push(body) },
    photos: {
      upload: () => {
        const n = uploads.length;
        const wants = {
          retry: () => void asked.push(`again ${n}`),
          cancel: () => void asked.push(`stop ${n}`),
        };
        const upload = new PhotoUpload(wants);
        uploads.push(upload);
        return upload;
      },
      url: () => "",
      borrow: () => Promise.reject(new Error("no line")),
    },
  };
  const drafts = new PhotoDrafts(client, new AbortController().signal, async (file) => {
    if ((file as File).name.startsWith("bad")) throw new UnfitPhoto("heic");
    return { file, bytes: new Uint8Array([1]), width: 4, height: 3 };
  });
  const choose = async (...names: string[]): Promise<number> => {
    const left = drafts.add(names.map((name) => new File([name], name)));
    for (const _ of names) await settled();
    return left;
  };
  const arrives = (n: number, sign: string): void =>
    uploads[n]?.receive({ phase: "done", photo: photoOf(sign) });
  return { drafts, said, asked, uploads, choose, arrives };
}

test("a message is shown at once, and said when the room has its photos", async () => {
  const { drafts, said, choose, arrives } = setting();
  await choose("a.jpg", "b.jpg");
  expect(drafts.send("look", 7)).toBe(true);
  const [line] = drafts.lines.value;
  expect(line).toMatchObject({ text: "look", reply: 7, mine: true, state: "sending" });
  expect(drafts.draftsOf(line?.id ?? 0)?.map(({ name }) => name)).toEqual(["a.jpg", "b.jpg"]);
  arrives(1, "b");
  expect(said).toEqual([]);
  arrives(0, "a");
  expect(drafts.lines.value).toEqual([]);
  expect(said).toMatchObject([
    { kind: "photos", text: "look", reply: 7, photos: [{ name: "a.jpg" }, { name: "b.jpg" }] },
  ]);
});

test("photos that are there already are said at once, with how they are described", async () => {
  const { drafts, said, choose, arrives } = setting();
  await choose("a.jpg");
  arrives(0, "a");
  const [draft] = drafts.attached.value;
  if (draft !== undefined) draft.alt.value = " a ridge ";
  drafts.send("", 0);
  expect(said[0]).toMatchObject({ photos: [{ sha256: "a".repeat(64), alt: "a ridge" }] });
  expect(drafts.attached.value).toEqual([]);
});

test("[U5] the same photo chosen twice is shown once", async () => {
  const { drafts, said, choose, arrives } = setting();
  await choose("a.jpg", "copy.jpg");
  drafts.send("", 0);
  arrives(0, "a");
  arrives(1, "a");
  expect(said[0]).toMatchObject({ photos: [{ sha256: "a".repeat(64) }] });
});

test("what cannot be sent says why, and stays until it is left out", async () => {
  const { drafts, choose } = setting();
  await choose("bad.heic");
  expect(drafts.attached.value[0]?.state.value).toEqual({ phase: "unfit", slug: "heic" });
  expect([drafts.ready, drafts.send("hello", 0)]).toEqual([false, false]);
  const [draft] = drafts.attached.value;
  if (draft !== undefined) drafts.remove(draft);
  expect(drafts.attached.value).toEqual([]);
});

test("of several, what can be sent is sent", async () => {
  const { drafts, choose } = setting();
  await choose("bad.heic", "a.jpg");
  expect(drafts.send("", 0)).toBe(true);
  expect(drafts.attached.value.map(({ name }) => name)).toEqual(["bad.heic"]);
});

test("a photo that is left out on its way is given up, and the message goes without it", async () => {
  const { drafts, said, asked, choose, arrives } = setting();
  await choose("a.jpg", "b.jpg");
  drafts.send("look", 0);
  const [first] = drafts.draftsOf(drafts.lines.value[0]?.id ?? 0) ?? [];
  if (first !== undefined) drafts.remove(first);
  expect(asked).toEqual(["stop 0"]);
  arrives(1, "b");
  expect(said).toMatchObject([{ photos: [{ name: "b.jpg" }] }]);
});

test("with its last photo left out, what is left of a message is its text", async () => {
  const { drafts, said, choose } = setting();
  await choose("a.jpg");
  drafts.send("look", 3);
  const [only] = drafts.draftsOf(drafts.lines.value[0]?.id ?? 0) ?? [];
  if (only !== undefined) drafts.remove(only);
  expect(said).toEqual([{ kind: "text", text: "look", reply: 3 }]);
  expect(drafts.lines.value).toEqual([]);
});

test("a declined photo holds its message, and can be sent again", async () => {
  const { drafts, said, asked, uploads, choose, arrives } = setting();
  await choose("a.jpg");
  drafts.send("", 0);
  uploads[0]?.receive({ phase: "declined", slug: "quota", text: "Enough." });
  const [draft] = drafts.draftsOf(drafts.lines.value[0]?.id ?? 0) ?? [];
  draft?.retry();
  expect([asked, said]).toEqual([["again 0"], []]);
  arrives(0, "a");
  expect(said[0]).toMatchObject({ kind: "photos" });
});

test("a message holds twelve photos, and whoever chooses more is told", async () => {
  const { drafts, choose } = setting();
  const names = Array.from({ length: 14 }, (_, n) => `${n}.jpg`);
  expect(await choose(...names)).toBe(2);
  expect(drafts.attached.value).toHaveLength(MOST_PHOTOS);
});

test("our own picture is shown for what we have sent", async () => {
  const { drafts, choose, arrives } = setting();
  await choose("a.jpg");
  const picture = drafts.attached.value[0]?.picture.value ?? "";
  drafts.send("", 0);
  arrives(0, "a");
  expect(picture).toMatch(/^blob:/);
  expect(drafts.pictureOf("a".repeat(64))).toBe(picture);
  expect(drafts.pictureOf("b".repeat(64))).toBe("");
});

test("[U6] a photo that was attached for an hour is sent anew, because the room has dropped it", async () => {
  const { drafts, said, asked, uploads, choose, arrives } = setting();
  await choose("a.jpg");
  arrives(0, "a");
  drafts.send("late", 0, Date.now() + 60 * 60_000);
  expect([asked, uploads.length, said]).toEqual([["stop 0"], 2, []]);
  arrives(1, "a");
  expect(said).toMatchObject([{ text: "late" }]);
});
