import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SandboxPlaces } from "./sandbox-places";
import type { FromSight, Point } from "./sight";

let closing: AbortController;
let told: FromSight[];
let root: HTMLElement;
let box: HTMLElement;
let places: SandboxPlaces;

beforeEach(() => {
  closing = new AbortController();
  told = [];
  root = document.createElement("main");
  document.body.replaceChildren(root);
  places = new SandboxPlaces(root, (message) => told.push(message), closing.signal);
  const section = document.createElement("section");
  section.className = "cw-share";
  section.dataset.share = "dial";
  box = document.createElement("div");
  box.className = "cw-widget";
  section.append(document.createElement("h2"), box);
  root.append(section);
  lay(box, new DOMRect(20, 100, 200, 50));
  vi.spyOn(box, "clientWidth", "get").mockReturnValue(200);
});

afterEach(() => closing.abort());

function lay(element: Element, rect: DOMRect): void {
  vi.spyOn(element, "getBoundingClientRect").mockReturnValue(rect);
}

function spotsOf(points: Record<string, Point>): unknown {
  places.receivePoints(points);
  return told.at(-1);
}

test("where the shares are is told when it is known, and when one scrolls", async () => {
  await vi.waitFor(() => expect(told).toHaveLength(1));
  const place = { left: 20, top: 100, width: 200, height: 50 };
  expect(told).toEqual([{ type: "places", places: { dial: place } }]);
  vi.spyOn(box, "scrollWidth", "get").mockReturnValue(300);
  box.scrollLeft = 30;
  box.dispatchEvent(new Event("scroll"));
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(told.at(-1)).toEqual({
    type: "places",
    places: { dial: { ...place, left: -10, width: 300 } },
  });
});

test("[P6] a point is where its fractions are in the box", () => {
  const points = { ann: { share: "dial", x: 0.5, y: 0.2 }, bob: { share: "gone", x: 0, y: 0 } };
  expect(spotsOf(points)).toEqual({ type: "spots", spots: { ann: [120, 110] } });
});

test("[P6] an element that is here too is pointed at where it is here", () => {
  const knob = document.createElement("b");
  box.append(knob);
  lay(knob, new DOMRect(30, 110, 40, 20));
  const within = { path: "0:b", x: 0.5, y: 0.5 };
  expect(spotsOf({ ann: { share: "dial", x: 1, y: 1, within } })).toEqual({
    type: "spots",
    spots: { ann: [50, 120] },
  });
});

test.each(["0:i", "7:b", "toString:b", "", ":", "0.0.0:b"])(
  "what %j names is not here: the fractions of the box hold",
  (path) => {
    box.append(document.createElement("b"));
    const point = { share: "dial", x: 0.5, y: 0.2, within: { path, x: 0, y: 0 } };
    expect(spotsOf({ ann: point })).toEqual({ type: "spots", spots: { ann: [120, 110] } });
  },
);

test("a point moves with the widgets", async () => {
  spotsOf({ ann: { share: "dial", x: 0, y: 0 } });
  lay(box, new DOMRect(20, 300, 200, 50));
  document.dispatchEvent(new Event("scroll"));
  await vi.waitFor(() => expect(told.at(-1)).toEqual({ type: "spots", spots: { ann: [20, 300] } }));
});
