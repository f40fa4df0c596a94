/** A button that shows an icon; its words are a tooltip, and what a screen reader says. */
import { Icon, type IconName } from "./icons";

interface IconButtonProps {
  icon: IconName;
  words: string;
  class?: string;
  onClick(): void;
}

export function IconButton({ icon, words, onClick, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={rest.class ?? "icon-button"}
      aria-label={words}
      title={words}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
