/** What a log entry may hold (L4, L6, L10, L11); `core/bodies.py` says the same, and the relay goes by it. */
import { assertNever } from "../lib/assert";
import { pack } from "../lib/msgpack";
import { pictureType } from "../lib/picture-type";
import type { Body, Bytes, Cell, Moment, Photos, Snapshot, Table } from "../protocol/frames";
import { isEmoji } from "./emoji";
import { wellFormed } from "./identity";

/** Characters of a chat message, as `text` admits, and of a share's name. */
const MAX_TEXT = 8000;
const MAX_SHARE = 64;
const MAX_KEY = 512;
const MAX_COLUMNS = 64;
const MAX_ROWS = 200;
const MAX_HEADING = 400;
const MAX_TABLE_BYTES = 128 << 10;
/** Of a snapshot's values, as MessagePack. */
export const MAX_SNAPSHOT_BYTES = 64 << 10;
/** Of one message. */
export const MAX_PHOTOS = 12;
export const MAX_PICTURE = 128 << 10;

/** Why this cannot be posted, as a sentence; empty if it can. */
export function faultOf(body: Body): string {
  switch (body.kind) {
    case "text":
    case "edit":
      return faultOfText(body.text, 1);
    case "moment":
      return faultOfText(body.text, 0) || faultOfMoment(body);
    case "photos":
      return faultOfText(body.text, 0) || faultOfPhotos(body);
    case "table":
      return faultOfText(body.text, 0) || faultOfTable(body);
    case "snapshot":
      return faultOfText(body.text, 0) || faultOfSnapshot(body);
    case "react":
      return isEmoji(body.emoji) ? "" : "A reaction is one emoji.";
    case "erase":
      return "";
    case "erased":
      return "Only the room writes what is left of a message.";
    default:
      return assertNever(body, "body");
  }
}

/** As it may travel: with no half of a pair that stands for a sign. */
export function wellFormedBody(body: Body): Body {
  return "text" in body ? { ...body, text: wellFormed(body.text) } : body;
}

function faultOfText(text: string, least: number): string {
  const { length } = [...text];
  return length < least || length > MAX_TEXT ? `A message has 1 to ${MAX_TEXT} characters.` : "";
}

function faultOfMoment({ share, start, end, picture }: Moment): string {
  const name = [...share].length;
  if (name < 1 || name > MAX_SHARE) return "A moment is one of a shared chart.";
  if (!(Number.isFinite(start) && Number.isFinite(end) && start <= end)) {
    return "A moment has a beginning and an end.";
  }
  return faultOfPicture("moment", picture);
}

function faultOfPicture(what: string, picture: Bytes): string {
  if (picture.length > MAX_PICTURE) {
    return `A ${what}'s picture holds at most ${MAX_PICTURE >> 10} KiB.`;
  }
  const fits = picture.length === 0 || pictureType(picture) !== "";
  return fits ? "" : `A ${what}'s picture is PNG or WebP.`;
}

function faultOfTable({ columns, rows, height, width, index }: Table): string {
  const count = columns.length;
  if (count < 1 || count > MAX_COLUMNS || rows.length > MAX_ROWS) {
    return `A table shows 1 to ${MAX_COLUMNS} columns and up to ${MAX_ROWS} rows.`;
  }
  if (columns.some(({ name, dtype }) => [name, dtype].some((word) => signs(word) > MAX_HEADING))) {
    return `A column's name has at most ${MAX_HEADING} characters, and its type's, too.`;
  }
  if (rows.some((row) => row.length !== count))
    return "A table's rows have a cell for each column.";
  if (!rows.flat().every(isCell)) {
    return "A table's cells are finite numbers, truth values, texts, or empty.";
  }
  if (height < rows.length || index > count || width < count - index) {
    return "A table is no smaller than what is shown of it.";
  }
  const fits = pack([columns, rows]).length <= MAX_TABLE_BYTES;
  return fits ? "" : `What is shown of a table holds at most ${MAX_TABLE_BYTES >> 10} KiB.`;
}

function faultOfSnapshot({ share, values, picture }: Snapshot): string {
  const keys = Object.keys(values);
  if (signs(share) < 1 || signs(share) > MAX_SHARE || keys.length === 0) {
    return "A snapshot is one of something shared, and has its values.";
  }
  if (!keys.every((key) => key.startsWith(`${share}/`) && signs(key) <= MAX_KEY)) {
    return "A snapshot holds values of its own share.";
  }
  if (pack(values).length > MAX_SNAPSHOT_BYTES) {
    return `A snapshot's values hold at most ${MAX_SNAPSHOT_BYTES >> 10} KiB.`;
  }
  return faultOfPicture("snapshot", picture);
}

function isCell(cell: Cell): boolean {
  return typeof cell !== "number" || Number.isFinite(cell);
}

/** Characters as Python counts them. */
function signs(word: string): number {
  return [...word].length;
}

function faultOfPhotos({ photos }: Photos): string {
  const different = new Set(photos.map((photo) => photo.sha256)).size;
  if (different < 1 || different > MAX_PHOTOS) return `A message shows 1 to ${MAX_PHOTOS} photos.`;
  return different < photos.length ? "A message shows a photo once." : "";
}
