/**
 * A model that stands where classic widgets expect one of their own: for an anywidget, which draws
 * itself, or for a model that could not be made, whose card is drawn.
 */
import { DOMWidgetModel, DOMWidgetView, type IWidgetManager } from "@jupyter-widgets/base";

/** Draws into `el` until `signal` aborts. */
export type Draw = (el: HTMLElement, signal: AbortSignal) => void;

/** The package under which views find these classes. */
export const STAND_IN = "cowidget-stand-in";

export class StandInModel extends DOMWidgetModel {
  override defaults() {
    return {
      ...super.defaults(),
      _model_module: STAND_IN,
      _model_name: "StandInModel",
      _view_module: STAND_IN,
      _view_name: "StandInView",
      description: "",
    };
  }
}

export class StandInView extends DOMWidgetView {
  override render(): void {
    const { draw } = this.model.attributes as { draw: Draw };
    const drawn = new AbortController();
    this.el.classList.add("jupyter-widgets", "cw-stand-in");
    this.once("remove", () => drawn.abort());
    // Once it is in the page, so that what it draws can measure itself.
    void this.displayed.then(() => {
      if (!drawn.signal.aborted) draw(this.el, drawn.signal);
    });
  }
}

export function standIn(manager: IWidgetManager, id: string, draw: Draw): StandInModel {
  const model = new StandInModel({ draw }, { widget_manager: manager, model_id: id });
  model.comm_live = true; // else it is drawn as one that has lost its kernel
  return model;
}
