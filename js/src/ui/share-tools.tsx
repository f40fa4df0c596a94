/** What can be done with a widget, at its corner: shown where the mouse or the keyboard is; under fingers, a menu. */
import { useEffect, useState } from "preact/hooks";
import type { Place, Places } from "../host/sight";
import { IconButton } from "./icon-button";
import { Icon } from "./icons";
import { PopoverButton } from "./popover-button";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Pixels, as in share-tools.css. The button is above its widget, whose own buttons are often in the same corner. */
const SIZE = 24;
/** Pixels above the frame, as in stage.css: what the first widget's button needs beside the frame's own margin. */
const ABOVE = 12;

interface ShareToolsProps {
  store: Store;
  places: Places;
  /** The share that the mouse is over; empty for none. */
  near: string;
}

export function ShareTools({ store, places, near }: ShareToolsProps) {
  const touched = useTouched();
  store.shareCount.value; // titles come with shares
  const shares = store.client.shares().filter(({ hidden = false }) => !hidden);
  return (
    <div class="share-tools-layer">
      {shares.map(({ name }) => {
        const place = places[name];
        if (place === undefined || place.width <= 0) return null;
        const title = store.moments.titleOf(name) ?? name;
        const send = (): void => store.snapshots.wish({ type: "snap", share: name });
        return (
          <div
            key={name}
            class="share-tools"
            data-share={name}
            data-near={touched || name === near}
            // Of a mouse that has gone into the frame, a browser may not tell: it would stay.
            data-far={!touched && near !== "" && name !== near}
            style={spotOf(place)}
          >
            {touched ? (
              <ShareMenu title={title} onSend={send} />
            ) : (
              <IconButton icon="chat" words={TEXTS.card.sendWidgetNamed(title)} onClick={send} />
            )}
          </div>
        );
      })}
    </div>
  );
}

function ShareMenu({ title, onSend }: { title: string; onSend(): void }) {
  return (
    <PopoverButton
      class="icon-button"
      icon="more"
      label={TEXTS.card.widgetMenu(title)}
      disabled={false}
    >
      {(close) => (
        <div class="share-menu">
          <strong>
            <bdi>{title}</bdi>
          </strong>
          <button
            type="button"
            class="button"
            data-first
            onClick={() => {
              close();
              onSend();
            }}
          >
            <Icon name="chat" />
            {TEXTS.card.sendWidget}
          </button>
        </div>
      )}
    </PopoverButton>
  );
}

/** Pixels of the frame count from the left in every language. What is scrolled out sideways has its corner there. */
function spotOf({ left, top, width }: Place): { left: string; top: string } {
  const x = `min(${left + width}px, 100% - 16px)`;
  return { left: `calc(${x} - ${SIZE}px)`, top: `${Math.max(-ABOVE, top - SIZE)}px` };
}

/** Whether there is nothing here that could hover. */
function useTouched(): boolean {
  const [query] = useState(() => matchMedia("(hover: none)"));
  const [touched, setTouched] = useState(query.matches);
  useEffect(() => {
    const look = (): void => setTouched(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [query]);
  return touched;
}
