/** What a front-end module of ours is given: the part of anywidget's interface that it uses. */
import type { Wording } from "../lib/words";

export interface ModelFace {
  get(name: string): unknown;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

export interface Props {
  model: ModelFace;
  el: HTMLElement;
  signal: AbortSignal;
  /** Missing in a notebook's own rendering. */
  cowidget?: Wording;
}

/** Calls `draw` now and whenever one of these traits changes, until `signal` aborts. */
export function follow(
  { model, signal }: Props,
  traits: readonly string[],
  draw: () => void,
): void {
  for (const trait of traits) {
    model.on(`change:${trait}`, draw);
    signal.addEventListener("abort", () => model.off(`change:${trait}`, draw), { once: true });
  }
  draw();
}
