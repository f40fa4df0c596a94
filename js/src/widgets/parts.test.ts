import { afterEach, expect, test, vi } from "vitest";
import { Kernel } from "./kernel";
import { askedFor } from "./lab-tongue";
import { Parts } from "./parts";
import { fakeModel } from "./support";

const WORDS = new TextEncoder().encode("words");
const HERE = { blob: () => Promise.resolve(WORDS) };
const AWAY = { blob: () => Promise.reject(new Error("missing")) };

afterEach(() => vi.useRealTimers());

function kernelThat(answers: boolean) {
  const model = fakeModel({});
  const kernel = new Kernel(model, new AbortController().signal);
  const tell = (): void => model.tell({ part: "texts.de" }, [new DataView(WORDS.buffer)]);
  if (answers) vi.spyOn(model, "send").mockImplementation(() => queueMicrotask(tell));
  return { kernel, model };
}

test("the relay gives a part by its hash, and the kernel is not asked", async () => {
  const { kernel, model } = kernelThat(false);
  const blob = vi.fn(HERE.blob);

  expect(await new Parts({ blob }, kernel).get("chat")).toBe("words");

  expect(blob).toHaveBeenCalledWith("c".repeat(64));
  expect(model.sent).toEqual([]);
});

test("a part that the relay does not have comes from the kernel", async () => {
  expect(await new Parts(AWAY, kernelThat(true).kernel).get("texts.de")).toBe("words");
});

test("what is wanted soon comes from the kernel, before there is a line", async () => {
  const never = { blob: () => new Promise<Uint8Array>(() => undefined) };

  expect(await new Parts(never, kernelThat(true).kernel).getSoon("texts.de")).toBe("words");
});

test("while the kernel is busy, the relay gives what is wanted soon", async () => {
  vi.useFakeTimers();
  const words = new Parts(HERE, kernelThat(false).kernel).getSoon("texts.de");
  await vi.advanceTimersByTimeAsync(1000);

  expect(await words).toBe("words");
});

test("a kernel that gives nothing in time is an error", async () => {
  vi.useFakeTimers();
  const failed = vi.fn();
  new Parts(AWAY, kernelThat(false).kernel).get("chat").catch(failed);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(failed).toHaveBeenCalledWith(new Error("the kernel has not given chat"));
});

test.each(["while it waits", "before it is asked"])(
  "a panel that goes %s gets no error",
  async (when) => {
    vi.useFakeTimers();
    const gone = new AbortController();
    const model = fakeModel({});
    const settled = vi.fn();
    if (when === "before it is asked") gone.abort();

    new Parts(AWAY, new Kernel(model, gone.signal)).get("chat").then(settled, settled);
    await vi.advanceTimersByTimeAsync(1);
    gone.abort();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(settled).not.toHaveBeenCalled();
    expect(model.sent).toHaveLength(when === "while it waits" ? 1 : 0);
  },
);

test("a part that this build does not have is an error", async () => {
  await expect(new Parts(HERE, kernelThat(false).kernel).get("texts.xx")).rejects.toThrow(
    "no texts.xx",
  );
});

test("a notebook's own language counts, unless it is English, which it always says", () => {
  expect(askedFor("ja-JP", ["de", "en"])).toEqual(["ja-JP", "de", "en"]);
  expect(askedFor("en", ["de", "en"])).toEqual(["de", "en"]);
  expect(askedFor("", ["de"])).toEqual(["de"]);
});
