/** Files that a chart offers: asked for once more, because widget code must not fill anybody's disk. */
import type { SavedFile } from "../host/offers";
import { sizeText } from "./formats";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Milliseconds after which the browser has surely begun to read what it saves. */
const READ_MS = 60_000;

export function offerFile(store: Store, file: SavedFile, page: Document): void {
  store.toasts.show("plain", TEXTS.saveFile(file.name, sizeText(file.bytes.length)), "", {
    label: TEXTS.save,
    run: () => save(file, page),
  });
}

function save({ name, mime, bytes }: SavedFile, page: Document): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: mime }));
  const link = page.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ_MS);
}
