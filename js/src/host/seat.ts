/**
 * A model id's place in the sandbox: the model that has it now, of either kind, and its live views.
 *
 * A model of another kind, or one that is made anew, takes the older one's seat, and the views go on with it.
 * What is journalled and counted (E4) is put in order here, before a model sees it.
 */
import type { Shown } from "./classic";
import type { Message, ModelSpec } from "./messages";
import type { ModelFace } from "./model";
import { Succession } from "./succession";
import { Views } from "./views";

type Values = Record<string, unknown>;

/** A model with its code, as its seat needs it. */
export interface Occupant {
  /** Settles when it can be drawn, or is known to have failed. Never rejects. */
  readonly ready: Promise<unknown>;
  /** Whether a view is being drawn from the values of now. */
  readonly drawing: boolean;
  /** The room has these traits of it; their values follow at once. */
  describe(spec: ModelSpec, traits: readonly string[]): void;
  receiveState(values: Values, turn: number): void;
  /** Local values of somebody whom our person follows. */
  receiveLook(values: Values): void;
  /** The local values that it shows. */
  look(): Values;
  /**
   * These values take the place of what its views have been shown; they are drawn anew afterwards. `due` comes
   * after the values; the replay has it, too.
   */
  renew(values: Values, turn: number, due: readonly Message[]): void;
  receive(message: Message): void;
  face(signal: AbortSignal): ModelFace;
  exports(): Promise<unknown>;
  show(el: HTMLElement, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** What an occupant needs of its seat. */
export interface Chair {
  /** The messages that bring a fresh view up to date. */
  replay(): Message[];
  /** It has other code: draw every view anew. */
  redraw(): void;
  /** It is not `drawing` any more. */
  settle(): void;
}

export class Seat implements Shown {
  readonly #succession = new Succession();
  readonly #views = new Views((el, clear, signal) => this.#draw(el, clear, signal));
  #occupant: Occupant;
  /** Values that are ahead of a view that is being drawn. */
  #deferred: { values: Values; turn: number } | null = null;

  constructor(make: (chair: Chair) => Occupant) {
    this.#occupant = make(this.#chair());
  }

  get occupant(): Occupant {
    return this.#occupant;
  }

  /** Another one sits here from now on. */
  replace(make: (chair: Chair) => Occupant): void {
    this.#occupant.close();
    this.#occupant = make(this.#chair());
    this.#views.redraw();
  }

  /** The share is described anew, with all values. */
  describe(spec: ModelSpec, values: Values, turn: number): void {
    this.#deferred = null;
    const { traits, stale, due } = this.#include(values, true);
    this.#occupant.describe(spec, Object.keys(traits));
    this.#take(traits, turn, due, stale || ("$events" in values && this.#occupant.drawing));
  }

  receiveState(values: Values, turn: number): void {
    const counted = "$events" in values;
    if (this.#deferred !== null || (counted && this.#occupant.drawing)) {
      // The live views have all of it by the events; one that is being drawn must not have it twice.
      this.#deferred = { values: { ...this.#deferred?.values, ...values }, turn };
      if (!this.#isAhead(values)) return;
    }
    const all = this.#deferred?.values ?? values;
    this.#deferred = null;
    const { traits, stale, due } = this.#include(all, false);
    this.#take(traits, turn, due, stale);
  }

  receive(message: Message): void {
    for (const due of this.#succession.receive(message)) this.#occupant.receive(due);
  }

  receiveMessage(content: unknown, buffers: Uint8Array[]): void {
    this.receive({ content, buffers, trait: "", count: 0 });
  }

  face(signal: AbortSignal): ModelFace {
    return this.#occupant.face(signal);
  }

  exports(): Promise<unknown> {
    return this.#occupant.exports();
  }

  show(el: HTMLElement, signal: AbortSignal): Promise<void> {
    return this.#views.show(el, signal);
  }

  close(): void {
    this.#occupant.close();
    this.#views.close();
  }

  #chair(): Chair {
    return {
      replay: () => this.#succession.replay(),
      redraw: () => this.#views.redraw(),
      settle: () => {
        const deferred = this.#deferred;
        if (deferred === null) return;
        this.#deferred = null;
        this.receiveState(deferred.values, deferred.turn);
      },
    };
  }

  #take(traits: Values, turn: number, due: readonly Message[], stale: boolean): void {
    if (stale) {
      // Listeners of views that are over must not hear of the values that they are over for.
      this.#views.interrupt();
      this.#occupant.renew(traits, turn, due);
      this.#views.redraw();
    } else {
      this.#occupant.receiveState(traits, turn);
      for (const message of due) this.#occupant.receive(message);
    }
  }

  #isAhead({ $events }: Values): boolean {
    return typeof $events === "number" && this.#succession.isAhead($events);
  }

  #include(values: Values, afresh: boolean) {
    const { $events, $journal, ...traits } = values;
    if ($journal !== undefined) this.#succession.keep($journal);
    if (typeof $events !== "number") return { traits, stale: false, due: [] };
    return { traits, ...this.#succession.include($events, afresh) };
  }

  async #draw(el: HTMLElement, clear: () => void, signal: AbortSignal): Promise<void> {
    const occupant = this.#occupant;
    await occupant.ready;
    if (signal.aborted) return;
    clear();
    await occupant.show(el, signal);
  }
}
