/** Who is writing, in a line whose place is always kept. What is read out of it is the conversation's matter. */
import { listed } from "./formats";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** More names do not fit. */
const MOST = 2;

function typingWords(names: readonly string[]): string {
  const words = listed(names);
  return names.length === 1 ? TEXTS.typing(words) : TEXTS.typingBoth(words);
}

export function TypingLine({ store }: { store: Store }) {
  const peers = store.talk.typing.shown.value;
  const names = peers.slice(0, MOST).map((peer) => store.talk.nameOf(peer));
  return (
    <p class="typing" aria-hidden="true">
      {peers.length > 0 && (
        <>
          <span class="typing-dots">
            <i />
            <i />
            <i />
          </span>
          <bdi>{peers.length > MOST ? TEXTS.severalTyping : typingWords(names)}</bdi>
        </>
      )}
    </p>
  );
}
