import { beforeEach, expect, test, vi } from "vitest";
import { GlideAlong } from "./glide-along";

let scroller: HTMLElement;
let frame: HTMLElement;

beforeEach(() => {
  scroller = document.createElement("div");
  scroller.style.overflowY = "auto";
  vi.spyOn(scroller, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(scroller, "scrollHeight", "get").mockReturnValue(3000);
  vi.spyOn(scroller, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 50, 500, 400));
  document.body.replaceChildren(scroller);
  frame = document.createElement("div");
  vi.spyOn(frame, "getBoundingClientRect").mockImplementation(
    () => new DOMRect(0, 60 - scroller.scrollTop, 500, 2900),
  );
});

test("it arrives, and not at once", async () => {
  scroller.append(frame);
  new GlideAlong(frame).go(700, false);
  expect(scroller.scrollTop).toBe(0);
  await vi.waitFor(() => expect(scroller.scrollTop).toBe(710));
});

test("for people who want less motion it is there at once", () => {
  scroller.append(frame);
  new GlideAlong(frame).go(700, true);
  expect(scroller.scrollTop).toBe(710);
});

test("who stops stays where they are", async () => {
  scroller.append(frame);
  const along = new GlideAlong(frame);
  along.go(700, false);
  along.stop();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(scroller.scrollTop).toBe(0);
});

test("a notebook around the panel moves only for what would not be seen", () => {
  const panel = document.createElement("div");
  scroller.append(panel);
  panel.attachShadow({ mode: "open" }).append(frame);
  const along = new GlideAlong(frame);
  along.go(200, true);
  expect(scroller.scrollTop).toBe(0);
  along.go(700, true);
  expect(scroller.scrollTop).toBe(710);
});
