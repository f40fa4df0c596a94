/** `Output`: what cells have printed and displayed, as the kernel collected it. */
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import type { Shown } from "../host/classic";
import { same } from "../host/values";
import { report } from "../lib/report";
import { renderBundle } from "../rich/render";
import { idOf, refTo } from "./references";

const WIDGET = "application/vnd.jupyter.widget-view+json";

type Find = (ref: string) => Promise<Shown>;
type Bundle = Record<string, unknown>;

/** An output of nbformat 4. */
interface Output {
  output_type?: unknown;
  name?: unknown;
  text?: unknown;
  data?: unknown;
  metadata?: unknown;
  ename?: unknown;
  evalue?: unknown;
  traceback?: unknown;
}

interface Drawn {
  output: Output;
  el: HTMLElement;
  ended: AbortController;
}

class OutputModel extends DOMWidgetModel {
  override defaults() {
    return {
      ...super.defaults(),
      _model_module: "@jupyter-widgets/output",
      _model_name: "OutputModel",
      _view_module: "@jupyter-widgets/output",
      _view_name: "OutputView",
      msg_id: "",
      outputs: [],
    };
  }
}

/** The package `@jupyter-widgets/output`; widgets that were displayed are looked up by `find`. */
export function outputPackage(find: Find): Record<string, unknown> {
  class OutputView extends DOMWidgetView {
    // Set by `render`: a field's initial value would come after what the base class's constructor does.
    declare drawn: Drawn[];

    override render(): void {
      this.drawn = [];
      this.el.classList.add("jupyter-widgets", "jupyter-widget-output", "cw-output");
      this.listenTo(this.model, "change:outputs", this.draw);
      this.once("remove", () => this.keep(0));
      void this.displayed.then(() => this.draw());
    }

    /** Outputs mostly grow at their end: what is there and the same stays. */
    draw(): void {
      const outputs: Output[] = this.model.get("outputs") ?? [];
      const fresh = outputs.findIndex((output, at) => !same(output, this.drawn[at]?.output));
      const from = fresh < 0 ? outputs.length : fresh;
      this.keep(from);
      for (const output of outputs.slice(from)) this.drawn.push(this.append(output));
    }

    keep(count: number): void {
      for (const { el, ended } of this.drawn.splice(count)) {
        ended.abort();
        el.remove();
      }
    }

    append(output: Output): Drawn {
      const el = document.createElement("div");
      const ended = new AbortController();
      this.el.append(el);
      drawOutput(el, output, find, ended.signal);
      return { output, el, ended };
    }
  }
  return { OutputModel, OutputView };
}

function drawOutput(el: HTMLElement, output: Output, find: Find, signal: AbortSignal): void {
  if (output.output_type === "stream") {
    if (output.name === "stderr") el.className = "cw-stderr";
    renderBundle(el, { "text/plain": output.text });
  } else if (output.output_type === "error") {
    el.className = "cw-stderr";
    renderBundle(el, { "text/plain": tracebackOf(output) });
  } else {
    const bundle = recordOf(output.data);
    if (WIDGET in bundle) void drawWidget(el, bundle, find, signal).catch(report);
    else renderBundle(el, bundle, recordOf(output.metadata));
  }
}

/** The text of a widget, until there is the widget itself: perhaps it is not shared. */
async function drawWidget(
  el: HTMLElement,
  bundle: Bundle,
  find: Find,
  signal: AbortSignal,
): Promise<void> {
  const { [WIDGET]: view, ...others } = bundle;
  renderBundle(el, others);
  let shown: Shown;
  try {
    shown = await find(refTo(idOf(String(recordOf(view).model_id))));
  } catch {
    return; // its text is what is left of it
  }
  if (signal.aborted) return;
  el.replaceChildren();
  await shown.show(el, signal);
}

function tracebackOf({ traceback, ename, evalue }: Output): string {
  const lines = Array.isArray(traceback) ? traceback.join("\n") : "";
  return lines === "" ? `${ename}: ${evalue}` : lines;
}

function recordOf(value: unknown): Bundle {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
