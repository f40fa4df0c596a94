/**
 * One widget's model inside the sandbox: what a front-end module sees of its traits.
 *
 * `set` changes this viewer's copy at once; `save_changes` sends what was set. Traits that are local
 * are never sent, and once a viewer has set one, the room no longer changes it for them. Nor are those sent that
 * the room does not have, or that nobody may write: a view's housekeeping.
 */
import { report } from "../lib/report";
import { isHousekeeping, type Message } from "./messages";
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
  /** Local values by key, as this viewer has set them: who follows them sees them, too. */
  keep?(values: Record<string, unknown>): void;
  find(ref: string): Promise<{ face(signal: AbortSignal): ModelFace }>;
}

interface Listener {
  event: string;
  callback: Callback;
  face: ModelFace;
}

type Hears = (face: ModelFace) => boolean;

const everyone: Hears = () => true;

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
  #local: ReadonlySet<string> = new Set();
  #known: ReadonlySet<string> = new Set();
  readonly #values = new Map<string, unknown>();
  readonly #unsaved = new Set<string>();
  readonly #kept = new Set<string>(); // local traits that this viewer has set
  readonly #sentIn = new Map<string, number>();
  #listeners: Listener[] = [];

  constructor(id: string, outlet: Outlet) {
    this.id = id;
    this.#outlet = outlet;
  }

  /** The room has these traits of it, of which each viewer has the `local` ones for themselves. */
  describe(local: readonly string[], traits: readonly string[]): void {
    this.#local = new Set(local);
    this.#known = new Set(traits);
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
    const unsaved = [...this.#unsaved];
    const names = unsaved.filter((name) => this.#isSent(name));
    const local = unsaved.filter((name) => this.#local.has(name));
    this.#unsaved.clear();
    if (local.length > 0) this.#outlet.keep?.(this.#byKey(local));
    if (names.length === 0) return;
    const turn = this.#outlet.save(this.#byKey(names));
    for (const name of names) this.#sentIn.set(name, turn);
  }

  /** Local values of somebody whom this viewer follows. */
  receiveLook(values: Record<string, unknown>): void {
    const local = Object.entries(values).filter(([name]) => this.#local.has(name));
    this.#announce(local.filter(([name, value]) => this.#take(name, value)).map(([name]) => name));
  }

  /** The local values that this viewer has. */
  look(): Record<string, unknown> {
    const names = [...this.#local].filter((name) => this.#values.has(name));
    return Object.fromEntries(names.map((name) => [name, toWire(this.#values.get(name))]));
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

  /**
   * A message of the model's owner; `hears` says which faces it is for.
   *
   * An event's trait is announced even if it has the value already: each assignment counts, and owners that
   * signal by traits put null in between.
   */
  receive({ content, buffers, trait }: Message, hears: Hears): void {
    if (trait === "") {
      this.#fire("msg:custom", () => [toWidget(content), buffers.map(toWidget)], hears);
      return;
    }
    this.#values.set(trait, toWidget(content));
    this.#announce([trait], hears);
  }

  /** Whether anything listens for such messages. */
  isHeard({ trait }: Message): boolean {
    const event = trait === "" ? "msg:custom" : `change:${trait}`;
    return this.#listeners.some((listener) => listener.event === event);
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

  #byKey(names: readonly string[]): Record<string, unknown> {
    const entries = names.map((name) => [`${this.id}/${name}`, toWire(this.#values.get(name))]);
    return Object.fromEntries(entries);
  }

  #take(name: string, value: unknown): boolean {
    this.#kept.add(name);
    return this.#assign(name, toWidget(value));
  }

  #assign(name: string, value: unknown): boolean {
    if (this.#values.has(name) && same(this.#values.get(name), value)) return false;
    this.#values.set(name, value);
    return true;
  }

  /** Local traits, and a view's housekeeping, stay here. */
  #isSent(name: string): boolean {
    return this.#known.has(name) && !this.#local.has(name) && !isHousekeeping(name);
  }

  #announce(names: readonly string[], hears = everyone): void {
    for (const name of names) {
      this.#fire(`change:${name}`, (face) => [face, this.#values.get(name)], hears);
    }
    if (names.length > 0) this.#fire("change", (face) => [face], hears);
  }

  #fire(event: string, values: (face: ModelFace) => unknown[], hears = everyone): void {
    // A copy: a listener may take itself off while it runs.
    for (const listener of [...this.#listeners]) {
      if (listener.event === event && hears(listener.face)) call(listener, values(listener.face));
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
