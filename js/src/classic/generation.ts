/**
 * One classic model from when the room describes it until it is closed or its classes change.
 *
 * It is made once those are there that it refers to. Values that come before are what it begins with;
 * later ones are applied one after the other, each when its references have been found.
 */
import type { BufferJSON, Dict, WidgetModel } from "@jupyter-widgets/base";
import type { ClassicSpec, ModelSpec } from "../host/messages";
import type { Outlet } from "../host/model";
import { toWidget } from "../host/values";
import { report } from "../lib/report";
import { Channel, type Neighbours } from "./channel";
import { LoadError, type Manager, type ModelClass } from "./manager";
import { idsIn, inward } from "./references";
import { type Draw, StandInModel } from "./stand-in";
import { remove } from "./views";

export interface Family extends Neighbours {
  readonly manager: Manager;
  readonly outlet: Pick<Outlet, "save" | "emit">;
  follow<Result>(run: () => Result): Result;
  /** Whether one may be made after the other; false if that one waits for it already. */
  mayWait(id: string, other: string): boolean;
  drawFailure(id: string, phase: "import" | "initialize", error: unknown): Draw;
  /** A model refers to others than before. */
  referencesChanged(): void;
}

interface Reference {
  value: unknown;
  ids: ReadonlySet<string>;
}

type Values = Record<string, unknown>;

export class Generation {
  readonly id: string;
  readonly classic: ClassicSpec;
  /** Never rejects: a model that cannot be made is a stand-in that draws why. */
  readonly model: Promise<WidgetModel>;
  /** Those that have to be made before this one. */
  readonly waitsFor = new Set<string>();
  readonly #problem: string;
  readonly #family: Family;
  readonly #channel: Channel;
  readonly #references = new Map<string, Reference>();
  #values: Values = {};
  #made: WidgetModel | null = null;
  /** When the values have been applied that came while it was being made; then, that came last. */
  #begun: Promise<unknown> = Promise.resolve();
  #applied: Promise<unknown>;
  #seen = 0;
  #closed = false;

  constructor(spec: ModelSpec, classic: ClassicSpec, family: Family) {
    this.id = spec.id;
    this.classic = classic;
    this.#problem = spec.problem;
    this.#family = family;
    this.#channel = new Channel(spec, family.outlet, family);
    this.model = this.#make();
    this.#applied = this.model.then(() => this.#begun);
  }

  /** The model, if it has been made. */
  get made(): WidgetModel | null {
    return this.#made;
  }

  /** Whether it could not be made. */
  get failed(): boolean {
    return this.#made instanceof StandInModel;
  }

  /** What the room gave it for a trait before it was made. */
  early(trait: string): unknown {
    return this.#values[trait];
  }

