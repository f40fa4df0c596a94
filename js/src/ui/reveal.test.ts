import { afterEach, expect, test, vi } from "vitest";
import { reveal } from "./reveal";

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

test("what is scrolled to has the size and the place of the chart in its frame, and leaves nothing", () => {
  const place = document.createElement("div");
  const frame = place.appendChild(document.createElement("div"));
  document.body.append(place);
  const scrolled = vi.fn(function (this: HTMLElement) {
    expect([this.style.top, this.style.blockSize]).toEqual(["388px", "344px"]);
  });
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(scrolled);
  reveal(frame, 400, 320);
  expect(scrolled).toHaveBeenCalledOnce();
  expect(place.children).toHaveLength(1);
});

test("a frame that is gone is not scrolled to", () => {
  const scrolled = vi.spyOn(Element.prototype, "scrollIntoView");
  reveal(document.createElement("div"), 0, 0);
  expect(scrolled).not.toHaveBeenCalled();
});
