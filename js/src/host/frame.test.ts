import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Frame } from "./frame";
import { GREETING } from "./messages";

let closing: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  closing = new AbortController();
  document.body.replaceChildren();
});

afterEach(() => {
  closing.abort();
  vi.useRealTimers();
});

function setting() {
  const events = { onReady: vi.fn(), onMessage: vi.fn(), onBlocked: vi.fn() };
  const frame = new Frame(document.body, { srcdoc: "" }, events, closing.signal);
  frame.load();
  const greet = (source: unknown, data: unknown = GREETING) => {
    const { port1: port, port2 } = new MessageChannel();
    const event = Object.assign(new Event("message"), { source, data, ports: [port2] });
    window.dispatchEvent(event);
    return port;
  };
  return { events, frame, greet };
}

test("the frame has an origin of its own and may run scripts, nothing else", () => {
  const { frame } = setting();
  expect(frame.element.getAttribute("sandbox")).toBe("allow-scripts");
});

test("only the frame's own greeting is taken", () => {
  const { events, frame, greet } = setting();
  greet(window);
  greet(frame.element.contentWindow, "something else");
  expect(events.onReady).not.toHaveBeenCalled();
  greet(frame.element.contentWindow);
  expect(events.onReady).toHaveBeenCalledOnce();
});

test("there is nothing in the page before it is loaded, and nobody who could greet", () => {
  const events = { onReady: vi.fn(), onMessage: vi.fn(), onBlocked: vi.fn() };
  const frame = new Frame(document.body, { srcdoc: "" }, events, closing.signal);
  const { port1: port } = new MessageChannel();
  const event = new Event("message");
  window.dispatchEvent(Object.assign(event, { source: null, data: GREETING, ports: [port] }));
  vi.advanceTimersByTime(60_000);
  expect(frame.element.isConnected).toBe(false);
  expect([events.onReady, events.onBlocked].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
});

test("it is loaded once, however often that is asked", () => {
  const { frame } = setting();
  frame.load();
  expect(document.querySelectorAll("iframe").length).toBe(1);
});

test("a frame that was moved greets again", () => {
  const { events, frame, greet } = setting();
  greet(frame.element.contentWindow);
  greet(frame.element.contentWindow);
  expect(events.onReady).toHaveBeenCalledTimes(2);
});

test("what is no message of the sandbox is not passed on", async () => {
  vi.useRealTimers();
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const { events, frame, greet } = setting();
  const port = greet(frame.element.contentWindow);
  for (const height of [-1, Number.NaN, "9"]) port.postMessage({ type: "size", height });
  port.postMessage({ type: "emit", model: "a", content: 1, buffers: ["text"] });
  port.postMessage({ type: "cursor", share: "a", cursor: { t: "now", y: 1, axis: "left" } });
  port.postMessage({ type: "mark", share: "a", id: "../b", mark: null });
  port.postMessage({ type: "mark", share: "a", id: "b", mark: { kind: "line", y: Number.NaN } });
  port.postMessage({ type: "moment", share: "a", moment: { start: 1, end: 2, picture: "png" } });
  port.postMessage({ type: "save", name: "a.csv", mime: "text/csv", bytes: "a,b" });
  const wish = { type: "fetch", feed: "a", id: 1, first: 0, last: 9, level: 0 };
  for (const over of [{ level: 7 }, { feed: "" }, { first: -1 }, { last: 1.5 }, { type: "rows" }]) {
    port.postMessage({ type: "feed", wish: { ...wish, ...over } });
  }
  port.postMessage({ type: "size", height: 20 });
  await vi.waitFor(() => expect(events.onMessage).toHaveBeenCalled());
  expect(events.onMessage).toHaveBeenCalledExactlyOnceWith({ type: "size", height: 20 });
  expect(warned).toHaveBeenCalledOnce();
});

test("a front end that forbids the frame is told so", () => {
  const { events } = setting();
  vi.advanceTimersByTime(8000);
  expect(events.onBlocked).toHaveBeenCalledOnce();
});

test("a frame that has greeted is not forbidden", () => {
  const { events, frame, greet } = setting();
  greet(frame.element.contentWindow);
  vi.advanceTimersByTime(8000);
  expect(events.onBlocked).not.toHaveBeenCalled();
});

test("the end takes the frame away", () => {
  const { frame } = setting();
  closing.abort();
  expect(frame.element.isConnected).toBe(false);
});
