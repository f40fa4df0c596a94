/** The front end of `widgets/charts`. */
import type { ModelFace } from "../host/model";
import { nativeViews } from "../host/native";
import type { Services } from "../host/services";
import { wear } from "../rich/wear";
import { Actions } from "./actions";
import { Chart } from "./chart";
import css from "./chart.css";
import { Hands } from "./hands";
import { nativeMarks } from "./native-marks";
import type { Room } from "./props";

interface Given {
  model: ModelFace;
  el: HTMLElement;
  signal: AbortSignal;
  /** Missing in a notebook's own rendering. */
  cowidget?: Services;
}

async function render({ cowidget, ...given }: Given): Promise<void> {
  const { model, el, signal } = given;
  wear(el, css);
  const room = cowidget ?? (await nativeRoom(model, signal));
  if (signal.aborted) return;
  const chart = new Chart({ ...given, room });
  const actions = new Actions(chart, signal);
  new Hands(chart.face.surface, actions, signal);
  room.onLeft?.(() => actions.leave(), signal);
}

async function nativeRoom(model: ModelFace, signal: AbortSignal): Promise<Room> {
  const views = await nativeViews(model, signal);
  return { open: (feed, until) => views.open(feed, until), ...nativeMarks(model) };
}

export default { render };
