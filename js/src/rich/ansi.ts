/** Text of a terminal, with its colours, as elements. */

const ESCAPE = "\u001b";
const SEQUENCE = new RegExp(`${ESCAPE}\\[([0-9;]*)([A-Za-z])`, "g");
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
/** The steps of the colour cube that 256-colour terminals have. */
const STEPS = [0, 95, 135, 175, 215, 255];

interface Style {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  color: string;
  background: string;
}

const PLAIN: Style = { bold: false, italic: false, underline: false, color: "", background: "" };

/** Puts the text into `el`: what it draws over itself, as progress bars do, is drawn once. */
export function drawAnsi(el: HTMLElement, text: string): void {
  const shown = overwritten(text);
  let style = PLAIN;
  let from = 0;
  for (const match of shown.matchAll(SEQUENCE)) {
    append(el, shown.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === "m") style = styled(style, codesOf(match[1] ?? ""));
  }
  append(el, shown.slice(from), style);
}

/** Each line from its last carriage return on. */
function overwritten(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/^.*\r(?=.)/gm, "")
    .replaceAll("\r", "");
}

function append(el: HTMLElement, text: string, style: Style): void {
  if (text === "") return;
  if (style === PLAIN) {
    el.append(text);
    return;
  }
  const span = document.createElement("span");
  span.textContent = text;
  span.style.color = style.color;
  span.style.backgroundColor = style.background;
  if (style.bold) span.style.fontWeight = "bold";
  if (style.italic) span.style.fontStyle = "italic";
  if (style.underline) span.style.textDecoration = "underline";
  el.append(span);
}

function codesOf(text: string): number[] {
  return text === "" ? [0] : text.split(";").map(Number);
}

function styled(before: Style, codes: number[]): Style {
  let style = before;
  while (codes.length > 0) {
    const code = codes.shift() ?? 0;
    if (code === 38) style = { ...style, color: extended(codes) };
    else if (code === 48) style = { ...style, background: extended(codes) };
    else style = code === 0 ? PLAIN : { ...style, ...change(code) };
  }
  return style;
}

function change(code: number): Partial<Style> {
  if (code === 1 || code === 22) return { bold: code === 1 };
  if (code === 3 || code === 23) return { italic: code === 3 };
  if (code === 4 || code === 24) return { underline: code === 4 };
  const [tens, ones] = [Math.floor(code / 10), code % 10];
  if (tens === 3 || tens === 9) return { color: ones < 8 ? named(ones, tens === 9) : "" };
  if (tens === 4 || tens === 10) return { background: ones < 8 ? named(ones, tens === 10) : "" };
  return {};
}

/** The page's own shade of a colour, so that it can be read on light and on dark. */
function named(index: number, intense: boolean): string {
  return `var(--cw-ansi-${intense ? "intense-" : ""}${NAMES[index]})`;
}

/** `5;n` or `2;r;g;b`, taken from the codes that are left. */
function extended(codes: number[]): string {
  if (codes.shift() === 2) return `rgb(${codes.splice(0, 3).join(" ")})`;
  const index = codes.shift() ?? 0;
  if (index < 16) return named(index % 8, index >= 8);
  if (index >= 232)
    return `rgb(${Array(3)
      .fill(8 + 10 * (index - 232))
      .join(" ")})`;
  const at = index - 16;
  const cube = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6];
  return `rgb(${cube.map((step) => STEPS[step]).join(" ")})`;
}
