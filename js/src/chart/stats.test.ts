import { expect, test } from "vitest";
import { FakeFeed } from "./fake-feed";
import { drawnOf, Stats } from "./stats";
import { Track } from "./track";
import { readTraits } from "./traits";

test("frames are counted by the second, and the worst one is kept", () => {
  const stats = new Stats();
  for (let frame = 0; frame <= 60; frame++) stats.add(frame * 20, frame === 7 ? 9 : 1);
  const { fps, worstMs, rows } = stats.figures(undefined, [0, 1], 0);
  expect([Math.round(fps), worstMs, rows]).toEqual([50, 9, 0]);
});

test("what is drawn is told by the pixel, with nothing where nothing is", () => {
  const feed = new FakeFeed("f", [{ name: "v" }]);
  for (const [t, v] of [
    [0, 1],
    [1, 9],
    [2, 2],
    [90, 5],
  ] as const)
    feed.push(t, v);
  const [trait] = readTraits(() => [{ feed: "f", column: "v" }]).series;
  if (trait === undefined) throw new Error("there is a series");
  const track = new Track(trait, feed, 0);
  track.query([0, 100], 10);
  const { low, high } = drawnOf(track, [0, 100], 10);
  expect([low[0], high[0], low[5], low[9]]).toEqual([1, 9, null, 5]);
});
