/** Where the widgets are: the sandbox, and what is said while it is empty. */

import sandbox from "virtual:sandbox";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Bridge } from "../host/bridge";
import { Frame } from "../host/frame";
import { Icon } from "./icons";
import { reveal } from "./reveal";
import { offerFile } from "./saving";
import type { Store } from "./store";
import { TEXTS } from "./texts";
import { widgetTheme } from "./theme";

interface StageProps {
  store: Store;
  dark: ReadonlySignal<boolean>;
  emptyText: string;
}

export function Stage({ store, dark, emptyText }: StageProps) {
  const place = useRef<HTMLDivElement>(null);
  const [staged, setStaged] = useState(0);
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const closing = new AbortController();
    const frame: Frame = new Frame(
      current,
      sandbox,
      {
        onReady: () => {
          setBlocked(false);
          bridge.receiveReady();
        },
        onMessage: (message) => bridge.receive(message),
        onBlocked: () => setBlocked(true),
      },
      closing.signal,
    );
    const bridge = new Bridge(
      store.client,
      frame,
      {
        onFailure: ({ model, phase, text }) =>
          console.error(`cowidget: ${model}, ${phase}: ${text}`),
        onHeight: (height) => {
          frame.element.style.blockSize = `${height}px`;
        },
        onStaged: setStaged,
        onViewOnly: () => store.toasts.show("plain", TEXTS.viewOnly),
        onMarksFull: () => store.toasts.show("plain", TEXTS.marksFull),
        onMoment: (moment) => store.moments.attach(moment),
        onFile: (file) => offerFile(store, file, document),
        onReveal: (top, height) => reveal(frame.element, top, height),
        onUnsendable: (error) => {
          store.toasts.show("bad", TEXTS.unsendable);
          console.error("cowidget:", error);
        },
      },
      closing.signal,
    );
    // After the style of the new theme has been applied, or the old colours are read.
    const undress = dark.subscribe((isDark) => {
      requestAnimationFrame(() => {
        // A frame whose scheme differs from that of its document gets an opaque ground of the browser's.
        frame.element.style.colorScheme = isDark ? "dark" : "light";
        bridge.dress(widgetTheme(current, isDark));
      });
    });
    closing.signal.addEventListener("abort", undress, { once: true });
    const { signal } = closing;
    // What moves here is not in the frame, which a browser may not have told it.
    document.addEventListener("pointermove", () => bridge.leave(), { signal, passive: true });
    store.moments.onWanted(({ share, start, end }) => bridge.focus(share, { start, end }), signal);
    return () => closing.abort();
  }, [store, dark]);
  const shares = store.shareCount.value;
  const unknown = shares === 0 && store.status.value.phase === "connecting";
  return (
    <div class="stage" data-staged={staged} aria-busy={unknown || shares > staged}>
      {blocked && <Blocked />}
      {!blocked && shares === 0 && !unknown && <StageEmpty text={emptyText} />}
      {!blocked && (unknown || shares > staged) && staged === 0 && <Skeleton />}
      <div ref={place} class="frame-place" hidden={blocked} />
    </div>
  );
}

function StageEmpty({ text }: { text: string }) {
  return (
    <div class="empty">
      <Icon name="widgets" />
      <strong>{TEXTS.emptyTitle}</strong>
      <p>{text}</p>
    </div>
  );
}

function Blocked() {
  return (
    <div class="empty" role="alert">
      <Icon name="alert" />
      <strong>{TEXTS.blockedTitle}</strong>
      <p>{TEXTS.blockedText}</p>
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="only-read">{TEXTS.loadingWidgets}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
