/** Tests' own sandbox: models of both kinds, and what comes out of them. */
import type { ClassicSurroundings, Shown } from "../host/classic";
import type { ClassicSpec, ModelSpec } from "../host/messages";
import { Host } from "./host";
import { idOf } from "./references";

type Values = Record<string, unknown>;

export interface Failed {
  model: string;
  phase: string;
  text: string;
}

const HOME: Record<string, string> = {
  LayoutModel: "@jupyter-widgets/base",
  OutputModel: "@jupyter-widgets/output",
};

/** The classes of a widget of ipywidgets, by the name of its model. */
export function classesOf(
  name: string,
  module = HOME[name] ?? "@jupyter-widgets/controls",
): ClassicSpec {
  const view = /Link|Style/.test(name) ? "" : name.replace(/Model$/, "View");
  return { module, version: "*", name, viewModule: module, viewVersion: "*", view };
}

export function spec(id: string, name: string, changes: Partial<ModelSpec> = {}): ModelSpec {
  const classic = classesOf(name);
  const lists = { writable: ["value", "index", "selected_index"], local: [], events: [] };
  return { id, name, ...lists, code: "", style: "", classic, problem: "", ...changes };
}

/** As a page runs it: in the global scope. */
export async function runScript(text: string): Promise<void> {
  // biome-ignore lint/security/noGlobalEval: the tests' document runs no script elements
  globalThis.eval(text);
}

/** A room with no page around it. */
export class Room {
  readonly host: Host;
  readonly saved: Values[] = [];
  /** Local values that were told, for who follows. */
  readonly kept: Values[] = [];
  readonly emitted: { model: string; content: unknown; buffers: Uint8Array[] }[] = [];
  readonly failed: Failed[] = [];
  readonly texts: Record<string, string> = {};
  readonly #shown = new Map<string, Shown>();
  #arrivals: (() => void)[] = [];

  constructor() {
    const surroundings: ClassicSurroundings = {
      outlet: {
        save: (values) => this.saved.push(values),
        keep: (values) => void this.kept.push(values),
        emit: (model, content, buffers) => this.emitted.push({ model, content, buffers }),
      },
      moduleText: (name) => this.texts[name],
      runScript,
      find: (ref) => this.find(ref),
      fail: (el, model, phase, error) => {
        const text = error instanceof Error ? error.message : String(error);
        this.failed.push({ model, phase, text });
        el.append(`card: ${text}`);
      },
    };
    this.host = new Host(surroundings);
  }

  /** Puts a classic model in, or describes it anew. */
  open(id: string, name: string, values: Values = {}, changes: Partial<ModelSpec> = {}): Shown {
    const shown = this.host.open(spec(id, name, changes), values);
    this.put(id, shown);
    return shown;
  }

  put(id: string, shown: Shown): void {
    this.#shown.set(id, shown);
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    for (const arrive of arrivals) arrive();
  }

  close(id: string): void {
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
  }

  async find(ref: string): Promise<Shown> {
    for (;;) {
      const shown = this.#shown.get(idOf(ref));
      if (shown !== undefined) return shown;
      await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    }
  }

  /** Draws a view, as a share's root is. */
  async show(id: string): Promise<{ el: HTMLElement; end: () => void }> {
    const el = document.createElement("div");
    document.body.append(el);
    const ending = new AbortController();
    await (await this.find(id)).show(el, ending.signal);
    await settled();
    return { el, end: () => ending.abort() };
  }
}

/** When all has run that does not wait for time or for somebody. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setTimeout(resolve));
}
