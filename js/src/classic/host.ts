/** All classic widgets of one sandbox, and the others of its widgets as these see them. */
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import type { ClassicHost, ClassicSurroundings, Shown } from "../host/classic";
import type { ModelSpec } from "../host/messages";
import { Packages } from "./amd";
import { Manager } from "./manager";
import { outputPackage } from "./output";
import { idsIn, refTo } from "./references";
import { type Draw, STAND_IN, type StandInModel, StandInView } from "./stand-in";
import { ClassicWidget, type Home } from "./widget";

/** One that is no classic widget, among classic ones. */
interface Guest {
  shown: Shown;
  model: StandInModel;
  leaving: AbortController;
}

export class Host implements ClassicHost, Home {
  readonly manager: Manager;
  readonly outlet: ClassicSurroundings["outlet"];
  readonly find: (ref: string) => Promise<Shown>;
  readonly #surroundings: ClassicSurroundings;
  readonly #widgets = new Map<string, ClassicWidget>();
  readonly #guests = new Map<string, Guest>();
  /** Ids that others refer to although nobody is there. */
  readonly #vacant = new Set<string>();
  #following = 0;

  constructor(surroundings: ClassicSurroundings) {
    this.#surroundings = surroundings;
    this.outlet = surroundings.outlet;
    this.find = (ref) => surroundings.find(ref);
    const packages = new Packages(surroundings, {
      "@jupyter-widgets/base": base,
      "@jupyter-widgets/controls": controls,
      "@jupyter-widgets/output": outputPackage(this.find),
      [STAND_IN]: { StandInView },
    });
    this.manager = new Manager(this, packages);
  }

  open(spec: ModelSpec, values: Record<string, unknown>): Shown {
    const known = this.#widgets.get(spec.id);
    if (known !== undefined) {
      known.describe(spec, values);
      return known;
    }
    const widget = new ClassicWidget(spec, this);
    this.#widgets.set(spec.id, widget);
    widget.receiveState(values, 0);
    // Those who had another one under this id, an anywidget perhaps, or a card, get this one.
    if (this.#vacant.delete(spec.id) || this.#guests.has(spec.id)) void this.replaced(spec.id);
    return widget;
  }

  async modelOf(id: string): Promise<base.WidgetModel> {
    const known = this.#widgets.get(id);
    if (known !== undefined) return known.generation.model;
    let shown: Shown;
    try {
      shown = await this.find(refTo(id));
    } catch (error) {
      this.#vacant.add(id);
      return this.manager.standIn(id, this.drawFailure(id, "import", error));
    }
    return this.#widgets.get(id)?.generation.model ?? this.#guest(id, shown).model;
  }

  isShared(id: string): boolean {
    return this.#widgets.has(id) || this.#guests.has(id);
  }

  isOwn(id: string): boolean {
    return this.manager.isOwn(id);
  }

  mayWait(id: string, other: string): boolean {
    const met = new Set([other]);
    for (const next of met) {
      if (next === id) return false;
      for (const further of this.#widgets.get(next)?.generation.waitsFor ?? []) met.add(further);
    }
    return true;
  }

  get following(): boolean {
    return this.#following > 0;
  }

  follow<Result>(run: () => Result): Result {
    this.#following += 1;
    try {
      return run();
    } finally {
      this.#following -= 1;
    }
  }

  drawFailure(id: string, phase: "import" | "initialize" | "render", error: unknown): Draw {
    return (el) => this.#surroundings.fail(el, id, phase, error);
  }

  async replaced(id: string): Promise<void> {
    this.#dismiss(id);
    await Promise.all(this.#referringTo(id).map(({ generation }) => generation.refresh(id)));
  }

  left({ id }: ClassicWidget): void {
    this.#widgets.delete(id);
    this.#vacant.add(id);
    this.referencesChanged();
    // The description that has closed it says in this turn whether others still refer to it.
    queueMicrotask(() => void this.#leaveVacant(id));
  }

  /** Guests that nobody refers to any more are let go. */
  referencesChanged(): void {
    for (const id of [...this.#guests.keys()]) {
      if (this.#referringTo(id).length === 0) this.#dismiss(id);
    }
  }

  #referringTo(id: string): ClassicWidget[] {
    return [...this.#widgets.values()].filter(({ generation }) => generation.refersTo(id));
  }

  /** Somebody of the other kind may come in the place of a widget that left: nobody else says so. */
  async #leaveVacant(id: string): Promise<void> {
    if (this.#referringTo(id).length === 0) this.#vacant.delete(id);
    if (!this.#vacant.has(id)) return;
    try {
      await this.find(refTo(id));
    } catch {
      return; // nobody came; a classic one that comes later tells it itself
    }
    if (this.#vacant.delete(id)) await this.replaced(id);
  }

  #guest(id: string, shown: Shown): Guest {
    const known = this.#guests.get(id);
    if (known?.shown === shown) return known;
    this.#dismiss(id);
    const leaving = new AbortController();
    const face = shown.face(leaving.signal);
    const model = this.manager.standIn(id, (el, signal) => void shown.show(el, signal));
    const dress = async (): Promise<void> => {
      const [layout] = idsIn(face.get("layout"));
      if (layout !== undefined) model.set("layout", await this.modelOf(layout));
    };
    face.on("change:layout", () => void dress());
    void dress();
    const guest = { shown, model, leaving };
    this.#guests.set(id, guest);
    return guest;
  }

  #dismiss(id: string): void {
    const guest = this.#guests.get(id);
    if (guest === undefined) return;
    this.#guests.delete(id);
    guest.leaving.abort();
    void guest.model.close(true);
  }
}
