/** The emoji on a message, and the card to choose one from. */
import { useState } from "preact/hooks";
import type { ChatLine, Reaction } from "../client";
import { isEmoji } from "../sync/emoji";
import { listed } from "./formats";
import { PopoverButton } from "./popover-button";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** What people use most in chats about work. */
const COMMON = ["👍", "❤️", "😂", "🎉", "👀", "🙏", "✅", "❌", "🚀", "🤔", "😮", "😢"];
/** Names in a title; more are a number. */
const MOST_NAMES = 20;

interface OnLine {
  store: Store;
  line: ChatLine;
}

/** Small chips with counts. A click joins in, or takes one's own back. */
export function Reactions({ store, line }: OnLine) {
  if (line.reactions.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="reactions" role="group" aria-label={TEXTS.reactions}>
      {line.reactions.map((reaction) => (
        <Chip key={reaction.emoji} store={store} line={line} reaction={reaction} />
      ))}
      <ReactButton store={store} line={line} class="chip chip-add" />
    </div>
  );
}

function Chip({ store, line, reaction }: OnLine & { reaction: Reaction }) {
  const { emoji, peers, mine } = reaction;
  const names = namesOf(store, reaction);
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={mine}
      title={names} // read out after what is to be seen, as of every button with words of its own
      onClick={() => react(store, line, emoji)}
    >
      <span class="chip-emoji">{emoji}</span>
      <span>{peers.length}</span>
    </button>
  );
}

function namesOf(store: Store, { peers, mine }: Reaction): string {
  const own = store.me.value.peer;
  const others = peers.filter((peer) => peer !== own).slice(0, MOST_NAMES);
  const names = others.map((peer) => store.talk.nameOf(peer));
  const rest = peers.length - others.length - (mine ? 1 : 0);
  const all = [...(mine ? [TEXTS.you] : []), ...names, ...(rest > 0 ? [TEXTS.more(rest)] : [])];
  return listed(all);
}

/** Opens the card with the emoji. */
export function ReactButton({ store, line, class: className }: OnLine & { class: string }) {
  return (
    <PopoverButton
      class={className}
      icon="smile"
      label={TEXTS.addReaction}
      title={TEXTS.addReaction}
      disabled={false}
    >
      {(close) => (
        <Picker
          onPick={(emoji) => {
            react(store, line, emoji);
            close();
          }}
        />
      )}
    </PopoverButton>
  );
}

function Picker({ onPick }: { onPick(emoji: string): void }) {
  const [wrong, setWrong] = useState(false);
  return (
    <div class="picker">
      <div class="picker-grid">
        {COMMON.map((emoji, at) => (
          <button
            key={emoji}
            type="button"
            class="picker-emoji"
            data-first={at === 0 ? "" : undefined}
            onClick={() => onPick(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
      <input
        class="field"
        aria-label={TEXTS.otherEmoji}
        placeholder={TEXTS.otherEmoji}
        aria-invalid={wrong}
        autocomplete="off"
        onInput={({ currentTarget }) => {
          const emoji = currentTarget.value.trim();
          // A family is written sign by sign: Enter, not the first of them, is the end.
          setWrong(emoji !== "" && !isEmoji(emoji));
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          const emoji = event.currentTarget.value.trim();
          if (isEmoji(emoji)) onPick(emoji);
          else setWrong(true);
        }}
      />
      <p class="picker-hint" role="status">
        {wrong ? TEXTS.oneEmoji : TEXTS.otherEmojiHint}
      </p>
    </div>
  );
}

function react(store: Store, line: ChatLine, emoji: string): void {
  const on = !line.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
  store.client.speech.react(line.id, emoji, on);
  store.talk.say(on ? TEXTS.reacted(emoji) : TEXTS.unreacted(emoji));
}
