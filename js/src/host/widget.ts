/**
 * A model together with its code: imports the front-end module, initializes it once, renders views.
 *
 * New code begins a new generation: the old one is cleaned up and every live view is drawn again in
 * its place. A generation that fails draws its error where the widget would be.
 */

import { report } from "../lib/report";
import type { Host } from "./host";
import { type Invoke, invokeOn } from "./invoke";
import type { Failure } from "./messages";
import type { Model, ModelFace } from "./model";

interface Props {
  model: ModelFace;
  signal: AbortSignal;
  experimental: { invoke: Invoke };
}

interface Definition {
  initialize?: (props: Props) => unknown;
  render?: (props: Props & { el: HTMLElement; host: Host }) => unknown;
}

/** How a module's text becomes a module, and where failures are shown and told. */
export interface Surroundings {
  importCode(code: string): Promise<Record<string, unknown>>;
  drawFailure(el: HTMLElement, failure: Failure, name: string): void;
  hostFor(signal: AbortSignal): Host;
}

interface Generation {
  code: string;
  controller: AbortController;
  started: Promise<Started>;
}

type Started =
  | { ok: true; definition: Definition; exports: unknown }
  | { ok: false; failure: Failure };

interface View {
  el: HTMLElement;
  /** Whether nothing else is drawn in `el`: then it may be emptied. */
  own: boolean;
  signal: AbortSignal;
  drawn: AbortController;
}

export class Widget {
  readonly model: Model;
  readonly name: string;
  readonly #surroundings: Surroundings;
  readonly #views = new Set<View>();
  #generation: Generation | null = null;

  constructor(model: Model, name: string, surroundings: Surroundings) {
    this.model = model;
    this.name = name;
    this.#surroundings = surroundings;
  }

  /** Runs this code from now on; the same code again changes nothing. */
  run(code: string, problem: string): void {
    if (this.#generation?.code === code) return;
    this.#generation?.controller.abort();
    const controller = new AbortController();
    const started = this.#start(code, problem, controller.signal);
    this.#generation = { code, controller, started };
    for (const view of this.#views) void this.#draw(view);
  }

  /** What `initialize` exported; undefined if it exported nothing, or failed. */
  async exports(): Promise<unknown> {
    const started = await this.#generation?.started;
    return started?.ok ? started.exports : undefined;
  }

  /** Draws a view into `el` until `signal` aborts. Never rejects: a failure is drawn instead. */
  async show(el: HTMLElement, signal: AbortSignal): Promise<void> {
    const view = { el, own: !el.hasChildNodes(), signal, drawn: new AbortController() };
    this.#views.add(view);
    const drop = (): void => {
      this.#views.delete(view);
      view.drawn.abort();
    };
    if (signal.aborted) return drop();
    signal.addEventListener("abort", drop, { once: true });
    await this.#draw(view);
  }

  close(): void {
    this.#generation?.controller.abort();
    this.#generation = null;
    for (const view of this.#views) view.drawn.abort();
    this.#views.clear();
  }

  async #start(code: string, problem: string, signal: AbortSignal): Promise<Started> {
    if (problem !== "") return this.#failed("import", problem);
    let definition: Definition;
    try {
      definition = await readDefinition(await this.#surroundings.importCode(code));
    } catch (error) {
      return this.#failed("import", error);
    }
    try {
      const result = await definition.initialize?.(this.#props(this.model, signal));
      if (typeof result !== "function") return { ok: true, definition, exports: result };
      onAbort(signal, () => result());
      return { ok: true, definition, exports: undefined };
    } catch (error) {
      return this.#failed("initialize", error);
    }
  }

  async #draw(view: View): Promise<void> {
    view.drawn.abort();
    view.drawn = new AbortController();
    const generation = this.#generation;
    if (generation === null) return;
    const started = await generation.started;
    if (generation !== this.#generation || view.signal.aborted) return;
    if (view.own) view.el.replaceChildren();
    if (started.ok) await this.#render(view, started.definition);
    else this.#surroundings.drawFailure(view.el, started.failure, this.name);
  }

  async #render(view: View, definition: Definition): Promise<void> {
    const { signal } = view.drawn;
    try {
      const host = this.#surroundings.hostFor(signal);
      const cleanup = await definition.render?.({
        ...this.#props(this.model, signal),
        el: view.el,
        host,
      });
      if (typeof cleanup === "function") onAbort(signal, () => cleanup());
    } catch (error) {
      if (signal.aborted) return; // it was interrupted, and nobody sees this view any more
      view.drawn.abort();
      const { failure } = this.#failed("render", error);
      if (view.own) view.el.replaceChildren();
      this.#surroundings.drawFailure(view.el, failure, this.name);
    }
  }

  #props(model: Model, signal: AbortSignal): Props {
    const face = model.face(signal);
    return { model: face, signal, experimental: { invoke: invokeOn(face) } };
  }

  #failed(phase: Failure["phase"], error: unknown): { ok: false; failure: Failure } {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, failure: { model: this.model.id, phase, text } };
  }
}

/** A widget's own clean-up runs when `signal` aborts, or now; what it throws stays its own. */
function onAbort(signal: AbortSignal, cleanUp: () => unknown): void {
  const run = (): void => void Promise.resolve().then(cleanUp).catch(report);
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
}

async function readDefinition(module: Record<string, unknown>): Promise<Definition> {
  // Named exports are the older form, which anywidget still accepts.
  const offered = module.default ?? module;
  const definition: unknown = typeof offered === "function" ? await offered() : offered;
  if (isDefinition(definition)) return definition;
  throw new TypeError("The module has to export a default object with render or initialize.");
}

function isDefinition(value: unknown): value is Definition {
  if (typeof value !== "object" || value === null) return false;
  const { initialize, render } = value as Record<string, unknown>;
  return [initialize, render].some((part) => typeof part === "function");
}
