/**
 * What a classic model takes for its comm: between one model and the room.
 *
 * Values go out by the rules of the room, and each message is answered with "idle" at once: ipywidgets
 * holds the next one back until then. What comes in is compared with what was sent since.
 */
import { type BufferJSON, type Dict, put_buffers } from "@jupyter-widgets/base";
import type { ModelSpec } from "../host/messages";
import type { Outlet } from "../host/model";
import { ownBytes, toWidget, toWire } from "../host/values";
import { outward, ownIdsIn } from "./references";

/** The other models around a channel. */
export interface Neighbours {
  /** Whether the room knows a model of this id. */
  isShared(id: string): boolean;
  /** Whether it is a model that a view here has made for itself. */
  isOwn(id: string): boolean;
  /** Whether the code of widgets runs now because of the room, not of a person. */
  readonly following: boolean;
}

type Bytes = ArrayBuffer | ArrayBufferView;

/** A message to the kernel, as ipywidgets writes it. */
interface Outgoing {
  method?: string;
  state?: Record<string, unknown>;
  buffer_paths?: (string | number)[][];
  content?: unknown;
}

interface Callbacks {
  iopub?: { status?: (message: unknown) => void };
}

type OnMessage = (message: unknown) => void;

/** The comm of a model that is this viewer's alone: what it says is answered, and goes nowhere. */
export class QuietComm {
  readonly comm_id: string;
  readonly target_name = "jupyter.widget";
  #sent = 0;

  constructor(id: string) {
    this.comm_id = id;
  }

  send(_data: unknown, callbacks?: Callbacks): string {
    // Not at once: the model counts this message after `send` has returned.
    queueMicrotask(() => callbacks?.iopub?.status?.({ content: { execution_state: "idle" } }));
    this.#sent += 1;
    return `${this.comm_id}#${this.#sent}`;
  }

  on_msg(_onMessage: OnMessage): void {}

  /** Kernels close models by taking them out of the share. */
  on_close(): void {}

  open(): string {
    return "";
  }

  close(): string {
    return "";
  }
}

export class Channel extends QuietComm {
  readonly #outlet: Pick<Outlet, "save" | "emit" | "keep">;
  readonly #neighbours: Neighbours;
  readonly #sentIn = new Map<string, number>();
  /** The traits that the room has. */
  readonly #known = new Set<string>();
  /** Local traits that this viewer has set. */
  readonly #kept = new Set<string>();
  #local: ReadonlySet<string> = new Set();
  #writable: ReadonlySet<string> = new Set();
  #onMessage: OnMessage | null = null;

  constructor(
    spec: ModelSpec,
    outlet: Pick<Outlet, "save" | "emit" | "keep">,
    neighbours: Neighbours,
  ) {
    super(spec.id);
    this.#outlet = outlet;
    this.#neighbours = neighbours;
    this.describe(spec);
  }

  describe({ local, writable }: ModelSpec): void {
    this.#local = new Set(local);
    this.#writable = new Set(writable);
  }

  /** The room has these traits, whatever their values are. */
  learn(traits: Iterable<string>): void {
    for (const trait of traits) this.#known.add(trait);
  }

  /** Of the room's values those that are not older than what was sent since. What has no turn holds in any case. */
  newerOf(values: Record<string, unknown>, turn: number): Record<string, unknown> {
    if (turn === Number.POSITIVE_INFINITY) return values;
    return Object.fromEntries(
      Object.entries(values).filter(
        ([trait]) => !this.#kept.has(trait) && (this.#sentIn.get(trait) ?? 0) <= turn,
      ),
    );
  }

  receiveMessage(content: unknown, buffers: Uint8Array[]): void {
    this.#tell({ method: "custom", content: toWidget(content) }, buffers.map(toWidget));
  }

  // From here on: what ipywidgets calls.

  override send(
    data: Outgoing,
    callbacks?: Callbacks,
    _metadata?: unknown,
    buffers: Bytes[] = [],
  ): string {
    if (data.method === "update") this.#sendState(data, buffers);
    else if (data.method === "custom") this.#sendMessage(data.content, buffers);
    // The room brings the state by itself; whoever waits for an answer gets one that changes nothing.
    else if (data.method === "request_state")
      queueMicrotask(() => this.#tell({ method: "update" }));
    return super.send(data, callbacks);
  }

  override on_msg(onMessage: OnMessage): void {
    this.#onMessage = onMessage;
  }

  #tell(data: Record<string, unknown>, buffers: unknown[] = []): void {
    this.#onMessage?.({ content: { data: { state: {}, ...data } }, buffers, metadata: {} });
  }

  #sendMessage(content: unknown, buffers: readonly Bytes[]): void {
    const shared = outward(toWire(content), (id) => this.#neighbours.isShared(id));
    this.#outlet.emit(this.comm_id, shared, buffers.map(ownBytes));
  }

  #sendState({ state = {}, buffer_paths = [] }: Outgoing, buffers: Bytes[]): void {
    put_buffers(state as Dict<BufferJSON>, buffer_paths, buffers);
    // What follows from the room's state follows from it at everybody's: if each sent it, two people
    // who are linked both ways would chase each other's echoes.
    if (this.#neighbours.following) return;
    const values: Record<string, unknown> = {};
    const local: Record<string, unknown> = {};
    for (const [trait, value] of Object.entries(state)) {
      if (this.#local.has(trait)) local[`${this.comm_id}/${trait}`] = toWire(value);
      if (this.#local.has(trait) && isAsked()) this.#kept.add(trait);
      const shared = outward(toWire(value), (id) => this.#neighbours.isShared(id));
      if (this.#isShared(trait, shared)) values[trait] = shared;
    }
    if (Object.keys(local).length > 0) this.#outlet.keep?.(local);
    this.#save(values);
  }

  #save(values: Record<string, unknown>): void {
    const traits = Object.keys(values);
    if (traits.length === 0) return;
    const turn = this.#outlet.save(
      Object.fromEntries(traits.map((trait) => [`${this.comm_id}/${trait}`, values[trait]])),
    );
    for (const trait of traits) this.#sentIn.set(trait, turn);
  }

  /** Whether the room should see this write. The others are a view's housekeeping. */
  #isShared(trait: string, value: unknown): boolean {
    if (/^[_$]/.test(trait) || this.#local.has(trait) || !this.#known.has(trait)) return false;
    // A model that a view has made for itself is nobody else's.
    for (const id of ownIdsIn(value)) if (this.#neighbours.isOwn(id)) return false;
    // A person's write that is not allowed is refused, and they see why. Nobody has asked for what a
    // view writes on its own.
    return this.#writable.has(trait) || isAsked();
  }
}

/** Whether a person has just done something here; where a browser cannot tell, they may have. */
function isAsked(): boolean {
  return navigator.userActivation?.isActive ?? true;
}
