import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MarkSet, OthersCursor } from "../host/annotations";
import { Actions } from "./actions";
import { Chart } from "./chart";
import { FakeFeed } from "./fake-feed";
import { Hands } from "./hands";
import { hooks } from "./stats";

/** There is no canvas here: what is drawn is judged in tests/e2e. */

class FakeModel {
  readonly values: Record<string, unknown>;
  readonly #listeners = new Map<string, () => void>();

  constructor(values: Record<string, unknown>) {
    this.values = values;
  }

  get(name: string): unknown {
    return this.values[name];
  }

  on(event: string, listener: () => void): void {
    this.#listeners.set(event, listener);
  }

  off(event: string): void {
    this.#listeners.delete(event);
  }

  receive(name: string, value: unknown): void {
    this.values[name] = value;
    this.#listeners.get(`change:${name}`)?.();
  }
}

let el: HTMLElement;
let ended: AbortController;
let feed: FakeFeed;
let model: FakeModel;
let opened: { name: string; signal: AbortSignal }[];
let frames: FrameRequestCallback[];

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => frames.push(run));
  el = document.createElement("div");
  document.body.replaceChildren(el);
  ended = new AbortController();
  feed = new FakeFeed("ticks", [
    { name: "price", unit: "$" },
    { name: "size" },
    { name: "side", type: "text" },
  ]);
  opened = [];
});

