import { expect, test, vi } from "vitest";
import { Emitter } from "./emitter";

test("a listener hears until its signal is aborted", () => {
  const emitter = new Emitter<number>();
  const life = new AbortController();
  const heard: number[] = [];
  emitter.on((value) => heard.push(value), life.signal);
  emitter.emit(1);
  life.abort();
  emitter.emit(2);
  expect(heard).toEqual([1]);
});

test("a listener with an aborted signal hears nothing", () => {
  const emitter = new Emitter<number>();
  const listener = vi.fn();
  emitter.on(listener, AbortSignal.abort());
  emitter.emit(1);
  expect(listener).not.toHaveBeenCalled();
});

test("an error of one listener is reported and does not reach the others", () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  const emitter = new Emitter<number>();
  const { signal } = new AbortController();
  const second = vi.fn();
  emitter.on(() => {
    throw new Error("mine");
  }, signal);
  emitter.on(second, signal);
  emitter.emit(1);
  expect(report).toHaveBeenCalledOnce();
  expect(second).toHaveBeenCalledWith(1);
});

test("a listener that another one removed hears nothing more", () => {
  const emitter = new Emitter<number>();
  const life = new AbortController();
  const second = vi.fn();
  emitter.on(() => life.abort(), new AbortController().signal);
  emitter.on(second, life.signal);
  emitter.emit(1);
  expect(second).not.toHaveBeenCalled();
});
