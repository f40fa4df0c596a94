import { afterEach, expect, test, vi } from "vitest";
import { Kernel } from "./kernel";
import { fakeModel } from "./support";
import { openTunnel } from "./tunnel";

function setting() {
  const model = fakeModel({});
  const closing = new AbortController();
  const kernel = new Kernel(model, closing.signal);
  const events = { open: vi.fn(), message: vi.fn(), close: vi.fn() };
  const link = openTunnel(kernel, events, closing.signal);
  const id = model.sent[0]?.content.id;
  const tell = (op: string, more = {}, buffers: DataView[] = []) =>
    model.tell({ way: "comm", op, id, ...more }, buffers);
  return { model, closing, events, link, tell };
}

afterEach(() => {
  vi.useRealTimers();
});

test("it opens when the kernel says so, once", () => {
  const { events, tell } = setting();
  expect(events.open).not.toHaveBeenCalled();
  tell("opened");
  tell("opened");
  expect(events.open).toHaveBeenCalledOnce();
});

test("messages go both ways as bytes", () => {
  const { model, events, link, tell } = setting();
  tell("opened");
  link.send(new Uint8Array([1, 2]));
  tell("message", {}, [new DataView(new Uint8Array([9, 3]).buffer, 1)]);
  expect(model.sent[1]?.content.op).toBe("message");
  expect(model.sent[1]?.buffers).toEqual([new Uint8Array([1, 2])]);
  expect(events.message).toHaveBeenCalledWith(new Uint8Array([3]));
});

test("messages of another tunnel are not for this one", () => {
  const { model, events } = setting();
  model.tell({ way: "comm", op: "opened", id: "another" });
  model.tell({ way: "other", op: "opened" });
  expect(events.open).not.toHaveBeenCalled();
});

test("the relay's closing comes through with its code", () => {
  const { events, tell } = setting();
  tell("opened");
  tell("closed", { code: 4504, reason: "stopped" });
  tell("message", {}, [new DataView(new ArrayBuffer(1))]);
  expect(events.close).toHaveBeenCalledExactlyOnceWith(4504, "stopped");
  expect(events.message).not.toHaveBeenCalled();
});

test("a kernel that does not answer in time is given up", async () => {
  vi.useFakeTimers();
  const { model, events } = setting();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(events.close).toHaveBeenCalledExactlyOnceWith(1006, expect.any(String));
  expect(model.sent.at(-1)?.content.op).toBe("close");
});

test("the end of the attempt closes the kernel's side", () => {
  const { model, closing, tell } = setting();
  tell("opened");
  closing.abort();
  expect(model.sent.at(-1)?.content.op).toBe("close");
});
