/**
 * A classic view in the page: a Lumino widget that is told when it is attached, measured and taken away.
 */
import type { DOMWidgetView, WidgetModel, WidgetView } from "@jupyter-widgets/base";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { report } from "../lib/report";

/** Puts the view into `el` as soon as that is in the document, until `signal` aborts. */
export function attach(view: DOMWidgetView, el: HTMLElement, signal: AbortSignal): void {
  const { luminoWidget } = view;
  let attached = false;
  const look = (): void => {
    if (signal.aborted || luminoWidget.isDisposed) return;
    if (attached) {
      MessageLoop.postMessage(luminoWidget, Widget.ResizeMessage.UnknownSize);
    } else if (el.isConnected) {
      attached = true;
      Widget.attach(luminoWidget, el);
    }
  };
  look();
  // It reports the first layout of an element that is put into the document later, too.
  const sizes = new ResizeObserver(look);
  sizes.observe(el);
  signal.addEventListener(
    "abort",
    () => {
      sizes.disconnect();
      detach(view);
    },
    { once: true },
  );
}

/** Takes the view away. Lumino refuses to do that once its node has left the document with others. */
function detach(view: DOMWidgetView): void {
  const { luminoWidget } = view;
  const gone =
    !luminoWidget.isDisposed && luminoWidget.isAttached && !luminoWidget.node.isConnected;
  if (gone) {
    MessageLoop.sendMessage(luminoWidget, Widget.Msg.BeforeDetach);
    luminoWidget.node.remove();
    MessageLoop.sendMessage(luminoWidget, Widget.Msg.AfterDetach);
  }
  remove(view);
}

/** Removes a view. What its own code throws at that is shown in the console, and nothing stops. */
export function remove(view: WidgetView): void {
  try {
    view.remove();
  } catch (error) {
    report(error);
  }
}

type Listening = Parameters<WidgetModel["on"]>;

/**
 * Runs `make`, and takes the listeners that it has put on the model off again when the view goes:
 * views of ipywidgets leave some behind, and a model may outlive many views.
 */
export function tidily<View extends WidgetView>(model: WidgetModel, make: () => View): View {
  const added: Listening[] = [];
  const { on } = model;
  model.on = function (this: WidgetModel, ...listening: Listening) {
    added.push(listening);
    return Reflect.apply(on, this, listening);
  } as WidgetModel["on"];
  let view: View;
  try {
    view = make();
  } finally {
    Reflect.deleteProperty(model, "on");
  }
  view.once("remove", () => {
    for (const listening of added) Reflect.apply(model.off, model, listening);
  });
  return view;
}
