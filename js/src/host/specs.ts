/** What the sandbox is told of a share: its models with all that is needed to run them. */
import type { Model, Share } from "../protocol/frames";
import { type ClassicSpec, type ModelSpec, modelId, type ShareSpec } from "./messages";
import type { Texts } from "./texts";

/** The state keys of a share. */
export function keysOf(share: Share): string[] {
  return share.models.flatMap(({ path, traits }) =>
    traits.map((trait) => `${modelId(share.name, path)}/${trait}`),
  );
}

/** The blobs of code and style that a share names. */
export function hashesOf({ models, modules = [] }: Share): Set<string> {
  const hashes = models.flatMap(({ code, style }) => [code, style]);
  const named = hashes.filter((hash) => typeof hash === "string");
  return new Set([...named, ...modules.map(({ code }) => code)]);
}

/**
 * The share with its texts, as soon as all of them are there. A text that cannot be had is a problem of the
 * models that need it, and a module's one of the whole share: who imports it, only the browser knows.
 */
export async function specOf(share: Share, texts: Texts): Promise<Omit<ShareSpec, "values">> {
  const found: Record<string, string> = {};
  const bring = async (hash: string): Promise<string> => {
    try {
      found[hash] = await texts.get(hash);
      return "";
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `Its code did not arrive: ${reason}.`;
    }
  };
  const { name, title = "", order = 0, hidden = false, modules = [] } = share;
  const hashes = [...hashesOf(share)];
  const told = await Promise.all(hashes.map(async (hash) => [hash, await bring(hash)] as const));
  const problems = new Map(told);
  const missing = modules.map(({ code }) => problems.get(code) ?? "").find((text) => text !== "");
  const models = share.models.map((model) => {
    const own = [model.code, model.style].map((hash) => problems.get(hash ?? "") ?? "");
    const problem = own.find((text) => text !== "") ?? missing ?? "";
    return { ...modelSpec(share.name, model), problem };
  });
  const named = Object.fromEntries(modules.map((module) => [module.name, module.code]));
  return { name, title, order, hidden, models, modules: named, texts: found };
}

function modelSpec(share: string, model: Model): Omit<ModelSpec, "problem"> {
  const { path, name, writable = [], local = [], events = [] } = model;
  const { code, style } = model;
  const id = modelId(share, path);
  const texts = { code: code ?? "", style: style ?? "" };
  return { id, name, writable, local, events, ...texts, classic: classicSpec(model) };
}

function classicSpec({ classic }: Model): ClassicSpec | null {
  if (classic === undefined || classic === null) return null;
  const { module, version, name } = classic;
  const { view_module: viewModule = "", view_version: viewVersion = "", view = "" } = classic;
  return { module, version, name, viewModule, viewVersion, view };
}