afterEach(() => {
  ended.abort();
  paint();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function draw(values: Record<string, unknown> = {}, room: object = {}): Chart {
  model = new FakeModel({
    title: "Trades",
    series: [{ feed: "ticks", column: "price" }],
    ...values,
  });
  const open = (name: string, signal: AbortSignal): FakeFeed => {
    opened.push({ name, signal });
    return feed;
  };
  const chart = new Chart({ model, el, signal: ended.signal, room: { share: "c", open, ...room } });
  new Hands(chart.face.surface, new Actions(chart, ended.signal), ended.signal);
  paint();
  return chart;
}

function paint(): void {
  for (const run of frames.splice(0)) run(performance.now());
}

function rows(count: number): void {
  for (let n = 0; n < count; n++) feed.push(feed.end, 100 + (feed.end % 7) / 10, 1);
  feed.tell("rows");
  paint();
}

function part(name: string): HTMLElement {
  const found = el.querySelector<HTMLElement>(`[data-testid="${name}"]`);
  if (found === null) throw new Error(`there is a ${name}`);
  return found;
}

test("a chart whose feed is not there yet says that it waits", () => {
  feed.spec = null;
  feed.status = null;
  draw();
  expect([part("badge").textContent, part("empty").textContent]).toEqual([
    "connecting",
    "Waiting for the first values",
  ]);
});

test("the legend has the newest value, exactly", () => {
  draw();
  rows(8);
  expect(part("legend-0").textContent).toBe("price$100.0");
});

test("nothing is drawn while nothing changes, and once for many changes", () => {
  draw();
  expect(frames.length).toBe(0);
  for (const change of ["rows", "status", "rows"] as const) feed.tell(change);
  expect(frames.length).toBe(1);
});

test("[F7] what has been drawn is told to the feed", () => {
  draw();
  const before = feed.acks;
  rows(1);
  expect(feed.acks).toBe(before + 1);
});

test("a pause goes on counting, and going live ends it", () => {
  draw();
  rows(10);
  part("pause").click();
  rows(1234);
  const paused = [part("go-live").hidden, part("go-live").textContent];
  part("go-live").click();
  paint();
  expect([paused, part("go-live").hidden]).toEqual([[false, "Go live  +1,234 new"], true]);
});

test("a picture that is held stays while rows come", () => {
  const chart = draw();
  rows(100);
  chart.look([20, 40]);
  paint();
  rows(500);
  expect([chart.range, part("chart").dataset.mode]).toEqual([[20, 40], "held"]);
});

test("a window slides with new rows", () => {
  const chart = draw({ window: 60 });
  rows(100);
  const before = chart.range[0];
  rows(50);
  expect(chart.range[0] - before).toBe(50);
});

test("a window of rows is as long as these rows", () => {
  const chart = draw({ window_rows: 11 });
  rows(100);
  expect(chart.range[0]).toBe(89);
});

test("the host stops everybody, and each may go on", () => {
  draw();
  rows(5);
  model.receive("paused", true);
  paint();
  const stopped = part("chart").dataset.mode;
  part("go-live").click();
  paint();
  expect([stopped, part("chart").dataset.mode]).toEqual(["stopped", "live"]);
});

test("a chart shows the range that somebody sent to the chat, and stays there", () => {
  let focus: (range: { start: number; end: number }) => void = () => undefined;
  const chart = draw({}, { onFocus: (listener: typeof focus) => (focus = listener) });
  rows(1000);
  focus({ start: 100, end: 200 });
  paint();
  expect([chart.range, part("chart").dataset.mode]).toEqual([[95, 205], "held"]);
});

test("[P8] the times that our person chose are told, and that they go with the newest rows again", () => {
  const looked = vi.fn();
  const chart = draw({}, { looked });
  rows(1000);
  expect(looked).not.toHaveBeenCalled();
  chart.look([100, 200]);
  paint();
  paint();
  chart.live();
  vi.advanceTimersByTime(300);
  paint();
  expect(looked.mock.calls).toEqual([[[100, 200]], [null]]);
});

test("[P8] a chart goes along with the times of somebody who is followed", () => {
  let look: (range: [number, number] | null) => void = () => undefined;
  const chart = draw({}, { onLook: (listener: typeof look) => (look = listener) });
  rows(1000);
  look([100, 200]);
  vi.advanceTimersByTime(300);
  paint();
  expect([chart.range, part("chart").dataset.mode]).toEqual([[100, 200], "held"]);
  look(null);
  vi.advanceTimersByTime(300);
  paint();
  expect(part("chart").dataset.mode).toBe("live");
});

test("a series with a star is all numbers of its feed, also those that come later", () => {
  draw({ series: [{ feed: "ticks", column: "*" }] });
  const spec = feed.spec;
  if (spec === null) throw new Error("there is a spec");
  feed.spec = { ...spec, columns: [...spec.columns, { name: "fee", type: "number", unit: "" }] };
  feed.tell("spec");
  paint();
  const names = [...el.querySelectorAll(".cw-c-legend span")].map(({ textContent }) => textContent);
  expect(names).toEqual(["price", "size", "fee"]);
});

test("a feed is opened once for several series, and let go when they are others", () => {
  const series = [
    { feed: "ticks", column: "price" },
    { feed: "ticks", column: "size" },
  ];
  draw({ series });
  model.receive("series", [{ feed: "other", column: "price" }]);
  expect(opened.map(({ name, signal }) => [name, signal.aborted])).toEqual([
    ["ticks", true],
    ["other", false],
  ]);
});

test("new values of other traits do not open the feeds anew", () => {
  draw();
  model.receive("title", "Other");
  expect([opened.length, part("surface").ariaLabel]).toEqual([1, "Other"]);
});

test("a hidden series stays hidden when the feed gains a column", () => {
  const series = ["price", "size"].map((column) => ({ feed: "ticks", column }));
  draw({ series });
  part("legend-1").click();
  feed.tell("spec");
  paint();
  expect(part("legend-1").ariaPressed).toBe("false");
});

test("errors of the source are counted, and read on a click", () => {
  const status = feed.status;
  if (status === null) throw new Error("there is a status");
  feed.status = {
    ...status,
    state: "failed",
    text: "HTTP 403",
    recent: [{ time: 0, text: "no <b>key</b>" }],
  };
  const chart = draw();
  chart.face.sheet.root.showPopover = () => undefined;
  part("badge").click();
  expect([part("badge").textContent, part("errors").textContent]).toEqual([
    "failed: HTTP 403",
    expect.stringContaining("no <b>key</b>"),
  ]);
});

test("a page reader gets at most 25 rows of what is seen", () => {
  draw();
  rows(5000);
  vi.advanceTimersByTime(1000);
  expect(el.querySelectorAll("table tr").length).toBe(26);
});

test("who cannot mark has no button for it", () => {
  draw();
  expect(part("add").hidden).toBe(true);
});

test("tests find the figures under the name of the share", () => {
  draw();
  rows(20);
  expect(hooks().get("c")?.stats()).toMatchObject({
    rows: 20,
    first: 0,
    end: 20,
    loaded: 20,
    crc: 0,
  });
});

test("two charts of a share have two names, and leave none behind", () => {
  draw();
  draw();
  const names = [...hooks().keys()];
  ended.abort();
  expect([names, [...hooks().keys()]]).toEqual([["c", "c#2"], []]);
});

test("a chart that has ended leaves nothing on the page, and lets its feeds go", () => {
  const onMarks = (_listener: (marks: MarkSet) => void): void => undefined;
  const onCursors = (_listener: (cursors: OthersCursor[]) => void): void => undefined;
  draw({}, { onMarks, onCursors });
  ended.abort();
  feed.tell("rows");
  paint();
  expect([el.childElementCount, opened[0]?.signal.aborted]).toEqual([0, true]);
});

function wantLessMotion(): void {
  const still = matchMedia;
  vi.stubGlobal("matchMedia", (query: string) => {
    const found = still(query);
    return query.includes("reduced-motion") ? { ...found, matches: true } : found;
  });
}

test("who wants less motion sees the first rows at once", () => {
  wantLessMotion();
  const chart = draw();
  rows(10);
  expect(chart.range[0]).toBe(0);
});

test("who wants less motion sees new rows once a second", () => {
  wantLessMotion();
  draw();
  rows(10);
  feed.push(1, 1, 1);
  feed.tell("rows");
  const before = frames.length;
  vi.advanceTimersByTime(1000);
  expect([before, frames.length]).toEqual([0, 1]);
});

test("a legend has the words of a column of text", () => {
  feed.texts = { side: ["buy", "sell"] };
  draw({ series: [{ feed: "ticks", column: "side", kind: "step" }] });
  feed.push(1, 1, 1, 1);
  feed.tell("rows");
  paint();
  expect(part("legend-0").textContent).toBe("sidesell");
});

test("the values at the cursor are copied, else the newest", () => {
  const copied: string[] = [];
  const clipboardData = { setData: (_kind: string, text: string) => copied.push(text) };
  document.execCommand = () =>
    document.dispatchEvent(Object.assign(new Event("copy"), { clipboardData }));
  draw();
  rows(8);
  const keys = { key: "c", ctrlKey: true };
  part("surface").dispatchEvent(new KeyboardEvent("keydown", keys));
  expect(copied).toEqual(["time\tprice\n1970-01-01T00:00:07.000Z\t100"]);
});
