/** `host`: what a widget's view may ask for about the other widgets of the room. */
import type { Shown } from "./classic";
import type { ModelFace } from "./model";

export interface ResolvedWidget {
  exports: unknown;
  render(options: { el: HTMLElement; signal?: AbortSignal }): Promise<void>;
}

export interface Host {
  getModel(ref: string): Promise<ModelFace>;
  getWidget(ref: string): Promise<ResolvedWidget>;
}

const PREFIXES = ["anywidget:", "IPY_MODEL_"];

/** The model id that a reference in a trait names. */
export function idOf(ref: string): string {
  const prefix = PREFIXES.find((one) => String(ref).startsWith(one));
  return prefix === undefined ? String(ref) : ref.slice(prefix.length);
}

/** The host of one view; what is got through it ends with the view. */
export function hostFor(signal: AbortSignal, find: (ref: string) => Promise<Shown>): Host {
  return {
    getModel: async (ref) => (await find(ref)).face(signal),
    getWidget: async (ref) => {
      const widget = await find(ref);
      return {
        exports: await widget.exports(),
        render: ({ el, signal: own }) =>
          widget.show(el, own === undefined ? signal : AbortSignal.any([signal, own])),
      };
    },
  };
}
