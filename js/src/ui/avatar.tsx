/** A person as a small disc with their letters; the name is beside it or in its label. */
import { initials, textOn } from "./names";
import type { Shown } from "./store";

export function Avatar({ person }: { person: Pick<Shown, "name" | "color"> }) {
  const { name, color } = person;
  return (
    <span
      class="avatar"
      style={{ background: color, color: textOn(color) }}
      data-drawn={initials(name)}
      aria-hidden="true"
    />
  );
}
