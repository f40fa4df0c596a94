/**
 * One widget's model inside the sandbox: what a front-end module sees of its traits.
 *
 * `set` changes this viewer's copy at once; `save_changes` sends what was set. Traits that are local
 * are never sent, and once a viewer has set one, the room no longer changes it for them.
 */
import { report } from "../lib/report";
import { ownBytes, same, toWidget, toWire } from "./values";

/** The model as widget code gets it: the front-end module interface of anywidget. */
export interface ModelFace {
  get(name: string): unknown;
  set(name: string | Record<string, unknown>, value?: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: (ArrayBuffer | ArrayBufferView)[]): void;
  on(events: string, callback: Callback): void;
  off(events?: string | null, callback?: Callback | null): void;
  widget_manager: { get_model(ref: string): Promise<ModelFace> };
}

// Widget code calls back with what it likes to take: (model, value), (content, buffers) or nothing.
export type Callback = (...values: unknown[]) => void;

/** Where a model's writes and messages go. */
export interface Outlet {
  /** Sends values by key, and returns the turn that they were sent in. */
  save(values: Record<string, unknown>): number;
  emit(model: string, content: unknown, buffers: Uint8Array[]): void;
  find(ref: string): Promise<Model>;
}

interface Listener {
  event: string;
  callback: Callback;
  face: ModelFace;
}

/** What goes wrong in a listener is the widget's: shown in the console, and the others still run. */
function call(listener: Listener, values: unknown[]): void {
  try {
    listener.callback(...values);
  } catch (error) {
    report(error);
  }
}

export class Model {
  readonly id: string;
  readonly #outlet: Outlet;
  #local: ReadonlySet<string>;
  readonly #values = new Map<string, unknown>();
  readonly #unsaved = new Set<string>();
  readonly #kept = new Set<string>(); // local traits that this viewer has set
  readonly #sentIn = new Map<string, number>();
  #listeners: Listener[] = [];

  constructor(id: string, local: readonly string[], outlet: Outlet) {
    this.id = id;
    this.#local = new Set(local);
    this.#outlet = outlet;
  }

  /** The owner has described the widget anew. */
  describe(local: readonly string[]): void {
    this.#local = new Set(local);
  }

  get(name: string): unknown {
    return this.#values.get(name);
  }

  /** This viewer's change; nothing is sent yet. */
  set(changes: Record<string, unknown>): void {
    const changed: string[] = [];
    for (const [name, value] of Object.entries(changes)) {
      this.#unsaved.add(name);
      if (this.#local.has(name)) this.#kept.add(name);
      if (this.#assign(name, value)) changed.push(name);
    }
    this.#announce(changed);
  }

  /** Sends what has been set since the last time, together. */
  save(): void {
    const names = [...this.#unsaved].filter((name) => !this.#local.has(name));
    this.#unsaved.clear();
    if (names.length === 0) return;
    const values = Object.fromEntries(
      names.map((name) => [`${this.id}/${name}`, toWire(this.#values.get(name))]),
    );
    const turn = this.#outlet.save(values);
    for (const name of names) this.#sentIn.set(name, turn);
  }

  /** The room's values. Those that are older than what was sent since (`turn`) are passed over. */
  receiveState(values: Record<string, unknown>, turn: number): void {
    const changed: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      if (this.#kept.has(name) || (this.#sentIn.get(name) ?? 0) > turn) continue;
      this.#unsaved.delete(name);
      if (this.#assign(name, toWidget(value))) changed.push(name);
    }
    this.#announce(changed);
  }

  receiveMessage(content: unknown, buffers: Uint8Array[]): void {
    this.#fire("msg:custom", () => [toWidget(content), buffers.map(toWidget)]);
  }

  /** The model for one initialize or one view. When `signal` aborts, its listeners are gone. */
  face(signal: AbortSignal): ModelFace {
    const face: ModelFace = {
      get: (name) => this.get(name),
      set: (name, value) => this.set(typeof name === "string" ? { [name]: value } : name),
      save_changes: () => this.save(),
      send: (content, _callbacks, buffers = []) =>
        this.#outlet.emit(this.id, toWire(content), buffers.map(ownBytes)),
      on: (events, callback) => {
        if (signal.aborted) return;
        for (const event of events.split(/\s+/)) this.#listeners.push({ event, callback, face });
      },
      off: (events, callback) => this.#off(face, events ?? null, callback ?? null),
      widget_manager: {
        get_model: async (ref) => (await this.#outlet.find(ref)).face(signal),
      },
    };
    signal.addEventListener("abort", () => this.#off(face, null, null), { once: true });
    return face;
  }

  #assign(name: string, value: unknown): boolean {
    if (this.#values.has(name) && same(this.#values.get(name), value)) return false;
    this.#values.set(name, value);
    return true;
  }

  #announce(names: readonly string[]): void {
    for (const name of names) {
      this.#fire(`change:${name}`, (face) => [face, this.#values.get(name)]);
    }
    if (names.length > 0) this.#fire("change", (face) => [face]);
  }

  #fire(event: string, values: (face: ModelFace) => unknown[]): void {
    // A copy: a listener may take itself off while it runs.
    for (const listener of [...this.#listeners]) {
      if (listener.event === event) call(listener, values(listener.face));
    }
  }

  #off(face: ModelFace, events: string | null, callback: Callback | null): void {
    const names = events === null ? null : new Set(events.split(/\s+/));
    this.#listeners = this.#listeners.filter(
      (listener) =>
        listener.face !== face ||
        (names !== null && !names.has(listener.event)) ||
        (callback !== null && listener.callback !== callback),
    );
  }
}