  /** The owner has described the model anew; its classes are the same. */
  describe(spec: ModelSpec, values: Values): void {
    this.#channel.describe(spec);
    this.receiveState(values, this.#seen);
  }

  receiveState(values: Values, turn: number): void {
    if (Number.isFinite(turn)) this.#seen = Math.max(this.#seen, turn);
    // What begins with `$` is the room's own bookkeeping.
    const traits = Object.entries(values).filter(([trait]) => !trait.startsWith("$"));
    if (this.#closed || traits.length === 0) return;
    const own = Object.fromEntries(traits);
    this.#channel.learn(Object.keys(own));
    this.#noteReferences(own);
    if (this.#made === null) Object.assign(this.#values, own);
    else void this.#apply(this.#made, own, turn);
  }

  /** A message is handled after the values that came before it. */
  receiveMessage(content: unknown, buffers: Uint8Array[]): void {
    const meant = (id: string): boolean => this.#family.isShared(id);
    void this.#applied
      .then(() => {
        if (!this.#closed) this.#channel.receiveMessage(inward(content, meant), buffers);
      })
      .catch(report);
  }

  refersTo(id: string): boolean {
    for (const { ids } of this.#references.values()) if (ids.has(id)) return true;
    return false;
  }

  /** Finds anew what it refers to by this id, as somebody else is there now. */
  async refresh(id: string): Promise<void> {
    const model = await this.model;
    const stale = [...this.#references].filter(([, { ids }]) => ids.has(id));
    const values = Object.fromEntries(stale.map(([trait, { value }]) => [trait, value]));
    await this.#apply(model, values, this.#seen);
  }

  /** First the views, then the model: a view that goes still writes to its model. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#references.clear();
    this.waitsFor.clear();
    const model = await this.model;
    model.comm_live = false;
    const gone = Object.values(model.views ?? {}).map(async (view) => remove(await view));
    // One that never gets ready keeps nobody; should it come after all, it is removed then.
    await Promise.race([Promise.all(gone), new Promise((resolve) => setTimeout(resolve))]);
    try {
      await model.close(true);
    } finally {
      model.off();
    }
  }

  async #make(): Promise<WidgetModel> {
    await Promise.resolve(); // the others of the share are described first
    let model: WidgetModel;
    try {
      if (this.#problem !== "") throw new LoadError(this.#problem);
      model = await this.#construct();
    } catch (error) {
      const phase = error instanceof LoadError ? "import" : "initialize";
      if (this.classic.view === "") report(error); // nobody will see its card
      const draw = this.#family.drawFailure(this.id, phase, error);
      model = this.#family.manager.standIn(this.id, draw);
    }
    this.waitsFor.clear();
    this.#made = model;
    this.#begun = this.#apply(model, this.#values, this.#seen);
    this.#values = {};
    return model;
  }

  async #construct(): Promise<WidgetModel> {
    const { manager } = this.#family;
    const { module, name } = this.classic;
    const Model = await manager.modelClass(module, name);
    const values = this.#begin();
    const state = await this.#deserialized(Model, values);
    const attributes = { ...attributesOf(this.classic), ...state };
    const model = this.#family.follow(
      () =>
        new Model(attributes, { widget_manager: manager, model_id: this.id, comm: this.#channel }),
    );
    model.name = name;
    model.module = module;
    return model;
  }

  /** Takes the values to begin with. Those that refer to models which wait for this one come later. */
  #begin(): Values {
    const values: Values = {};
    const late: Values = {};
    for (const [trait, value] of Object.entries(this.#values)) {
      const ids = [...(this.#references.get(trait)?.ids ?? [])];
      const waits = ids.every((id) => this.#family.mayWait(this.id, id));
      (waits ? values : late)[trait] = value;
      if (waits) for (const id of ids) this.waitsFor.add(id);
    }
    this.#values = late;
    return values;
  }

  #apply(model: WidgetModel, values: Values, turn: number): Promise<unknown> {
    const nothing = Object.keys(values).length === 0 || model instanceof StandInModel;
    if (this.#closed || nothing) return Promise.resolve();
    const applied = model.state_change
      .then(async () => {
        const state = await this.#deserialized(model.constructor as ModelClass, values);
        if (this.#closed) return;
        this.#family.follow(() => model.set_state(this.#channel.newerOf(state, turn)));
      })
      // One that fails must not hold back those after it.
      .catch(report);
    model.state_change = applied;
    this.#applied = applied;
    return applied;
  }

  async #deserialized(Model: ModelClass, values: Values): Promise<Values> {
    const state: Values = {};
    for (const [trait, value] of Object.entries(values)) {
      const unpacks = Model.serializers?.[trait]?.deserialize !== undefined;
      const meant = (id: string): boolean => unpacks || this.#family.isShared(id);
      state[trait] = inward(toWidget(value), meant);
    }
    return Model._deserialize_state(state as Dict<BufferJSON>, this.#family.manager);
  }

  #noteReferences(values: Values): void {
    let changed = false;
    for (const [trait, value] of Object.entries(values)) {
      const ids = idsIn(value);
      if (ids.size > 0) this.#references.set(trait, { value, ids });
      changed = this.#references.has(trait) || changed;
      if (ids.size === 0) this.#references.delete(trait);
    }
    if (changed) this.#family.referencesChanged();
  }
}

function attributesOf(classic: ClassicSpec): Values {
  return {
    _model_module: classic.module,
    _model_module_version: classic.version,
    _model_name: classic.name,
    _view_module: classic.view === "" ? null : classic.viewModule,
    _view_module_version: classic.viewVersion,
    _view_name: classic.view === "" ? null : classic.view,
  };
}
