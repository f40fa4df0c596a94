/**
 * Feeds in a notebook's own rendering of a chart, where there is no sandbox: over the model's custom messages.
 *
 * The chart brings only this. The rest (`native-feeds.ts`, built as objects/feeds.js) comes from the kernel when it is
 * needed, as few charts are drawn this way.
 */
import type { ModelFace } from "./model";
import type { Views } from "./services";

type NativeModel = Pick<ModelFace, "on" | "off" | "send">;

/** What objects/feeds.js exports. */
export interface NativeFeeds {
  openNative(model: NativeModel, signal: AbortSignal): Views;
}

/** The views of this kernel's feeds until `signal` aborts. It waits while the kernel is busy. */
export async function nativeViews(
  model: NativeModel,
  signal: AbortSignal,
  run = importText,
): Promise<Views> {
  const { openNative } = await run(await codeOf(model));
  return openNative(model, signal);
}

async function importText(text: string): Promise<NativeFeeds> {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return (await import(/* @vite-ignore */ address)) as NativeFeeds;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function codeOf(model: NativeModel): Promise<string> {
  return new Promise((resolve) => {
    const take = (content: unknown, buffers: unknown): void => {
      if ((content as { feeds?: unknown } | null)?.feeds !== "code") return;
      model.off("msg:custom", take);
      resolve(new TextDecoder().decode((buffers as BufferSource[])[0]));
    };
    model.on("msg:custom", take);
    model.send({ feeds: "code" });
  });
}
