/** A person's disc with what they tell of themselves: away, a raised hand. */
import { Avatar } from "./avatar";
import { Icon } from "./icons";
import type { Shown } from "./persons";
import { TEXTS } from "./texts";

export function PersonFace({ person }: { person: Shown }) {
  return (
    <span class="face" data-idle={person.idle}>
      <Avatar person={person} />
      {person.hand > 0 && (
        <span class="face-hand">
          <Icon name="hand" />
        </span>
      )}
    </span>
  );
}

/** The same in words, each of its own; roles first. */
export function wordsOf(person: Shown, followsMe: boolean): string[] {
  const words = [
    person.mine ? TEXTS.you : "",
    TEXTS.roles[person.role],
    person.hand > 0 ? TEXTS.handUp : "",
    person.spotlight ? TEXTS.spotlightOn : "",
    person.asks ? TEXTS.asks : "",
    followsMe ? TEXTS.followsYou : "",
    person.idle ? TEXTS.idle : "",
  ];
  return words.filter((word) => word !== "");
}
