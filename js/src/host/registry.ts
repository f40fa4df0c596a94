/** Every widget of the room inside the sandbox, by model id. */
import { idOf } from "./host";
import type { ModelSpec, ShareSpec } from "./messages";
import { splitKey } from "./messages";
import { Model, type Outlet } from "./model";
import { type Surroundings, Widget } from "./widget";

/** Milliseconds. A reference to a model that never comes has to fail loudly, not to hang. */
const ARRIVAL_TIMEOUT_MS = 10_000;

interface Waiting {
  id: string;
  resolve(widget: Widget): void;
}

export class Registry {
  readonly #outlet: Outlet;
  readonly #surroundings: Surroundings;
  readonly #widgets = new Map<string, Widget>();
  readonly #shares = new Map<string, ShareSpec>();
  #waiting: Waiting[] = [];

  constructor(outlet: Outlet, surroundings: Surroundings) {
    this.#outlet = outlet;
    this.#surroundings = surroundings;
  }

  /** Puts a share in, or follows its new description. All models exist before any code runs. */
  receiveShare(share: ShareSpec, turn: number): Widget | undefined {
    const ids = new Set(share.models.map(({ id }) => id));
    for (const { id } of this.#shares.get(share.name)?.models ?? []) {
      if (!ids.has(id)) this.#close(id);
    }
    this.#shares.set(share.name, share);
    const fresh = share.models.map((spec) => this.#meet(spec));
    this.receiveState(share.values, turn);
    for (const [at, spec] of share.models.entries()) {
      fresh[at]?.run(share.texts[spec.code] ?? "", spec.problem);
    }
    this.#wake();
    return this.#widgets.get(share.name);
  }

  receiveGone(name: string): void {
    for (const { id } of this.#shares.get(name)?.models ?? []) this.#close(id);
    this.#shares.delete(name);
  }

  receiveState(values: Record<string, unknown>, turn: number): void {
    const byModel = new Map<string, Record<string, unknown>>();
    for (const [key, value] of Object.entries(values)) {
      const [id, trait] = splitKey(key);
      const traits = byModel.get(id) ?? {};
      traits[trait] = value;
      byModel.set(id, traits);
    }
    for (const [id, traits] of byModel) this.#widgets.get(id)?.model.receiveState(traits, turn);
  }

  receiveMessage(id: string, content: unknown, buffers: Uint8Array[]): void {
    this.#widgets.get(id)?.model.receiveMessage(content, buffers);
  }

  /** The widget that a reference names, as soon as it is there. */
  find(ref: string): Promise<Widget> {
    const id = idOf(ref);
    const widget = this.#widgets.get(id);
    if (widget !== undefined) return Promise.resolve(widget);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { id, resolve };
      this.#waiting.push(waiting);
      setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(new Error(`There is no widget ${id} in this room.`));
      }, ARRIVAL_TIMEOUT_MS);
    });
  }

  /** The style sheets that the widgets of now need: text by hash. */
  styles(): Map<string, string> {
    const styles = new Map<string, string>();
    for (const { models, texts } of this.#shares.values()) {
      for (const { style } of models) {
        const text = texts[style];
        if (text !== undefined) styles.set(style, text);
      }
    }
    return styles;
  }

  #meet(spec: ModelSpec): Widget {
    const known = this.#widgets.get(spec.id);
    known?.model.describe(spec.local);
    if (known !== undefined) return known;
    const model = new Model(spec.id, spec.local, this.#outlet);
    const widget = new Widget(model, spec.name, this.#surroundings);
    this.#widgets.set(spec.id, widget);
    return widget;
  }

  #close(id: string): void {
    this.#widgets.get(id)?.close();
    this.#widgets.delete(id);
  }

  #wake(): void {
    this.#waiting = this.#waiting.filter(({ id, resolve }) => {
      const widget = this.#widgets.get(id);
      if (widget !== undefined) resolve(widget);
      return widget === undefined;
    });
  }
}
