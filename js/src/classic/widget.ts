/** A classic widget as the sandbox holds it: the model of now, and the views that are drawn of it. */

import type { Shown } from "../host/classic";
import type { ClassicSpec, ModelSpec } from "../host/messages";
import type { ModelFace } from "../host/model";
import { same } from "../host/values";
import { report } from "../lib/report";
import { faceOf } from "./face";
import { type Family, Generation } from "./generation";
import { attach } from "./views";

/** Those around a widget who have to know when another model stands behind its id. */
export interface Home extends Family {
  /** The model of this id is another one now. Resolves when all that refer to it have it. */
  replaced(id: string): Promise<void>;
  find(this: void, ref: string): Promise<Shown>;
  /** The widget is gone. */
  left(widget: ClassicWidget): void;
}

interface Root {
  el: HTMLElement;
  signal: AbortSignal;
  drawn: AbortController;
}

export class ClassicWidget implements Shown {
  readonly id: string;
  readonly #home: Home;
  readonly #roots = new Set<Root>();
  #generation: Generation;

  constructor(spec: ModelSpec, home: Home) {
    this.id = spec.id;
    this.#home = home;
    this.#generation = new Generation(spec, classicOf(spec), home);
  }

  get generation(): Generation {
    return this.#generation;
  }

  /**
   * Follows the owner's new description. Other classes begin another model in the same places, and so
   * does one that could not be made: its package may be there now.
   */
  describe(spec: ModelSpec, values: Record<string, unknown>): void {
    if (same(spec.classic, this.#generation.classic) && !this.#generation.failed) {
      this.#generation.describe(spec, values);
      return;
    }
    const old = this.#generation;
    this.#generation = new Generation(spec, classicOf(spec), this.#home);
    this.#generation.receiveState(values, 0);
    void this.#replace(old).catch(report);
  }

  receiveState(values: Record<string, unknown>, turn: number): void {
    this.#generation.receiveState(values, turn);
  }

  receiveMessage(content: unknown, buffers: Uint8Array[]): void {
    this.#generation.receiveMessage(content, buffers);
  }

  face(signal: AbortSignal): ModelFace {
    return faceOf(this.#generation, this.#home.find, signal);
  }

  /** Classic widgets export nothing. */
  exports(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async show(el: HTMLElement, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const root: Root = { el, signal, drawn: new AbortController() };
    this.#roots.add(root);
    signal.addEventListener("abort", () => this.#drop(root), { once: true });
    await this.#draw(root);
  }

  close(): void {
    for (const root of this.#roots) this.#drop(root);
    this.#home.left(this);
    void this.#generation.close().catch(report);
  }

  #drop(root: Root): void {
    this.#roots.delete(root);
    root.drawn.abort();
  }

  async #draw(root: Root): Promise<void> {
    const { signal } = root.drawn;
    const model = await this.#generation.model;
    if (signal.aborted) return;
    const view = await this.#home.manager.create_view(model);
    if (signal.aborted) view.remove();
    else attach(view, root.el, signal);
  }

  /** The older model goes when the new one is in its places, so that nothing flickers. */
  async #replace(old: Generation): Promise<void> {
    await this.#generation.model;
    await this.#home.replaced(this.id);
    for (const root of this.#roots) {
      root.drawn.abort();
      root.drawn = new AbortController();
      void this.#draw(root).catch(report);
    }
    await old.close();
  }
}

function classicOf({ id, classic }: ModelSpec): ClassicSpec {
  if (classic === null) throw new Error(`${id} is not a classic widget`);
  return classic;
}
