/** Every widget of the room inside the sandbox, by model id. */
import { CLASSIC_MODULE, type Shown } from "./classic";
import { type Classics, ClassicWidget } from "./classics";
import type { ModuleTexts } from "./code";
import { idOf } from "./host";
import type { Message, ModelSpec, ShareSpec } from "./messages";
import { splitKey } from "./messages";
import { Model, type Outlet } from "./model";
import { type Chair, type Occupant, Seat } from "./seat";
import { type Surroundings, Widget } from "./widget";

/** Milliseconds. A reference to a model that never comes has to fail loudly, not to hang. */
const ARRIVAL_TIMEOUT_MS = 10_000;

type Values = Record<string, unknown>;

/** What the registry needs around it, beyond what its widgets do. */
export interface RegistrySurroundings extends Surroundings {
  /** The text with what it imports from these modules put in. Throws with a sentence if that cannot be. */
  link(text: string, modules: ModuleTexts): string;
  classics: Classics;
}

interface Waiting {
  id: string;
  resolve(seat: Seat): void;
}

export class Registry {
  readonly #outlet: Outlet;
  readonly #surroundings: RegistrySurroundings;
  readonly #seats = new Map<string, Seat>();
  readonly #shares = new Map<string, ShareSpec>();
  /** Those that the shares of now name: the page sends each of them once (D11). */
  readonly #texts = new Map<string, string>();
  #waiting: Waiting[] = [];

  constructor(outlet: Outlet, surroundings: RegistrySurroundings) {
    this.#outlet = outlet;
    this.#surroundings = surroundings;
  }

