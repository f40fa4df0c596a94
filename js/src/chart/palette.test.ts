import { expect, test } from "vitest";
import { brightness, dashOf, type Palette, seriesColor } from "./palette";

const PALETTE: Palette = {
  dark: false,
  forced: false,
  text: "#000",
  quiet: "#555",
  line: "#ddd",
  ground: "#fff",
  accent: "#00f",
  up: "#0a0",
  down: "#a00",
  font: "sans-serif",
  series: ["#111", "#222"],
};

test("light and dark are told apart in each form that a browser computes", () => {
  const [dark, light, mixed] = [
    "rgb(27, 30, 37)",
    "rgb(231, 233, 238)",
    "color(srgb 0.9 0.9 0.95)",
  ].map(brightness);
  expect([(dark ?? 1) < 0.5, (light ?? 0) > 0.5, (mixed ?? 0) > 0.5]).toEqual([true, true, true]);
});

test("a series has its own colour, or the next of the palette, over and over", () => {
  expect([seriesColor(PALETTE, 0, "red"), seriesColor(PALETTE, 3, "")]).toEqual(["red", "#222"]);
});

test("where colours are the system's, series differ by their dashes", () => {
  const forced = { ...PALETTE, forced: true };
  expect([
    dashOf(PALETTE, 1, false),
    dashOf(forced, 0, false),
    dashOf(forced, 1, false).length,
  ]).toEqual([[], [], 2]);
});
