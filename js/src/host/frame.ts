/**
 * The outer side of the sandbox: makes the frame, takes its port, passes messages.
 *
 * A browser reloads a frame whose element is moved in the page, as notebooks do; it then greets again
 * with a new port, and `onReady` is called again: post everything afresh.
 */
import * as v from "valibot";
import { annotationMessages } from "./annotation-messages";
import { feedMessage } from "./feed-messages";
import { type FromSandbox, GREETING, type ToSandbox } from "./messages";
import { sightMessages } from "./sight-messages";
import { snapMessage } from "./snap-messages";

/**
 * Where the sandbox's document comes from. A page loads it from its relay, with a policy of its own; a
 * notebook writes it into the frame, which then inherits the notebook's policy.
 */
export type FrameSource = { readonly src: string } | { readonly srcdoc: string };

export interface FrameEvents {
  onReady(): void;
  onMessage(message: FromSandbox): void;
  /** The frame has not greeted: this front end forbids such frames. */
  onBlocked(): void;
}

/** Milliseconds. Longer than a slow machine needs to start an empty frame. */
const GREETING_TIMEOUT_MS = 8000;

const bytes = v.instance(Uint8Array);
/** Widgets share the frame with our host, so nothing that comes out of it is believed. */
const fromSandbox = v.variant("type", [
  v.object({
    type: v.literal("set"),
    turn: v.number(),
    values: v.record(v.string(), v.unknown()),
  }),
  v.object({
    type: v.literal("emit"),
    model: v.string(),
    content: v.unknown(),
    buffers: v.array(bytes),
  }),
  v.object({
    type: v.literal("failure"),
    failure: v.object({
      model: v.string(),
      phase: v.picklist(["import", "initialize", "render"]),
      text: v.string(),
    }),
  }),
  v.object({ type: v.literal("size"), height: v.pipe(v.number(), v.minValue(0), v.finite()) }),
  feedMessage,
  ...annotationMessages,
  ...sightMessages,
  snapMessage,
]);

export class Frame {
  readonly element: HTMLIFrameElement;
  readonly #parent: HTMLElement;
  readonly #events: FrameEvents;
  readonly #signal: AbortSignal;
  #port: MessagePort | null = null;
  #warned = false;

  /** A frame in `parent` until `signal` aborts; there is nothing in it before `load`. */
  constructor(parent: HTMLElement, source: FrameSource, events: FrameEvents, signal: AbortSignal) {
    this.#parent = parent;
    this.#events = events;
    this.#signal = signal;
    this.element = parent.ownerDocument.createElement("iframe");
    this.element.setAttribute("sandbox", "allow-scripts");
    this.element.className = "frame";
    if ("src" in source) this.element.src = source.src;
    else this.element.srcdoc = source.srcdoc;
    window.addEventListener("message", (event) => this.#receiveGreeting(event), { signal });
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** Fetches and runs its document, which costs the browser a process; once. */
  load(): void {
    if (this.element.isConnected || this.#signal.aborted) return;
    this.#parent.append(this.element);
    const late = setTimeout(() => {
      if (this.#port === null) this.#events.onBlocked();
    }, GREETING_TIMEOUT_MS);
    this.#signal.addEventListener("abort", () => clearTimeout(late), { once: true });
  }

  /** Passes a message on; before the greeting there is nobody to take it, and `onReady` comes. */
  post(message: ToSandbox): void {
    this.#port?.postMessage(message);
  }

  #receiveGreeting(event: MessageEvent): void {
    const { contentWindow } = this.element; // null before `load`, like the source of some messages
    if (contentWindow === null || event.source !== contentWindow) return;
    if (event.data !== GREETING) return;
    const [port] = event.ports;
    if (port === undefined) return;
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(data);
    this.#events.onReady();
  }

  #receive(data: unknown): void {
    if (this.#signal.aborted) return;
    const parsed = v.safeParse(fromSandbox, data);
    if (parsed.success) this.#events.onMessage(parsed.output);
    else this.#warn();
  }

  /** Once: who sends such a thing sends many. */
  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    console.warn("cowidget: a widget sent something that is not a message of its host");
  }

  #close(): void {
    this.#port?.close();
    this.#port = null;
    this.element.remove();
  }
}
