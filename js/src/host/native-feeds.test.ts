import { expect, test } from "vitest";
import { rowsBlock } from "../feeds/support";
import type { Callback } from "./model";
import { nativeViews } from "./native";
import { openNative } from "./native-feeds";

/** A chart's model as a notebook gives it, with a kernel that the test plays. */
function setting() {
  const listeners = new Set<Callback>();
  const sent: unknown[] = [];
  const closing = new AbortController();
  const model = {
    on: (_: string, callback: Callback) => void listeners.add(callback),
    off: (_?: string | null, callback?: Callback | null) =>
      void (callback && listeners.delete(callback)),
    send: (content: unknown) => void sent.push(content),
  };
  const say = (content: unknown, ...buffers: Uint8Array[]): void => {
    const views = buffers.map((bytes) => new DataView(bytes.slice().buffer));
    for (const listener of [...listeners]) listener(content, views);
  };
  return { model, sent, say, closing, listeners };
}

test("feeds travel by the model's messages, bytes as their buffers", () => {
  const { model, sent, say, closing } = setting();
  const view = openNative(model, closing.signal).open("ticks", closing.signal);
  expect(sent).toEqual([{ feed: { type: "watch", feed: "ticks", epoch: "", after: 0, level: 0 } }]);
  // Kernels leave out what is as usual.
  const spec = { columns: [{ name: "price" }] };
  const about = { spec, status: { state: "live" }, epoch: "e", first: 0, end: 0 };
  say({ news: { type: "watched", feed: "ticks", ...about } });
  say(
    { news: { type: "rows", feed: "ticks" } },
    rowsBlock(0, [
      [1, 2],
      [5, 6],
    ]),
  );
  say({ something: "else" });
  expect([view.loaded, view.spec?.keep_rows, view.at(2, "price")?.value]).toEqual([
    2, 2_000_000, 6,
  ]);
});

test("a fetch is answered by blocks in their order", () => {
  const { model, sent, say, closing } = setting();
  const view = openNative(model, closing.signal).open("ticks", closing.signal);
  const about = { spec: { columns: [{ name: "price" }] }, status: { state: "live" }, epoch: "e" };
  say({ news: { type: "watched", feed: "ticks", ...about, first: 0, end: 4 } });
  const { feed: asked } = sent.at(-1) as { feed: { id: number } };
  expect(asked).toMatchObject({ type: "fetch", feed: "ticks", first: 0, last: 4, level: 0 });
  const blocks = [
    rowsBlock(0, [
      [1, 2],
      [5, 6],
    ]),
    rowsBlock(2, [
      [3, 4],
      [7, 8],
    ]),
  ];
  say({ news: { type: "fetched", feed: "ticks", id: 1 } }); // another view's
  say({ news: { type: "fetched", feed: "ticks", id: asked.id } }, ...blocks);
  expect([view.loaded, view.at(4, "price")?.value]).toEqual([4, 8]);
});

test("a model that has ended hears nothing more", () => {
  const { model, closing, listeners } = setting();
  openNative(model, closing.signal);
  closing.abort();
  expect(listeners.size).toBe(0);
});

test("the code of feeds comes from the kernel", async () => {
  const { model, sent, say, closing } = setting();
  const text =
    "export const openNative = (model, signal) => ({ open: () => ({ model, signal }) });";
  const coming = nativeViews(model, closing.signal, (code) => {
    expect(code).toBe(text);
    return Promise.resolve({ openNative });
  });
  expect(sent).toEqual([{ feeds: "code" }]);
  say({ feeds: "code" }, new TextEncoder().encode(text));
  expect((await coming).open("a", closing.signal).name).toBe("a");
});
