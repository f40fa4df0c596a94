/** What a chart needs: the part of anywidget's model that it uses, and what a room offers beside it. */
import type { Services, Views } from "../host/services";

export interface ModelFace {
  get(name: string): unknown;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** In a notebook's own rendering there are feeds, and nothing of people. */
export type Room = Views & Partial<Services>;

export interface Props {
  model: ModelFace;
  el: HTMLElement;
  signal: AbortSignal;
  room: Room;
}
