/** A button with the card that it opens beside it. */
import type { ComponentChildren } from "preact";
import { useCallback, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";
import { Popover } from "./popover";

interface PopoverButtonProps {
  class: string;
  icon: IconName;
  /** Of the card, and of the button when it has no text. */
  label: string;
  /** Beside the icon. A narrow page may hide it. */
  text?: string;
  title?: string;
  disabled: boolean;
  /** What the card holds; `close` closes it. */
  children(close: () => void): ComponentChildren;
}

export function PopoverButton(props: PopoverButtonProps) {
  const { class: className, icon, label, text = "", title, disabled, children } = props;
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <div class="anchor">
      <button
        type="button"
        class={className}
        aria-label={text === "" ? label : text}
        title={title}
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
        {text !== "" && <span>{text}</span>}
      </button>
      {open && (
        <Popover label={label} onClose={close}>
          {children(close)}
        </Popover>
      )}
    </div>
  );
}
