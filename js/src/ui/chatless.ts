/** A widget without the chat beside it: what is for the chat is asked for, and seen in everybody else's. */
import { useAttached } from "./moments";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function useChatless(store: Store): void {
  useAttached(store.moments, (moment) => {
    store.moments.detach();
    const send = { label: TEXTS.send, run: () => store.client.post("", moment) };
    store.toasts.show("plain", TEXTS.sendMoment, "", send);
  });
  useAttached(store.snapshots, (shot) => {
    store.snapshots.detach();
    const body = { kind: "snapshot", ...shot, text: "", reply: 0 } as const;
    const send = { label: TEXTS.send, run: () => store.client.speech.post(body) };
    const title = store.moments.titleOf(shot.share) ?? shot.share;
    store.toasts.show("plain", TEXTS.card.sendSnapshot(title), "", send);
  });
}
