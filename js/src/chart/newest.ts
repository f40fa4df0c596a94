/** The newest values of the series, which stand beside their axes. */
import type { Palette } from "./palette";
import { type Plot, SMALL } from "./plot";
import type { Reading, Track } from "./track";

/** With more of them nothing else would be read there. */
const MOST = 4;

/** Those that a picture of this height has room for. */
export function newestOf(plotted: readonly Track[], height: number): Map<Track, Reading> {
  const newest = new Map<Track, Reading>();
  if (height < SMALL) return newest;
  for (const track of plotted) {
    const reading = newest.size < MOST && track.trait.kind !== "scatter" ? track.last() : null;
    if (reading !== null && !Number.isNaN(reading.value)) newest.set(track, reading);
  }
  return newest;
}

/** Let the plot keep as much beside its axes as their texts need, and nothing of its own there. */
export function makeRoom(plot: Plot, newest: ReadonlyMap<Track, Reading>, palette: Palette): void {
  plot.gutters.left = plot.gutters.right = 0;
  plot.newest = { left: [], right: [] };
  const { ctx } = plot;
  ctx.font = `600 11px ${palette.font}`;
  for (const [track, { value }] of newest) {
    const { axis } = track.trait;
    plot.newest[axis].push(value);
    plot.gutters[axis] = Math.max(
      plot.gutters[axis],
      ctx.measureText(track.text(value)).width + 14,
    );
  }
}
