/** Where the widgets are: the sandbox, and what is said while it is empty. */

import sandbox from "virtual:sandbox";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Bridge } from "../host/bridge";
import { Frame } from "../host/frame";
import { isSight, type Places } from "../host/sight";
import { Icon } from "./icons";
import { reveal } from "./reveal";
import { offerFile } from "./saving";
import { ShareTools } from "./share-tools";
import { StagePeople } from "./stage-people";
import { StageSnapshots } from "./stage-snapshots";
import { StageWords } from "./stage-words";
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
  const over = useRef<HTMLDivElement>(null);
  const [staged, setStaged] = useState(0);
  const [blocked, setBlocked] = useState(false);
  const [places, setPlaces] = useState<Places>({});
  const [near, setNear] = useState("");
  useEffect(() => {
    const { current } = place;
    if (current === null || over.current === null) return;
    const closing = new AbortController();
    const frame: Frame = new Frame(
      current,
      sandbox,
      {
        onReady: () => {
          setBlocked(false);
          words.receiveReady();
          people.receiveReady();
          bridge.receiveReady();
        },
        onMessage: (message) => {
          if (message.type === "places") setPlaces(message.places);
          else if (message.type === "pointer") setNear(message.point?.share ?? "");
          if (message.type === "snapped") snapshots.receive(message);
          else if (isSight(message)) people.receive(message);
          else bridge.receive(message);
        },
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
        onMoment: (moment) => {
          snapshots.receiveMoment(moment.share);
          store.moments.attach(moment);
        },
        onFile: (file) => offerFile(store, file, document),
        onReveal: (top, height) => reveal(frame.element, top, height),
        onUnsendable: (error) => {
          store.toasts.show("bad", TEXTS.unsendable);
          console.error("cowidget:", error);
        },
      },
      closing.signal,
    );
    const words = new StageWords(frame, closing.signal);
    const people = new StagePeople(store, frame, over.current, closing.signal);
    const snapshots = new StageSnapshots(store, frame, closing.signal);
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
    const leave = (): void => {
      bridge.leave();
      people.leave();
      setNear("");
    };
    document.addEventListener("pointermove", leave, { signal, passive: true });
    store.moments.onWanted(({ share, start, end }) => bridge.focus(share, { start, end }), signal);
    whenShared(store, () => frame.load(), signal);
    return () => closing.abort();
  }, [store, dark]);
  const shares = store.shareCount.value;
  const unknown = shares === 0 && store.status.value.phase === "connecting";
  return (
    <div class="stage" data-staged={staged} aria-busy={unknown || shares > staged}>
      {blocked && <Blocked />}
      {!blocked && shares === 0 && !unknown && <StageEmpty text={emptyText} />}
      {!blocked && (unknown || shares > staged) && staged === 0 && <Skeleton />}
      <div ref={place} class="frame-place" hidden={blocked}>
        <div ref={over} class="pointers" aria-hidden="true" />
        <ShareTools store={store} places={places} near={near} />
      </div>
    </div>
  );
}

/**
 * Calls `load` once something is shared, or at once while nobody can say: then the frame is there when the widgets
 * come. A room without widgets has none, and is seen sooner.
 */
function whenShared(store: Store, load: () => void, until: AbortSignal): void {
  const { client, status } = store;
  const isShared = (): boolean => client.shares().length > 0;
  if (isShared() || status.peek().phase !== "live") {
    load();
    return;
  }
  const done = new AbortController();
  const look = (): void => {
    if (!isShared()) return;
    done.abort();
    load();
  };
  client.on(look, AbortSignal.any([until, done.signal]));
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
