/** What can be done with a message: shown beside the one that the pointer, the keyboard or a finger is at. */
import type { ChatLine } from "../client";
import { Icon, type IconName } from "./icons";
import { ReactButton } from "./message-reactions";
import type { Store } from "./store";
import { TEXTS } from "./texts";

interface ToolsProps {
  store: Store;
  line: ChatLine;
  onErase(): void;
}

export function MessageTools({ store, line, onErase }: ToolsProps) {
  const { draft } = store.talk;
  return (
    <div class="tools-place">
      <div class="tools" role="toolbar" aria-label={TEXTS.messageTools}>
        <ReactButton store={store} line={line} class="icon-button" />
        <Tool icon="reply" label={TEXTS.reply} onUse={() => draft.answer(line.id)} />
        {canEdit(line) && <Tool icon="edit" label={TEXTS.edit} onUse={() => draft.edit(line)} />}
        {canErase(store, line) && <Tool icon="erase" label={TEXTS.erase} onUse={onErase} />}
      </div>
    </div>
  );
}

/** Only its author, once it is in the log; a picture without words has none to change. */
export function canEdit({ mine, state, body }: ChatLine): boolean {
  return mine && state === "sent" && "text" in body;
}

function canErase(store: Store, { mine }: ChatLine): boolean {
  const { role } = store.me.value;
  return mine || role === "host" || role === "owner";
}

function Tool({ icon, label, onUse }: { icon: IconName; label: string; onUse(): void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onUse}>
      <Icon name={icon} />
    </button>
  );
}
