/** Where a client is with its room: a table, and nothing else decides about a phase. */
import { type Closing, closingOf } from "../protocol/closing";

export type Phase =
  | "away"
  /** Hello is sent. */
  | "greeting"
  | "joined"
  /** Closed with a step that stops; a new opening may still be tried. */
  | "ended";

export type Happening = "opened" | "welcomed" | "cut" | "stopped";

// What is not listed cannot happen: the shell or the relay is wrong.
const TRANSITIONS: Record<Phase, Partial<Record<Happening, Phase>>> = {
  // A dial that failed closes what was never open.
  away: { opened: "greeting", cut: "away", stopped: "ended" },
  greeting: { welcomed: "joined", cut: "away", stopped: "ended" },
  joined: { cut: "away", stopped: "ended" },
  ended: { opened: "greeting", cut: "ended", stopped: "ended" },
};

/** The phase after something happened. Throws when it cannot happen. */
export function nextPhase(phase: Phase, happening: Happening): Phase {
  const next = TRANSITIONS[phase][happening];
  if (next === undefined) throw new Error(`${happening} while ${phase}`);
  return next;
}

/** Why a code that stops has stopped us, also when the table does not list it. */
export function endingOf(code: number): Closing {
  const text = "The relay has ended this session.";
  return closingOf(code) ?? { code, slug: "unknown", nextStep: "stop", text };
}
