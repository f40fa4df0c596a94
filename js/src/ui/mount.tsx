/** Puts an interface into a shadow root, so that it and the page around it do not style each other. */
import { effect, type ReadonlySignal } from "@preact/signals";
import { type ComponentChild, render } from "preact";
import cards from "./cards.css";
import type { ChatDoor } from "./chat-door";
import page from "./page.css";
import panel from "./panel.css";
import parts from "./parts.css";
import people from "./people.css";
import pointers from "./pointers.css";
import shareTools from "./share-tools.css";
import stage from "./stage.css";
import { language } from "./texts";
import { watchDark } from "./theme";
import theme from "./theme.css";

/** Of two rules that are equal, the later one holds. */
const BEFORE = [theme, parts, people, cards, stage, pointers, shareTools];
const AFTER = [page, panel];

/** Open, because JupyterLab looks for the focused field through open roots only. */
function shadowOf(host: HTMLElement, chat: CSSStyleSheet): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetOf(BEFORE), chat, sheetOf(AFTER)];
  return root;
}

function sheetOf(texts: string[]): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(texts.join("\n"));
  return sheet;
}

/** Draws what `view` returns inside `host` until `signal` aborts; `door` brings the styles of its chat. */
export function mount(
  host: HTMLElement,
  view: (dark: ReadonlySignal<boolean>) => ComponentChild,
  signal: AbortSignal,
  door: ChatDoor | null = null,
): void {
  const chat = sheetOf([]);
  const root = shadowOf(host, chat);
  const undress = door?.part.subscribe((part) => chat.replaceSync(part?.SHEET ?? ""));
  const dark = watchDark(signal);
  const unfollow = dark.subscribe((isDark) => {
    host.dataset.theme = isDark ? "dark" : "light";
  });
  const untold = effect(() => {
    host.lang = language();
  });
  render(view(dark), root);
  signal.addEventListener(
    "abort",
    () => {
      unfollow();
      untold();
      undress?.();
      render(null, root);
    },
    { once: true },
  );
}
