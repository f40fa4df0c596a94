/** Values for a spreadsheet, by way of the clipboard. */
import { isoText, safeText } from "./csv";

export interface Cell {
  label: string;
  value: number | string;
}

/** Names, and below them the values of one time, with tabs between them. */
export function tabbed(t: number, cells: readonly Cell[]): string {
  const names = ["time", ...cells.map(({ label }) => label)];
  const values = [isoText(t), ...cells.map(({ value }) => value)];
  return [names, values].map((row) => row.map(plain).join("\t")).join("\n");
}

function plain(cell: number | string): string {
  if (typeof cell === "number") return Number.isNaN(cell) ? "" : String(cell);
  return safeText(cell.replace(/[\t\r\n]+/g, " "));
}

/**
 * False if the browser lets nobody copy. Call it in an event of a hand or a key.
 *
 * The old way, because the new one is neither in frames of another origin nor on plain http.
 */
export function copyText(text: string): boolean {
  let isFilled = false;
  const fill = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    isFilled = event.clipboardData !== null;
  };
  document.addEventListener("copy", fill, { capture: true, once: true });
  const isCopied = document.execCommand("copy");
  document.removeEventListener("copy", fill, { capture: true });
  return isCopied && isFilled;
}
