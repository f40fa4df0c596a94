import { expect, test, vi } from "vitest";
import { digest } from "../lib/hash";
import { Shelf } from "./shelf";

/** The part of the browser's cache storage that a shelf uses. */
class TestCaches {
  readonly kept = new Map<string, Uint8Array>();

  async open(): Promise<unknown> {
    const { kept } = this;
    return {
      match: async (key: string) => {
        const data = kept.get(key);
        return data && new Response(new Uint8Array(data));
      },
      put: async (key: string, response: Response) => {
        kept.delete(key);
        kept.set(key, new Uint8Array(await response.arrayBuffer()));
      },
      keys: async () => [...kept.keys()],
      delete: async (key: string) => kept.delete(key),
    };
  }
}

function setting(caches = new TestCaches()) {
  return { caches, shelf: new Shelf(caches as unknown as CacheStorage) };
}

function code(text: string): [string, Uint8Array] {
  const data = new TextEncoder().encode(text);
  return [digest(data), data];
}

test("code is fetched once", async () => {
  const { caches, shelf } = setting();
  const [hash, data] = code("export default {}");
  const fetched = vi.fn(async () => data);
  await shelf.get(hash, fetched);
  await vi.waitFor(() => expect(caches.kept.size).toBe(1));
  expect(await setting(caches).shelf.get(hash, fetched)).toEqual(data);
  expect(fetched).toHaveBeenCalledOnce();
});

test("what is not what its hash says is fetched", async () => {
  const { caches, shelf } = setting();
  const [hash, data] = code("export default {}");
  caches.kept.set(`/cowidget-code/${hash}`, new TextEncoder().encode("steal()"));
  expect(await shelf.get(hash, async () => data)).toEqual(data);
});

test("the oldest makes room", async () => {
  const { caches, shelf } = setting();
  const all = Array.from({ length: 31 }, (_, number) => code(`${number}`));
  for (const [hash, data] of all) {
    await shelf.get(hash, async () => data);
    await vi.waitFor(() => expect(caches.kept.has(`/cowidget-code/${hash}`)).toBe(true));
  }
  await vi.waitFor(() => expect(caches.kept.size).toBe(30));
  expect(caches.kept.has(`/cowidget-code/${all[0]?.[0]}`)).toBe(false);
});

test("without such a storage everything is fetched", async () => {
  const [hash, data] = code("x");
  expect(await new Shelf(undefined).get(hash, async () => data)).toEqual(data);
});

test("where the browser forbids it everything is fetched", async () => {
  const forbidden = { open: () => Promise.reject(new DOMException("no", "SecurityError")) };
  const shelf = new Shelf(forbidden as unknown as CacheStorage);
  const [hash, data] = code("x");
  expect(await shelf.get(hash, async () => data)).toEqual(data);
});
