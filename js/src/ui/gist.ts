/** A message in one line: for quotes, and for what is read out. */
import type { Body } from "../protocol/frames";
import { TEXTS } from "./texts";

/** Characters. More than a line holds, less than a screen reader takes a minute for. */
const LONGEST = 160;

export function gistOf(body: Body): string {
  const text = "text" in body ? lineOf(body.text) : "";
  if (text !== "") return text;
  if (body.kind === "moment") return TEXTS.gistMoment;
  if (body.kind === "photos") return TEXTS.gistPhotos(body.photos.length);
  if (body.kind === "table") return TEXTS.card.gistTable;
  if (body.kind === "snapshot") return TEXTS.card.gistSnapshot;
  return body.kind === "erased" ? TEXTS.messageErased : TEXTS.unknownBody;
}

/** On one line, and cut between two signs. */
export function lineOf(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST)
    .replace(/\s+/gu, " ")
    .trim();
  const signs = [...line];
  return signs.length <= LONGEST ? line : `${signs.slice(0, LONGEST).join("")}…`;
}
