/**
 * A model together with its code: imports the front-end module, initializes it once, renders views.
 *
 * New code begins a new generation: the old one is cleaned up and every live view is drawn again in
 * its place. A generation that fails draws its error where the widget would be.
 */

import { report } from "../lib/report";
import type { Host } from "./host";
import { type Invoke, invokeOn } from "./invoke";
import type { Failure, Message, ModelSpec } from "./messages";
import type { Model, ModelFace } from "./model";
import type { Chair, Occupant } from "./seat";
import type { Services } from "./services";

/** Milliseconds. A render that goes on for longer is not waited for with what has happened since it began. */
const RENDER_PATIENCE_MS = 10_000;
/** Messages that wait for `initialize`. One that never ends must not fill the browser. */
const MAX_EARLY = 1000;

interface Props {
  model: ModelFace;
  signal: AbortSignal;
  experimental: { invoke: Invoke };
  /** For our own widgets, which are drawn in notebooks without it. */
  cowidget: Services;
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
  servicesFor(share: string): Services;
}

interface Generation {
  code: string;
  problem: string;
  controller: AbortController;
  started: Promise<Started>;
  /** Messages that came before it had started; null from then on. */
  early: Message[] | null;
}

type Started =
  | { ok: true; definition: Definition; exports: unknown }
  | { ok: false; failure: Failure };

export class Widget implements Occupant {
  readonly model: Model;
  readonly name: string;
  readonly #surroundings: Surroundings;
  readonly #chair: Chair;
  /** Views that are being drawn. They get what is counted once they are there (E4). */
  readonly #drawing = new Set<ModelFace>();
  #generation: Generation | null = null;

  constructor(model: Model, name: string, surroundings: Surroundings, chair: Chair) {
    this.model = model;
    this.name = name;
    this.#surroundings = surroundings;
    this.#chair = chair;
  }

  get ready(): Promise<unknown> {
    return this.#generation?.started ?? Promise.resolve();
  }

  get drawing(): boolean {
    return this.#drawing.size > 0;
  }

  describe(spec: ModelSpec, traits: readonly string[]): void {
    this.model.describe(spec.local, traits);
  }

