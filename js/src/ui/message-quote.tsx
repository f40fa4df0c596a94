/** What a message answers, in one line that leads there. */
import { useEffect } from "preact/hooks";
import type { ChatLine } from "../client";
import { gistOf } from "./gist";
import { Icon } from "./icons";
import type { Store } from "./store";
import { TEXTS } from "./texts";
import { lineOf } from "./thread";

interface QuoteProps {
  store: Store;
  reply: number;
}

/** In the conversation: a click goes to what is answered. */
export function Quote({ store, reply }: QuoteProps) {
  return (
    <button
      type="button"
      class="quote"
      title={TEXTS.showAnswered}
      onClick={() => {
        store.talk.jump.value = reply;
      }}
    >
      <Icon name="reply" />
      <QuoteWords line={useQuoted(store, reply)} />
    </button>
  );
}

/** Who said what; undefined while that is on its way, null when it is gone. */
export function QuoteWords({ line }: { line: ChatLine | null | undefined }) {
  if (line === undefined) return <i>{TEXTS.earlierMessage}</i>;
  if (line === null) return <i>{TEXTS.messageErased}</i>;
  return (
    <>
      <bdi class="quote-name">{line.name}</bdi>
      <bdi class="quote-text">{gistOf(line.body)}</bdi>
    </>
  );
}

/** The line that another one answers, fetched if it is further back than the conversation here. */
export function useQuoted({ client, chat }: Store, id: number): ChatLine | null | undefined {
  const line = lineOf(chat.value.lines, id) ?? client.speech.quoted(id);
  // Each time: what begins anew has forgotten what it was asked for.
  useEffect(() => {
    if (line === undefined) client.speech.quote(id);
  });
  return line;
}
