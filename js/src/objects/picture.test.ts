import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeModel } from "./fake-model";
import pictureModule from "./picture";

let el: HTMLElement;
let ended: AbortController;
/** Pictures whose decoding the test ends. */
let decoding: { src: string; done: () => void }[];

beforeEach(() => {
  el = document.createElement("div");
  document.body.replaceChildren(el);
  ended = new AbortController();
  decoding = [];
  vi.stubGlobal(
    "Image",
    class {
      src = "";
      naturalWidth = 800;
      naturalHeight = 600;
      decode(): Promise<void> {
        return new Promise((done) => decoding.push({ src: this.src, done }));
      }
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function png(size = 8): DataView {
  return new DataView(new ArrayBuffer(size));
}

function draw(values: Record<string, unknown>): FakeModel {
  const model = new FakeModel({ scale: 2, alt: "", ...values });
  pictureModule.render({ model, el, signal: ended.signal });
  return model;
}

function image(): HTMLImageElement {
  const found = el.querySelector("img");
  if (found === null) throw new Error("there is a picture");
  return found;
}

test("a picture is as large as its figure, and has its words", async () => {
  draw({ png: png(), alt: "Figure: Growth" });
  decoding[0]?.done();
  await vi.waitFor(() => expect(image().width).toBe(400));
  expect([image().height, image().alt]).toEqual([300, "Figure: Growth"]);
});

test("a picture that is decoded late does not take the place of a newer one", async () => {
  const model = draw({ png: png() });
  model.receive("png", png(16));
  const [first, second] = decoding;
  second?.done();
  await vi.waitFor(() => expect(image().src).toBe(second?.src));
  first?.done();
  await Promise.resolve();
  expect(image().src).toBe(second?.src);
});

test("the memory of pictures that are no longer shown is given back", async () => {
  const revoke = vi.spyOn(URL, "revokeObjectURL");
  const model = draw({ png: png() });
  decoding[0]?.done();
  await vi.waitFor(() => expect(image().src).toBe(decoding[0]?.src));
  model.receive("png", png(16));
  decoding[1]?.done();
  await vi.waitFor(() => expect(revoke).toHaveBeenCalledWith(decoding[0]?.src));
  ended.abort();
  expect(revoke).toHaveBeenCalledWith(decoding[1]?.src);
});

test("before the first picture there is none", () => {
  draw({ png: png(0) });
  expect(decoding).toEqual([]);
});
