/** Inside the sandbox: what people leave on charts, for each share by itself. */
import { Emitter } from "../lib/emitter";
import type { MarkSet, OthersCursor, Range } from "./annotations";
import type { FromSandbox } from "./messages";
import type { Annotations } from "./services";

interface Told<T> {
  share: string;
  value: T;
}

export class SandboxAnnotations {
  readonly #tell: (message: FromSandbox) => void;
  #cursors: readonly OthersCursor[] = [];
  readonly #marks = new Map<string, MarkSet>();
  /** Ranges that somebody wants to see of charts that do not listen yet. */
  readonly #wanted = new Map<string, Range>();
  readonly #onCursors = new Emitter<readonly OthersCursor[]>();
  readonly #onLeft = new Emitter<void>();
  readonly #onMarks = new Emitter<Told<MarkSet>>();
  readonly #onFocus = new Emitter<Told<Range>>();

  /** Charts that send a moment when they are asked to. */
  readonly #asked = new Map<string, Set<() => void>>();

  constructor(tell: (message: FromSandbox) => void) {
    this.#tell = tell;
  }

  receiveCursors(cursors: readonly OthersCursor[]): void {
    this.#cursors = cursors;
    this.#onCursors.emit(cursors);
  }

  receiveLeft(): void {
    this.#onLeft.emit();
  }

  receiveMarks(share: string, marks: MarkSet): void {
    this.#marks.set(share, marks);
    this.#onMarks.emit({ share, value: marks });
  }

  receiveFocus(share: string, range: Range): void {
    this.#wanted.set(share, range);
    this.#onFocus.emit({ share, value: range });
  }

  /** Asks a chart for a moment; false if the share has none that listens. */
  ask(share: string): boolean {
    const asked = this.#asked.get(share) ?? [];
    for (const listener of asked) listener();
    return this.#asked.has(share);
  }

  receiveGone(share: string): void {
    this.#marks.delete(share);
    this.#wanted.delete(share);
  }

  /** For the models of one share. */
  of(share: string): Annotations {
    const marks = (): MarkSet => this.#marks.get(share) ?? {};
    return {
      cursor: (cursor) => this.#tell({ type: "cursor", share, cursor }),
      onCursors: (listener, signal) => {
        this.#onCursors.on(listener, signal);
        listener(this.#cursors);
      },
      onLeft: (listener, signal) => this.#onLeft.on(listener, signal),
      marks,
      setMark: (id, mark) => this.#tell({ type: "mark", share, id, mark }),
      onMarks: (listener, signal) => {
        this.#onMarks.on((told) => told.share === share && listener(told.value), signal);
        listener(marks());
      },
      sendMoment: (moment) => this.#tell({ type: "moment", share, moment }),
      onAsked: (listener, signal) => this.#answer(share, listener, signal),
      onFocus: (listener, signal) => this.#listen(share, listener, signal),
      save: (name, mime, bytes) => this.#tell({ type: "save", name, mime, bytes }),
    };
  }

  #answer(share: string, listener: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const own = (): void => listener(); // each call is a listener of its own
    const asked = this.#asked.get(share) ?? new Set();
    this.#asked.set(share, asked.add(own));
    const leave = (): void => {
      asked.delete(own);
      if (asked.size === 0 && this.#asked.get(share) === asked) this.#asked.delete(share);
    };
    signal.addEventListener("abort", leave, { once: true });
  }

  #listen(share: string, listener: (range: Range) => void, signal: AbortSignal): void {
    const take = (range: Range): void => {
      this.#wanted.delete(share);
      listener(range);
    };
    this.#onFocus.on((told) => told.share === share && take(told.value), signal);
    const wanted = this.#wanted.get(share);
    if (wanted !== undefined) take(wanted);
  }
}
