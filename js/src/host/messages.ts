/**
 * What page and sandbox say to each other over their one MessagePort.
 *
 * A model's id is its share's name, and below the root `<share>/<path>`; a state key is
 * `<id>/<trait>`. The sandbox numbers its writes (`turn`), and every state that comes back names the
 * last turn that it includes, so that a slow echo never moves a slider that is still being dragged.
 */

/** One widget model with all that is needed to run it. `code` and `style` are keys of `texts`. */
export interface ModelSpec {
  id: string;
  name: string;
  local: readonly string[];
  code: string;
  style: string;
  /** Why it cannot run, in a sentence; empty if it can. */
  problem: string;
}

export interface ShareSpec {
  name: string;
  title: string;
  order: number;
  models: readonly ModelSpec[];
  values: Record<string, unknown>;
  texts: Record<string, string>;
}

export interface Theme {
  dark: boolean;
  tokens: Record<string, string>;
}

export type ToSandbox =
  | { type: "share"; turn: number; share: ShareSpec }
  | { type: "gone"; share: string }
  | { type: "state"; turn: number; values: Record<string, unknown> }
  | { type: "message"; model: string; content: unknown; buffers: Uint8Array[] }
  | { type: "theme"; theme: Theme };

export interface Failure {
  model: string;
  phase: "import" | "initialize" | "render";
  text: string;
}

export type FromSandbox =
  | { type: "set"; turn: number; values: Record<string, unknown> }
  | { type: "emit"; model: string; content: unknown; buffers: Uint8Array[] }
  | { type: "failure"; failure: Failure }
  | { type: "size"; height: number };

/** The sandbox's first word, to the window around it, with the port in `ports`. */
export const GREETING = "cowidget-sandbox";

/** The id of the model at `path` of a share. */
export function modelId(share: string, path: string): string {
  return path === "" ? share : `${share}/${path}`;
}

/** The model's id and the trait that a state key names. */
export function splitKey(key: string): [model: string, trait: string] {
  const slash = key.lastIndexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}
