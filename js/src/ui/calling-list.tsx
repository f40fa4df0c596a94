/** The people who may be meant, above the field. The focus stays in the field. */
import { Avatar } from "./avatar";
import type { Shown } from "./store";
import { TEXTS } from "./texts";

interface CallingListProps {
  id: string;
  people: readonly Shown[];
  at: number;
  onChoose(person: Shown): void;
}

export function CallingList({ id, people, at, onChoose }: CallingListProps) {
  if (people.length === 0) return null;
  return (
    <div id={id} class="calling" role="listbox" aria-label={TEXTS.people}>
      {people.map((person, n) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, and names the active one
        // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the field's
        <div
          key={person.peer}
          id={`${id}-${n}`}
          class="calling-person"
          role="option"
          aria-selected={n === at}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(person)}
        >
          <Avatar person={person} />
          <bdi>{person.name}</bdi>
        </div>
      ))}
    </div>
  );
}