  /** Runs this code from now on; the same code again changes nothing. */
  run(code: string, problem: string): void {
    const same = this.#generation?.code === code && this.#generation.problem === problem;
    if (same) return;
    const before = this.#generation;
    before?.controller.abort();
    const controller = new AbortController();
    const started = this.#start(code, problem, controller.signal);
    const early = before?.early ?? [];
    const generation: Generation = { code, problem, controller, started, early };
    this.#generation = generation;
    void started.then(() => this.#catchUp(generation));
    if (before !== null) this.#chair.redraw();
  }

  receiveState(values: Record<string, unknown>, turn: number): void {
    this.model.receiveState(values, turn);
  }

  receiveLook(values: Record<string, unknown>): void {
    this.model.receiveLook(values);
  }

  look(): Record<string, unknown> {
    return this.model.look();
  }

  renew(values: Record<string, unknown>, turn: number, due: readonly Message[]): void {
    this.model.receiveState(values, turn);
    for (const message of due) this.receive(message);
  }

  /**
   * Held until `initialize` has ended, as in Jupyter: its listeners are to hear it. Those that it has put up
   * already hear it at once, as it may wait for the answer to an `invoke`.
   */
  receive(message: Message): void {
    const early = this.#generation?.early ?? null;
    if (early !== null) {
      if (early.push(message) > MAX_EARLY) early.shift();
      if (this.model.isHeard(message)) this.#deliverEarly(early);
    } else if (this.#generation !== null) this.#deliver(message);
  }

  face(signal: AbortSignal): ModelFace {
    return this.model.face(signal);
  }

  /** What `initialize` exported; undefined if it exported nothing, or failed. */
  async exports(): Promise<unknown> {
    const started = await this.#generation?.started;
    return started?.ok ? started.exports : undefined;
  }

  /** Draws a view into `el` until `signal` aborts. Never rejects: a failure is drawn instead. */
  async show(el: HTMLElement, signal: AbortSignal): Promise<void> {
    const generation = this.#generation;
    const started = await generation?.started;
    // With a newer generation, the seat draws again.
    if (started === undefined || generation !== this.#generation || signal.aborted) return;
    if (started.ok) await this.#render(el, signal, started.definition);
    else this.#surroundings.drawFailure(el, started.failure, this.name);
  }

  close(): void {
    this.#generation?.controller.abort();
    this.#generation = null;
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
      const result = await definition.initialize?.(this.#props(this.model.face(signal), signal));
      if (typeof result !== "function") return { ok: true, definition, exports: result };
      onAbort(signal, () => result());
      return { ok: true, definition, exports: undefined };
    } catch (error) {
      return this.#failed("initialize", error);
    }
  }

  #catchUp(generation: Generation): void {
    if (generation !== this.#generation) return;
    this.#deliverEarly(generation.early ?? []);
    generation.early = null;
  }

  #deliverEarly(early: Message[]): void {
    for (const message of early.splice(0)) this.#deliver(message);
  }

  #deliver(message: Message): void {
    const all = (): boolean => true;
    const drawn = (face: ModelFace): boolean => !this.#drawing.has(face);
    this.model.receive(message, message.count === 0 ? all : drawn);
  }

  async #render(el: HTMLElement, signal: AbortSignal, definition: Definition): Promise<void> {
    const failing = new AbortController();
    const until = AbortSignal.any([signal, failing.signal]);
    const own = !el.hasChildNodes();
    const face = this.model.face(until);
    this.#drawing.add(face);
    signal.addEventListener("abort", () => this.#drawn(face), { once: true });
    const host = this.#surroundings.hostFor(until);
    const drawing = Promise.resolve()
      .then(() => definition.render?.({ ...this.#props(face, until), el, host }))
      .then(
        (cleanUp) => {
          if (typeof cleanUp === "function") onAbort(until, () => cleanUp());
        },
        (error: unknown) => {
          if (signal.aborted) return; // it was interrupted, and nobody sees this view any more
          failing.abort();
          if (own) el.replaceChildren();
          const { failure } = this.#failed("render", error);
          this.#surroundings.drawFailure(el, failure, this.name);
        },
      );
    const late = setTimeout(() => this.#bringUpToDate(face), RENDER_PATIENCE_MS);
    await drawing;
    clearTimeout(late);
    if (!until.aborted) this.#bringUpToDate(face);
    this.#drawn(face);
  }

  /** What is counted happened to a view that is there now, too (E4). */
  #bringUpToDate(face: ModelFace): void {
    if (!this.#drawing.has(face)) return;
    for (const message of this.#chair.replay()) this.model.receive(message, (one) => one === face);
    this.#drawn(face);
  }

  #drawn(face: ModelFace): void {
    if (this.#drawing.delete(face) && !this.drawing) this.#chair.settle();
  }

  #props(model: ModelFace, signal: AbortSignal): Props {
    const [share = ""] = this.model.id.split("/", 1);
    const cowidget = this.#surroundings.servicesFor(share);
    return { model, signal, experimental: { invoke: invokeOn(model) }, cowidget };
  }

  #failed(phase: Failure["phase"], error: unknown): { ok: false; failure: Failure } {
    return { ok: false, failure: { model: this.model.id, phase, text: textOf(error) } };
  }
}

/** What was thrown, for people. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** A widget's own clean-up runs when `signal` aborts, or now; what it throws stays its own. */
function onAbort(signal: AbortSignal, cleanUp: () => unknown): void {
  const run = (): void => void Promise.resolve().then(cleanUp).catch(report);
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
}

async function readDefinition(module: Record<string, unknown>): Promise<Definition> {
  // Named exports are the older form, and go first, as in anywidget.
  const isOlder = typeof module.render === "function" || module.default === undefined;
  const offered = isOlder ? module : module.default;
  const definition: unknown = typeof offered === "function" ? await offered() : offered;
  if (isDefinition(definition) && (!isOlder || definition.render || definition.initialize)) {
    return definition;
  }
  throw new TypeError("The module has to export a default object with render or initialize.");
}

/** An object with neither is one as well: there is nothing to see of it. */
function isDefinition(value: unknown): value is Definition {
  if (typeof value !== "object" || value === null) return false;
  const { initialize, render } = value as Record<string, unknown>;
  return [initialize, render].every((part) => part === undefined || typeof part === "function");
}
