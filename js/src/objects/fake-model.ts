/** For tests: a model whose traits the test sets. */
import type { ModelFace } from "./props";

export class FakeModel implements ModelFace {
  readonly values: Record<string, unknown>;
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(values: Record<string, unknown>) {
    this.values = values;
  }

  get(name: string): unknown {
    return this.values[name];
  }

  on(event: string, callback: () => void): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(callback));
  }

  off(event: string, callback: () => void): void {
    this.#listeners.get(event)?.delete(callback);
  }

  receive(name: string, value: unknown): void {
    this.values[name] = value;
    for (const callback of this.#listeners.get(`change:${name}`) ?? []) callback();
  }
}
