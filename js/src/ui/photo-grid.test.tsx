import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import type { ChatLine } from "../client";
import { Lightbox } from "./lightbox";
import { boxOf, PhotoGrid } from "./photo-grid";
import { photoLine, photoOf } from "./photo-support";
import { createStore, type Store } from "./store";
import { fakeRoom } from "./support";

const place = document.body.appendChild(document.createElement("div"));

afterEach(() => render(null, place));

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function drawn(...lines: ChatLine[]) {
  const room = fakeRoom();
  room.conversation = { lines, older: false, unread: 0 };
  const store: Store = createStore(room.client, new AbortController().signal);
  render(
    <>
      {lines.map((line) => (
        <PhotoGrid key={line.id} store={store} line={line} />
      ))}
      <Lightbox store={store} />
    </>,
    place,
  );
  await settled();
  const shown = (): string | null =>
    place.querySelector("dialog .lightbox-whole")?.getAttribute("src") ?? null;
  const press = async (key: string): Promise<void> => {
    place
      .querySelector("dialog")
      ?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    await settled();
  };
  return { room, store, shown, press };
}

test("the box of a photo alone keeps its shape, is not enlarged, and no line", () => {
  expect(boxOf(1600, 1200)).toEqual({ width: 320, shape: 1.333 });
  expect(boxOf(1200, 1600)).toEqual({ width: 270, shape: 0.75 });
  expect(boxOf(100, 100)).toEqual({ width: 100, shape: 1 });
  expect(boxOf(10, 10)).toEqual({ width: 72, shape: 1 });
  expect(boxOf(9000, 10)).toEqual({ width: 320, shape: 3 });
  expect(boxOf(10, 9000)).toEqual({ width: 72, shape: 0.333 });
});

test("the place of a photo is there before its bytes, with the placeholder in it", async () => {
  await drawn(photoLine(1, "Ann", [photoOf("a")]));
  const tile = place.querySelector<HTMLElement>(".photo-tile");
  expect(tile?.style.aspectRatio).toContain("1.333");
  expect(tile?.querySelector(".photo-blur")?.getAttribute("src")).toBe(
    "data:image/webp;base64,AQID",
  );
  const image = tile?.querySelector(".photo-full");
  expect(image?.getAttribute("loading")).toBe("lazy");
  expect([image?.getAttribute("width"), image?.getAttribute("height")]).toEqual(["1600", "1200"]);
});

test("lists show thumbnails, and what moves moving", async () => {
  await drawn(photoLine(1, "Ann", [photoOf("a"), photoOf("b", { frames: 3 })]));
  const shown = [...place.querySelectorAll(".photo-full")].map((image) =>
    image.getAttribute("src"),
  );
  expect(shown).toEqual([`photos/${"a0".repeat(32)}`, `photos/${"b".repeat(64)}`]);
});

test("what is not described is named by who showed it", async () => {
  const photos = [photoOf("a", { alt: "A ridge" }), photoOf("b")];
  await drawn(photoLine(1, "Ann", photos), photoLine(2, "Bob", [photoOf("c")]));
  const alts = [...place.querySelectorAll(".photo-full")].map((image) => image.getAttribute("alt"));
  expect(alts).toEqual(["A ridge", "Photo 2 of 2 from Ann", "Photo from Bob"]);
});

test("rows are full, whatever the number", async () => {
  const layouts = [];
  for (const count of [1, 2, 3, 4, 5, 6, 7, 12]) {
    await drawn(
      photoLine(
        1,
        "Ann",
        [..."abcdef012345"].slice(0, count).map((sign) => photoOf(sign)),
      ),
    );
    layouts.push(place.querySelector<HTMLElement>(".photo-grid")?.dataset.wide);
  }
  expect(layouts).toEqual(["4", "2", "big", "4", "2", "0", "4", "0"]);
});

test("a photo fills the window, and the keys lead through all of the conversation", async () => {
  const { shown, press } = await drawn(
    photoLine(1, "Ann", [photoOf("a"), photoOf("b")]),
    photoLine(2, "Bob", [photoOf("c")]),
  );
  place.querySelectorAll<HTMLElement>("button.photo-tile")[1]?.click();
  await settled();
  expect(shown()).toBe(`photos/${"b".repeat(64)}`);
  await press("ArrowRight");
  expect(shown()).toBe(`photos/${"c".repeat(64)}`);
  await press("ArrowRight");
  expect(shown()).toBe(`photos/${"c".repeat(64)}`);
  await press("ArrowLeft");
  await press("ArrowLeft");
  expect(shown()).toBe(`photos/${"a".repeat(64)}`);
});

test("a photo whose message is deleted is not shown any longer", async () => {
  const { room, store, shown } = await drawn(photoLine(1, "Ann", [photoOf("a")]));
  store.photos.shown.value = { line: 1, sha256: "a".repeat(64) };
  await settled();
  expect(shown()).not.toBeNull();
  room.conversation = { lines: [], older: false, unread: 0 };
  room.tell({ type: "chat" });
  await settled();
  expect(shown()).toBeNull();
});

test("a saved photo has the name of its file and the ending of what it has become", async () => {
  const odd = photoOf("a", { name: "../IMG 1<>.heic", mime: "image/jpeg" });
  await drawn(photoLine(1, "Ann", [odd]), photoLine(2, "Ann", [photoOf("b")]));
  const names = [];
  for (const tile of place.querySelectorAll<HTMLElement>("button.photo-tile")) {
    tile.click();
    await settled();
    names.push(place.querySelector("dialog a")?.getAttribute("download"));
  }
  expect(names).toEqual(["IMG 1.jpg", "photo-bbbbbbbb.webp"]);
});
