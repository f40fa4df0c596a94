/**
 * Between the client and a sandbox: shares, values and messages inwards, writes and messages outwards.
 *
 * A share is posted once its code has come and every value that the room holds for it is known.
 */
import type { Client } from "../client";
import type { Model, Share } from "../protocol/frames";
import {
  type Failure,
  type FromSandbox,
  type ModelSpec,
  modelId,
  type ShareSpec,
  type Theme,
  type ToSandbox,
} from "./messages";

/** The part of the client that widgets need. */
export type WidgetClient = Pick<
  Client,
  "shares" | "value" | "state" | "blob" | "set" | "emit" | "on" | "self"
>;

export interface BridgeEvents {
  onFailure(failure: Failure): void;
  onHeight(height: number): void;
  /** How many shares are on the stage. */
  onStaged(count: number): void;
  /** Somebody who may only look has moved something. */
  onViewOnly(): void;
  /** A widget wanted to send what cannot travel, such as a function. */
  onUnsendable(error: unknown): void;
}

interface Outgoing {
  post(message: ToSandbox): void;
}

export class Bridge {
  readonly #client: WidgetClient;
  readonly #outgoing: Outgoing;
  readonly #events: BridgeEvents;
  readonly #signal: AbortSignal;
  /** What is on its way to the stage or on it: share name to the description that was taken. */
  readonly #taken = new Map<string, string>();
  readonly #staged = new Map<string, ReadonlySet<string>>();
  readonly #touched = new Set<string>();
  #theme: Theme = { dark: false, tokens: {} };
  #turn = 0;
  #generation = 0;
  #ready = false;
  #incomplete = false;

  constructor(client: WidgetClient, outgoing: Outgoing, events: BridgeEvents, signal: AbortSignal) {
    this.#client = client;
    this.#outgoing = outgoing;
    this.#events = events;
    this.#signal = signal;
    client.on((note) => {
      if (note.type === "shares") this.#bringShares();
      else if (note.type === "state") this.#touch(note.keys);
      else if (note.type === "refused") this.#touch(note.keys);
      else if (note.type === "event" && note.model !== "") {
        const { model, content, buffers } = note;
        this.#outgoing.post({ type: "message", model, content, buffers });
      }
    }, signal);
  }

  /** A new, empty sandbox has greeted. */
  receiveReady(): void {
    this.#ready = true;
    this.#generation += 1;
    this.#turn = 0;
    this.#taken.clear();
    this.#staged.clear();
    this.#outgoing.post({ type: "theme", theme: this.#theme });
    this.#bringShares();
  }

  receive(message: FromSandbox): void {
    switch (message.type) {
      case "set":
        this.#receiveSet(message.turn, message.values);
        break;
      case "emit":
        this.#receiveEmit(message.model, message.content, message.buffers);
        break;
      case "failure":
        this.#events.onFailure(message.failure);
        break;
      case "size":
        this.#events.onHeight(message.height);
        break;
    }
  }

  dress(theme: Theme): void {
    this.#theme = theme;
    if (this.#ready) this.#outgoing.post({ type: "theme", theme });
  }

  #receiveSet(turn: number, values: Record<string, unknown>): void {
    this.#turn = turn;
    const known = Object.entries(values).filter(([key]) => this.#isStaged(key));
    if (this.#client.self.role === "viewer") {
      this.#events.onViewOnly();
      this.#touch(known.map(([key]) => key));
    } else if (known.length > 0) {
      this.#send(() => this.#client.set(Object.fromEntries(known)));
    }
  }

  #receiveEmit(model: string, content: unknown, buffers: Uint8Array[]): void {
    // Messages without a model are between the interface and the kernel; a widget has no say there.
    if (model !== "") this.#send(() => this.#client.emit(model, content, buffers));
  }

  #send(push: () => void): void {
    try {
      push();
    } catch (error) {
      this.#events.onUnsendable(error);
    }
  }

  #bringShares(): void {
    if (!this.#ready) return;
    const shares = this.#client.shares();
    const names = new Set(shares.map(({ name }) => name));
    for (const name of [...this.#taken.keys()]) {
      if (names.has(name)) continue;
      this.#taken.delete(name);
      if (this.#staged.delete(name)) this.#outgoing.post({ type: "gone", share: name });
    }
    this.#incomplete = false;
    for (const share of shares) this.#bring(share);
    this.#events.onStaged(this.#staged.size);
  }

  #bring(share: Share): void {
    const description = JSON.stringify(share);
    if (this.#taken.get(share.name) === description) return;
    if (!this.#isComplete(share)) {
      this.#incomplete = true;
      return;
    }
    this.#taken.set(share.name, description);
    void this.#stage(share, description, this.#generation);
  }

  async #stage(share: Share, description: string, generation: number): Promise<void> {
    const texts: Record<string, string> = {};
    const models = await Promise.all(share.models.map((model) => this.#spec(share, model, texts)));
    const outdated = generation !== this.#generation || this.#taken.get(share.name) !== description;
    if (outdated || this.#signal.aborted) return;
    const keys = keysOf(share).filter((key) => this.#client.value(key) !== undefined);
    const values = Object.fromEntries(keys.map((key) => [key, this.#client.value(key)]));
    this.#staged.set(share.name, new Set(keysOf(share)));
    const { name, title = "", order = 0 } = share;
    const spec: ShareSpec = { name, title, order, models, values, texts };
    this.#outgoing.post({ type: "share", turn: this.#turn, share: spec });
    this.#events.onStaged(this.#staged.size);
  }

  async #spec(share: Share, model: Model, texts: Record<string, string>): Promise<ModelSpec> {
    const { code, style, name, local = [] } = model;
    const spec: ModelSpec = {
      id: modelId(share.name, model.path),
      name,
      local,
      code: code ?? "",
      style: style ?? "",
      problem: "",
    };
    if (spec.code === "") {
      return {
        ...spec,
        problem: "It is not an anywidget, and this page cannot run other kinds yet.",
      };
    }
    try {
      await Promise.all([spec.code, spec.style].map((hash) => this.#bringText(hash, texts)));
      return spec;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...spec, problem: `Its code did not arrive: ${reason}` };
    }
  }

  async #bringText(hash: string, texts: Record<string, string>): Promise<void> {
    if (hash === "" || hash in texts) return;
    texts[hash] = new TextDecoder().decode(await this.#client.blob(hash));
  }

  /** Whether each value that the room holds for the share has come, blobs included. */
  #isComplete(share: Share): boolean {
    return keysOf(share).every(
      (key) => this.#client.state(key) === undefined || this.#client.value(key) !== undefined,
    );
  }

  #isStaged(key: string): boolean {
    for (const keys of this.#staged.values()) if (keys.has(key)) return true;
    return false;
  }

  /** Collects what changed in one go of the client, so that widgets see it together. */
  #touch(keys: readonly string[]): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#flush());
    for (const key of keys) this.#touched.add(key);
  }

  #flush(): void {
    const keys = [...this.#touched];
    this.#touched.clear();
    if (!this.#ready || this.#signal.aborted) return;
    const values: Record<string, unknown> = {};
    for (const key of keys) {
      const value = this.#client.value(key);
      if (value !== undefined && this.#isStaged(key)) values[key] = value;
    }
    if (Object.keys(values).length > 0) {
      this.#outgoing.post({ type: "state", turn: this.#turn, values });
    }
    if (this.#incomplete) this.#bringShares();
  }
}

function keysOf(share: Share): string[] {
  return share.models.flatMap(({ path, traits }) =>
    traits.map((trait) => `${modelId(share.name, path)}/${trait}`),
  );
}
