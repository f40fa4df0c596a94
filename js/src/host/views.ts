/** The live views of one model: where each is, and until when. */

interface View {
  el: HTMLElement;
  /** Whether nothing else is drawn in `el`: then it may be emptied. */
  own: boolean;
  signal: AbortSignal;
  drawing: AbortController;
}

/** Draws into `el`, which is emptied first with `clear`, until `signal` aborts. */
export type Draw = (el: HTMLElement, clear: () => void, signal: AbortSignal) => Promise<void>;

export class Views {
  readonly #draw: Draw;
  readonly #views = new Set<View>();

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** A new view in `el` until `signal` aborts. */
  async show(el: HTMLElement, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const view = { el, own: !el.hasChildNodes(), signal, drawing: new AbortController() };
    this.#views.add(view);
    const drop = (): void => {
      this.#views.delete(view);
      view.drawing.abort();
    };
    signal.addEventListener("abort", drop, { once: true });
    await this.#begin(view);
  }

  /** What was drawn hears no more of the model; it stays to be seen until `redraw`. */
  interrupt(): void {
    for (const view of this.#views) view.drawing.abort();
  }

  /** Ends what was drawn, and draws every view again in its place. */
  redraw(): void {
    for (const view of this.#views) void this.#begin(view);
  }

  close(): void {
    this.interrupt();
    this.#views.clear();
  }

  #begin(view: View): Promise<void> {
    view.drawing.abort();
    view.drawing = new AbortController();
    const clear = (): void => {
      if (view.own) view.el.replaceChildren();
    };
    return this.#draw(view.el, clear, view.drawing.signal);
  }
}
