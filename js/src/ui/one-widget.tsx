/** One widget of a room by itself, as a cell shows it. */
import type { ReadonlySignal } from "@preact/signals";
import { useChatless } from "./chatless";
import { FollowFrame } from "./follow-frame";
import { Stage } from "./stage";
import { StatusPill } from "./status-pill";
import type { Store } from "./store";
import { TEXTS } from "./texts";
import { ToastList } from "./toast-list";

interface OneWidgetProps {
  store: Store;
  dark: ReadonlySignal<boolean>;
}

/** The widget alone; the line above it is there only while something has to be said. */
export function OneWidget({ store, dark }: OneWidgetProps) {
  const { phase, owner } = store.status.value;
  useChatless(store);
  return (
    <div class="app panel" data-part="room">
      {(phase !== "live" || owner !== "here") && (
        <header class="bar">
          <StatusPill store={store} />
        </header>
      )}
      <div class="widgets-side">
        <Stage store={store} dark={dark} emptyText={TEXTS.emptyPage} />
      </div>
      <FollowFrame store={store} />
      <ToastList toasts={store.toasts} />
    </div>
  );
}
