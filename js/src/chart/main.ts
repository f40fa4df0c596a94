/** The front end of `widgets/charts`. */
import type { ModelFace } from "../host/model";
import { nativeViews } from "../host/native";
import type { Services } from "../host/services";
import type { Words } from "../lib/words";
import { wear } from "../rich/wear";
import { Actions } from "./actions";
import { Chart } from "./chart";
import ground from "./chart.css";
import face from "./face.css";
import { Hands } from "./hands";
import legend from "./legend.css";
import { nativeMarks } from "./native-marks";
import overlay from "./overlay.css";
import type { Room } from "./props";
import sheet from "./sheet.css";
import { speak } from "./texts";
import tiles from "./tiles.css";

/** Each part's own, over what all of them have. */
const CSS = [ground, face, legend, overlay, sheet, tiles].join("\n");

interface Given {
  model: ModelFace;
  el: HTMLElement;
  signal: AbortSignal;
  /** Missing in a notebook's own rendering. */
  cowidget?: Services;
}

async function render({ cowidget, ...given }: Given): Promise<void> {
  const { model, el, signal } = given;
  wear(el, CSS);
  const room = cowidget ?? (await nativeRoom(model, signal));
  if (signal.aborted) return;
  const chart = new Chart({ ...given, room });
  const actions = new Actions(chart, signal);
  new Hands(chart.face.surface, actions, signal);
  const hear = (words: Words): void => {
    speak(words);
    chart.speak();
  };
  room.onWords?.("chart", hear, signal);
  room.onLeft?.(() => actions.leave(), signal);
}

async function nativeRoom(model: ModelFace, signal: AbortSignal): Promise<Room> {
  const views = await nativeViews(model, signal);
  return { open: (feed, until) => views.open(feed, until), ...nativeMarks(model) };
}

export default { render };