  /** Puts a share in, or follows its new description. All models exist before any code runs. */
  receiveShare(share: ShareSpec, turn: number): Shown | undefined {
    const ids = new Set(share.models.map(({ id }) => id));
    for (const { id } of this.#shares.get(share.name)?.models ?? []) {
      if (!ids.has(id)) this.#close(id);
    }
    for (const [hash, text] of Object.entries(share.texts)) this.#texts.set(hash, text);
    this.#shares.set(share.name, share);
    this.#forgetTexts();
    const values = byModel(share.values);
    // The root comes first, and those that it names are to be there before it gets their names.
    const met = share.models.toReversed().map((spec) => ({ spec, seat: this.#meet(spec) }));
    for (const { spec, seat } of met) seat.describe(spec, values.get(spec.id) ?? {}, turn);
    const modules = this.#modulesOf(share);
    for (const { spec, seat } of met) this.#run(seat, spec, modules);
    this.#wake();
    return this.#seats.get(share.name);
  }

  receiveGone(name: string): void {
    for (const { id } of this.#shares.get(name)?.models ?? []) this.#close(id);
    this.#shares.delete(name);
    this.#forgetTexts();
  }

  receiveState(values: Values, turn: number): void {
    for (const [id, traits] of byModel(values)) this.#seats.get(id)?.receiveState(traits, turn);
  }

  /** Local values of somebody whom our person follows. */
  receiveLook(values: Values): void {
    for (const [id, traits] of byModel(values)) this.#seats.get(id)?.occupant.receiveLook(traits);
  }

  /** The local values that the models of a share show. */
  lookOf(name: string): Values {
    const models = this.#shares.get(name)?.models ?? [];
    const looks = models.flatMap(({ id }) =>
      Object.entries(this.#seats.get(id)?.occupant.look() ?? {}).map(
        ([trait, value]) => [`${id}/${trait}`, value] as const,
      ),
    );
    return Object.fromEntries(looks);
  }

  receiveMessage(id: string, message: Message): void {
    this.#seats.get(id)?.receive(message);
  }

  /** The widget that a reference names, as soon as it is there. */
  async find(ref: string): Promise<Shown> {
    const id = idOf(ref);
    const seat = this.#seats.get(id) ?? (await this.#arrival(id));
    const { occupant } = seat;
    if (occupant instanceof ClassicWidget) await occupant.ready;
    return seat;
  }

  /** The text of a module that a share brings by this name. */
  moduleText(name: string): string | undefined {
    for (const { modules } of this.#shares.values()) {
      const hash = modules[name];
      if (hash !== undefined) return this.#texts.get(hash);
    }
    return undefined;
  }

  /** What people call a model's class; empty if it is not known. */
  nameOf(id: string): string {
    for (const { models } of this.#shares.values()) {
      const spec = models.find((model) => model.id === id);
      if (spec !== undefined) return spec.name;
    }
    return "";
  }

  /** The style sheets that the widgets of now need: text by hash. */
  styles(): Map<string, string> {
    const styles = new Map<string, string>();
    for (const { models } of this.#shares.values()) {
      for (const { style } of models) {
        const text = this.#texts.get(style);
        if (text !== undefined) styles.set(style, text);
      }
    }
    return styles;
  }

  #meet(spec: ModelSpec): Seat {
    // What cannot run needs no code: a card is drawn for either kind.
    const isClassic = spec.classic !== null && spec.problem === "";
    const make = (chair: Chair): Occupant =>
      isClassic ? this.#classic(spec.id, chair) : this.#widget(spec, chair);
    let seat = this.#seats.get(spec.id);
    if (seat === undefined) {
      seat = new Seat(make);
      this.#seats.set(spec.id, seat);
    } else if (!fits(seat.occupant, isClassic)) {
      seat.replace(make);
    }
    return seat;
  }

  #classic(id: string, chair: Chair): ClassicWidget {
    const { classics } = this.#surroundings;
    const loading = classics.load(this.moduleText(CLASSIC_MODULE));
    return new ClassicWidget(id, loading, classics.fail, chair);
  }

  #widget(spec: ModelSpec, chair: Chair): Widget {
    const model = new Model(spec.id, this.#outlet);
    return new Widget(model, spec.name, this.#surroundings, chair);
  }

  #run({ occupant }: Seat, spec: ModelSpec, modules: ModuleTexts): void {
    if (!(occupant instanceof Widget)) return;
    try {
      const text = this.#texts.get(spec.code) ?? "";
      occupant.run(this.#surroundings.link(text, modules), spec.problem);
    } catch (error) {
      occupant.run("", error instanceof Error ? error.message : String(error));
    }
  }

  #modulesOf(share: ShareSpec): ModuleTexts {
    const named = Object.entries(share.modules).map(
      ([name, hash]) => [name, this.#texts.get(hash) ?? ""] as const,
    );
    return new Map(named);
  }

  #forgetTexts(): void {
    const named = new Set(
      [...this.#shares.values()].flatMap(({ models, modules }) => [
        ...models.flatMap(({ code, style }) => [code, style]),
        ...Object.values(modules),
      ]),
    );
    for (const hash of this.#texts.keys()) if (!named.has(hash)) this.#texts.delete(hash);
  }

  #arrival(id: string): Promise<Seat> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { id, resolve };
      this.#waiting.push(waiting);
      setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(new Error(`There is no widget ${id} in this room.`));
      }, ARRIVAL_TIMEOUT_MS);
    });
  }

  #close(id: string): void {
    this.#seats.get(id)?.close();
    this.#seats.delete(id);
  }

  #wake(): void {
    this.#waiting = this.#waiting.filter(({ id, resolve }) => {
      const seat = this.#seats.get(id);
      if (seat !== undefined) resolve(seat);
      return seat === undefined;
    });
  }
}

/** Whether the model stays when its share is described anew. */
function fits(occupant: Occupant, isClassic: boolean): boolean {
  return occupant instanceof ClassicWidget ? isClassic && !occupant.failed : !isClassic;
}

function byModel(values: Values): Map<string, Values> {
  const models = new Map<string, Values>();
  for (const [key, value] of Object.entries(values)) {
    const [id, trait] = splitKey(key);
    const traits = models.get(id) ?? {};
    traits[trait] = value;
    models.set(id, traits);
  }
  return models;
}
