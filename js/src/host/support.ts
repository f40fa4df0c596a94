/** Shares as the page describes them, and a sandbox without a document, for the tests. */
import type { Clock } from "../connection/clock";
import type { Mark } from "./annotations";
import type { ClassicSurroundings } from "./classic";
import { Classics } from "./classics";
import { FeedHub } from "./feed-hub";
import { hostFor } from "./host";
import type { Failure, FromSandbox, Message, ModelSpec, ShareSpec } from "./messages";
import type { Outlet } from "./model";
import { Registry } from "./registry";
import { SandboxAnnotations } from "./sandbox-annotations";
import { SandboxLooks } from "./sandbox-looks";
import { SandboxWords } from "./sandbox-words";
import { drawFailure } from "./stage";

/** A mark on a chart. */
export const LINE: Mark = {
  kind: "line",
  t: null,
  t2: null,
  y: 5,
  y2: null,
  text: "",
  color: "",
  by: "Bo",
};

/** An anywidget; `code` is both its text and what names it. */
export function modelSpec(id: string, code: string, over: Partial<ModelSpec> = {}): ModelSpec {
  const rights = { writable: [], local: [], events: [] };
  return { id, name: id, ...rights, code, style: "", classic: null, problem: "", ...over };
}

export function classicSpec(id: string, over: Partial<ModelSpec> = {}): ModelSpec {
  const module = "@jupyter-widgets/controls";
  const model = { module, version: "2.0.0", name: "IntSliderModel" };
  const view = { viewModule: module, viewVersion: "2.0.0", view: "IntSliderView" };
  return modelSpec(id, "", { classic: { ...model, ...view }, ...over });
}

/** The texts of code and modules are their names. */
export function shareSpec(
  name: string,
  models: readonly ModelSpec[] = [],
  values: Record<string, unknown> = {},
  over: Partial<ShareSpec> = {},
): ShareSpec {
  const named = [...models.map(({ code }) => code), ...Object.values(over.modules ?? {})];
  const texts = Object.fromEntries(named.map((text) => [text, text]));
  const bare = { title: "", order: 0, modules: {}, hidden: false };
  return { name, ...bare, models, values, texts, ...over };
}

export function message(content: unknown, over: Partial<Message> = {}): Message {
  return { content, buffers: [], trait: "", count: 0, ...over };
}

export type Module = Record<string, unknown>;

/** Modules are given as objects, by the text that stands for their code. */
export function sandboxOf(
  modules: Record<string, Module | (() => Module)>,
  link: (text: string) => string = (text) => text,
) {
  const failures: Failure[] = [];
  const emitted: { model: string; content: Record<string, unknown> }[] = [];
  const imported: string[] = [];
  const told: FromSandbox[] = [];
  const hub = new FeedHub((wish) => told.push({ type: "feed", wish }), true);
  const fail = (el: HTMLElement, failure: Failure, name: string): void => {
    failures.push(failure);
    drawFailure(el, failure, name);
  };
  const looks = new SandboxLooks(
    (message) => told.push(message),
    (local) => registry.receiveLook(local),
  );
  const outlet: Outlet = {
    save: () => 1,
    keep: (values) => looks.keep(values),
    emit: (model, content) => emitted.push({ model, content: content as Record<string, unknown> }),
    find: (ref) => registry.find(ref),
  };
  const importCode = async (code: string): Promise<Module> => {
    imported.push(code);
    const module = modules[code];
    if (module === undefined) throw new SyntaxError(`no ${code}`);
    return typeof module === "function" ? module() : module;
  };
  const surroundings: ClassicSurroundings = {
    outlet,
    moduleText: (name) => registry.moduleText(name),
    runScript: () => Promise.reject(new Error("there is no document")),
    find: (ref) => registry.find(ref),
    fail: (el, model, phase, error) =>
      fail(el, { model, phase, text: String(error) }, registry.nameOf(model)),
  };
  const registry: Registry = new Registry(outlet, {
    importCode,
    link,
    classics: new Classics({ importCode, surroundings }),
    drawFailure: fail,
    hostFor: (signal) => hostFor(signal, (ref) => registry.find(ref)),
    servicesFor: (share) => ({
      share,
      open: (feed, signal) => hub.open(feed, signal),
      ...new SandboxAnnotations((message) => told.push(message)).of(share),
      ...looks.of(share),
      onWords: new SandboxWords().onWords,
    }),
  });
  return { registry, looks, failures, emitted, imported, told };
}

/** The share's root, drawn into an element. */
export async function shown(registry: Registry, share: ShareSpec) {
  const el = document.createElement("div");
  const closing = new AbortController();
  await registry.receiveShare(share, 0)?.show(el, closing.signal);
  return { el, closing };
}

/** A text as blobs bring it (D11). */
export async function zipped(text: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const zipping = new CompressionStream("gzip");
  const writer = zipping.writable.getWriter();
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  void writer.write(bytes).then(() => writer.close());
  return new Uint8Array(await new Response(zipping.readable).arrayBuffer());
}

/** A clock that the test moves. */
export function stopped() {
  const timers: { at: number; run: () => void }[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    chance: () => 0,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      };
    },
  };
  const pass = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const due = timers.findIndex(({ at }) => at <= end);
      const [timer] = due < 0 ? [] : timers.splice(due, 1);
      if (timer === undefined) break;
      now = timer.at;
      timer.run();
    }
    now = end;
  };
  return { clock, pass };
}
