import { expect, test, vi } from "vitest";
import { nativeMarks } from "./native-marks";

function model() {
  const heard: ((content: unknown) => void)[] = [];
  const on = (_event: string, listener: (content: unknown) => void): void =>
    void heard.push(listener);
  return {
    on,
    off: vi.fn(),
    send: vi.fn(),
    tell: (content: unknown) => heard.forEach((one) => void one(content)),
  };
}

test("marks come from the kernel, and other messages are none", () => {
  const kernel = model();
  const seen = vi.fn();
  const marks = nativeMarks(kernel as never);
  marks.onMarks(seen, new AbortController().signal);
  kernel.tell({ feeds: "code" });
  kernel.tell({ marks: { a: { kind: "mark" } } });
  expect([seen.mock.calls, marks.marks()]).toEqual([
    [[{ a: { kind: "mark" } }]],
    { a: { kind: "mark" } },
  ]);
});

test("a mark goes to the kernel", () => {
  const kernel = model();
  nativeMarks(kernel as never).setMark("a", null);
  expect(kernel.send).toHaveBeenCalledWith({ mark: { id: "a", mark: null } });
});
