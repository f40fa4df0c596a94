/** The classic widgets of the sandbox; their code is loaded once, when the first of them comes. */
import type { ClassicHost, ClassicSurroundings, OpenClassic, Shown } from "./classic";
import type { Message, ModelSpec } from "./messages";
import type { ModelFace } from "./model";
import type { Chair, Occupant } from "./seat";
import { toWire } from "./values";

type Values = Record<string, unknown>;

/** Messages that wait for the code. A slow line must not fill the browser. */
const MAX_EARLY = 1000;

/** Where a classic model's code comes from. */
export interface ClassicSource {
  importCode(code: string): Promise<Record<string, unknown>>;
  surroundings: ClassicSurroundings;
}

export class Classics {
  readonly #source: ClassicSource;
  #loading: Promise<ClassicHost> | null = null;

  constructor(source: ClassicSource) {
    this.#source = source;
  }

  get fail(): ClassicSurroundings["fail"] {
    return this.#source.surroundings.fail;
  }

  /** The host of all of them, from this text; one that could not be loaded is tried again. */
  load(text: string | undefined): Promise<ClassicHost> {
    this.#loading ??= this.#load(text).catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #load(text: string | undefined): Promise<ClassicHost> {
    if (text === undefined) throw new Error("The host has not sent the code for classic widgets.");
    const { openClassic } = await this.#source.importCode(text);
    if (typeof openClassic !== "function") {
      throw new TypeError("The code for classic widgets exports no openClassic.");
    }
    return (openClassic as OpenClassic)(this.#source.surroundings);
  }
}

/** One classic model. Until its code is there, it keeps what comes. */
export class ClassicWidget implements Occupant {
  /** Views are fed by their model here, however late they come. */
  readonly drawing = false;
  readonly ready: Promise<unknown>;
  readonly #id: string;
  readonly #fail: ClassicSurroundings["fail"];
  readonly #chair: Chair;
  #values: Values = {};
  #early: Message[] = [];
  #spec: ModelSpec | null = null;
  #described = false;
  #host: ClassicHost | null = null;
  #shown: Shown | null = null;
  #error: unknown = null;
  #closed = false;

  constructor(
    id: string,
    loading: Promise<ClassicHost>,
    fail: ClassicSurroundings["fail"],
    chair: Chair,
  ) {
    this.#id = id;
    this.#fail = fail;
    this.#chair = chair;
    this.ready = loading.then(
      (host) => this.#begin(host),
      (error: unknown) => {
        this.#error = error;
      },
    );
  }

  /** Whether its code could not be had, or did not make it. */
  get failed(): boolean {
    return this.#error !== null;
  }

  describe(spec: ModelSpec): void {
    this.#described = this.#described && JSON.stringify(spec) === JSON.stringify(this.#spec);
    this.#spec = spec;
  }

  receiveState(values: Values, turn: number): void {
    this.#values = { ...this.#values, ...values };
    if (!this.#described) this.#open();
    this.#shown?.receiveState(values, turn);
  }

  /** Local values of somebody whom our person follows. */
  receiveLook(values: Values): void {
    const local = this.#spec?.local ?? [];
    const seen = Object.entries(values).filter(([trait]) => local.includes(trait));
    this.#shown?.receiveState(Object.fromEntries(seen), Number.POSITIVE_INFINITY);
  }

  look(): Values {
    const face = this.#shown?.face(AbortSignal.abort());
    if (face === undefined) return {};
    const local = this.#spec?.local ?? [];
    return Object.fromEntries(local.map((trait) => [trait, toWire(face.get(trait))]));
  }

  /** Its messages add up in the model, so it is made anew with them. */
  renew(values: Values): void {
    this.#values = { ...this.#values, ...values };
    this.#shown?.close();
    this.#shown = null;
    this.#open();
  }

  receive(message: Message): void {
    if (this.#shown !== null) this.#deliver(message);
    // What is counted is replayed.
    else if (message.count === 0 && this.#early.push(message) > MAX_EARLY) this.#early.shift();
  }

  face(signal: AbortSignal): ModelFace {
    if (this.#shown === null) throw this.#error ?? new Error(`${this.#id} is not there yet.`);
    return this.#shown.face(signal);
  }

  async exports(): Promise<unknown> {
    await this.ready;
    return this.#shown?.exports();
  }

  async show(el: HTMLElement, signal: AbortSignal): Promise<void> {
    if (this.#shown !== null) await this.#shown.show(el, signal);
    else if (this.#error !== null) this.#fail(el, this.#id, "import", this.#error);
  }

  close(): void {
    this.#closed = true;
    this.#shown?.close();
    this.#shown = null;
  }

  #begin(host: ClassicHost): void {
    this.#host = host;
    if (!this.#closed) this.#open();
  }

  #open(): void {
    if (this.#host === null || this.#spec === null) return;
    const isNew = this.#shown === null;
    try {
      this.#shown = this.#host.open(this.#spec, this.#values);
      this.#described = true;
    } catch (error) {
      this.#error = error;
      return;
    }
    if (!isNew) return;
    const early = this.#early;
    this.#early = [];
    for (const message of [...this.#chair.replay(), ...early]) this.#deliver(message);
  }

  #deliver({ content, buffers, trait }: Message): void {
    if (trait === "") {
      this.#shown?.receiveMessage(content, buffers);
      return;
    }
    // Each assignment counts, also one of the same value.
    for (const value of [null, content]) {
      this.#shown?.receiveState({ [trait]: value }, Number.POSITIVE_INFINITY);
    }
  }
}
