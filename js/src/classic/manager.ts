/** What ipywidgets calls its manager: models by id, views of models, classes by package. */
import {
  type BufferJSON,
  type Dict,
  type DOMWidgetView,
  type IModelOptions,
  type IWidgetManager,
  type IWidgetOptions,
  LayoutView,
  StyleView,
  uuid,
  WidgetModel,
  WidgetView,
} from "@jupyter-widgets/base";
import DOMPurify from "dompurify";
import type { Packages } from "./amd";
import { QuietComm } from "./channel";
import { idOf } from "./references";
import { type Draw, type StandInModel, standIn } from "./stand-in";
import { remove, tidily } from "./views";

/** The models of the room, and what becomes of those that fail. */
export interface Household {
  modelOf(id: string): Promise<WidgetModel>;
  isShared(id: string): boolean;
  /** Runs code of widgets that nobody has asked for: what it writes stays here. */
  follow<Result>(run: () => Result): Result;
  drawFailure(id: string, phase: "import" | "render", error: unknown): Draw;
}

export type ModelClass = typeof WidgetModel;
type State = Dict<BufferJSON>;

/** What a description may hold when its author allows HTML. */
const INLINE = {
  ALLOWED_TAGS: ["a", "abbr", "b", "code", "em", "i", "img", "li", "ol", "span", "strong", "ul"],
  ALLOWED_ATTR: ["class", "style", "title", "href", "src"],
};

/** A class that could not be found, which is not the same as one that threw. */
export class LoadError extends Error {
  override name = "LoadError";
}

export class Manager implements IWidgetManager {
  readonly #household: Household;
  readonly #packages: Packages;
  /** Models that a view has made for itself, such as a gamepad's buttons. */
  readonly #own = new Map<string, Promise<WidgetModel>>();

  constructor(household: Household, packages: Packages) {
    this.#household = household;
    this.#packages = packages;
  }

  /** Throws a LoadError that names package and class. */
  async modelClass(module: string, name: string): Promise<ModelClass> {
    const found = await this.#classOf(module, name);
    if (isModelClass(found)) return found;
    throw new LoadError(`"${name}" of the package "${module}" is no class of models.`);
  }

  get_model(id: string): Promise<WidgetModel> {
    return this.#own.get(idOf(id)) ?? this.#household.modelOf(idOf(id));
  }

  has_model(id: string): boolean {
    return this.isOwn(id) || this.#household.isShared(id);
  }

  isOwn(id: string): boolean {
    return this.#own.has(id);
  }

  register_model(id: string, model: Promise<WidgetModel>): void {
    this.#own.set(id, model);
    void model.then(
      (made) => made.once("destroy", () => this.#own.delete(id)),
      () => this.#own.delete(id),
    );
  }

  new_widget(options: IWidgetOptions, state: State = {}): Promise<WidgetModel> {
    return this.new_model(options, state);
  }

  /** A model of this viewer alone: only kernels put models into a room. */
  new_model(options: IModelOptions, state: State = {}): Promise<WidgetModel> {
    const id = options.model_id ?? uuid();
    const model = this.#make({ ...options, model_id: id }, state);
    this.register_model(id, model);
    return model;
  }

  // The interface lets the caller choose what kind of view it expects.
  create_view<View extends DOMWidgetView = DOMWidgetView>(
    model: WidgetModel,
    options: object = {},
  ): Promise<View> {
    const id = uuid();
    const view = model.state_change.then(() => this.#view(model, id, options));
    // The room's next values come to a view that is complete.
    model.state_change = view;
    if (model.views !== undefined) model.views[id] = view;
    return view as Promise<WidgetView> as Promise<View>;
  }

  callbacks(): object {
    return {};
  }

  resolveUrl(url: string): Promise<string> {
    return Promise.resolve(url);
  }

  inline_sanitize(html: string): string {
    return DOMPurify.sanitize(html, INLINE);
  }

  /** A model in the place of one that cannot be there. */
  standIn(id: string, draw: Draw): StandInModel {
    return standIn(this, id, draw);
  }

  async #make(options: IModelOptions & { model_id: string }, state: State): Promise<WidgetModel> {
    const { model_module, model_module_version, model_name, model_id } = options;
    const Model = await this.modelClass(model_module, model_name);
    const attributes = {
      _model_module: model_module,
      _model_module_version: model_module_version,
      _model_name: model_name,
      ...(options.view_name !== undefined && { _view_name: options.view_name }),
      ...(options.view_module !== undefined && { _view_module: options.view_module }),
      ...(await Model._deserialize_state(state, this)),
    };
    const comm = new QuietComm(model_id);
    const model = new Model(attributes, { widget_manager: this, model_id, comm });
    model.name = model_name;
    model.module = model_module;
    return model;
  }

  /** Never rejects: a view that fails is one with a card in it. */
  async #view(model: WidgetModel, id: string, options: object): Promise<WidgetView> {
    let view: WidgetView | null = null;
    try {
      const View = await this.#viewClass(model);
      view = this.#household.follow(() => tidily(model, () => new View({ model, options })));
      this.#register(view, model, id, options);
      await this.#household.follow(() => view?.render());
      return view;
    } catch (error) {
      if (view !== null) remove(view);
      const phase = error instanceof LoadError ? "import" : "render";
      const draw = this.#household.drawFailure(model.model_id, phase, error);
      const card = await this.create_view(standIn(this, model.model_id, draw), options);
      this.#register(card, model, id, options);
      return card;
    }
  }

  #register(view: WidgetView, model: WidgetModel, id: string, options: object): void {
    view.listenTo(model, "destroy", view.remove);
    view.once("remove", () => {
      if (model.views !== undefined) delete model.views[id];
    });
    // A view of ipywidgets leaves those of its layout and its style behind.
    const parent = "parent" in options ? options.parent : null;
    const within = view instanceof LayoutView || view instanceof StyleView;
    if (within && parent instanceof WidgetView) view.listenTo(parent, "remove", view.remove);
  }

  async #viewClass(model: WidgetModel): Promise<new (options: object) => WidgetView> {
    const name: unknown = model.get("_view_name");
    const module: unknown = model.get("_view_module");
    if (typeof name !== "string" || typeof module !== "string") {
      throw new LoadError("It is a widget without a view: there is nothing to show of it.");
    }
    const found = await this.#classOf(module, name);
    if (isViewClass(found)) return found;
    throw new LoadError(`"${name}" of the package "${module}" is no class of views.`);
  }

  async #classOf(module: string, name: string): Promise<unknown> {
    let exports: unknown;
    try {
      exports = await this.#packages.load(module);
    } catch (error) {
      throw new LoadError(error instanceof Error ? error.message : String(error), { cause: error });
    }
    const found: unknown = Reflect.get(Object(exports), name);
    if (found !== undefined) return found;
    throw new LoadError(`The package "${module}" has no "${name}".`);
  }
}

function isModelClass(value: unknown): value is ModelClass {
  return (
    typeof value === "function" && (value === WidgetModel || value.prototype instanceof WidgetModel)
  );
}

function isViewClass(value: unknown): value is new (options: object) => WidgetView {
  return typeof value === "function" && value.prototype instanceof WidgetView;
}
