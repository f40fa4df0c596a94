/**
 * The border between the sandbox and the code for classic widgets, which is loaded when a share needs it.
 *
 * That code is the module `CLASSIC_MODULE` of a share (its entry is `js/src/classic/main.ts`): an ES module
 * that exports `openClassic`. It brings `@jupyter-widgets/base` and `controls`.
 */
import type { ModelSpec } from "./messages";
import type { ModelFace, Outlet } from "./model";

/** The name under which a share brings the code for classic widgets. */
export const CLASSIC_MODULE = "@jupyter-widgets/base";

/** A model of either kind with its views, as the sandbox holds it. */
export interface Shown {
  /**
   * The room's values by trait. Those that are older than what was sent since (`turn`) are passed over; an infinite
   * turn is later than anything, and than what our person has set for themselves.
   */
  receiveState(values: Record<string, unknown>, turn: number): void;
  receiveMessage(content: unknown, buffers: Uint8Array[]): void;
  /** For widgets that were given a reference to this one. */
  face(signal: AbortSignal): ModelFace;
  exports(): Promise<unknown>;
  /** Draws a view into `el` until `signal` aborts. Never rejects: a failure is drawn instead. */
  show(el: HTMLElement, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface ClassicSurroundings {
  outlet: Pick<Outlet, "save" | "emit" | "keep">;
  /** The text of a module that a share brings, such as a package's AMD bundle. */
  moduleText(name: string): string | undefined;
  /** Runs a script of the page (AMD bundles are no ES modules). */
  runScript(text: string): Promise<void>;
  /** The model that a reference names, of either kind, as soon as it is there. */
  find(ref: string): Promise<Shown>;
  /** The card for a widget that cannot be shown, and the word to the page about it. */
  fail(
    el: HTMLElement,
    model: string,
    phase: "import" | "initialize" | "render",
    error: unknown,
  ): void;
}

/** All classic widgets of one sandbox. */
export interface ClassicHost {
  /**
   * Makes the model, or follows its new description; one whose classes are others takes the place of the
   * older one, also inside of those that contain it. References in `values` are `anywidget:<id>`.
   */
  open(spec: ModelSpec, values: Record<string, unknown>): Shown;
}

export type OpenClassic = (surroundings: ClassicSurroundings) => ClassicHost;
