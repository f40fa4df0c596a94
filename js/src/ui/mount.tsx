/** Puts an interface into a shadow root, so that it and the page around it do not style each other. */
import type { ReadonlySignal } from "@preact/signals";
import { type ComponentChild, render } from "preact";
import cards from "./cards.css";
import chat from "./chat.css";
import moment from "./moment.css";
import page from "./page.css";
import panel from "./panel.css";
import parts from "./parts.css";
import stage from "./stage.css";
import { watchDark } from "./theme";
import theme from "./theme.css";

/** Open, because JupyterLab looks for the focused field through open roots only. */
function shadowOf(host: HTMLElement): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync([theme, parts, cards, stage, chat, moment, page, panel].join("\n"));
  root.adoptedStyleSheets = [sheet];
  return root;
}

/** Draws what `view` returns inside `host` until `signal` aborts. */
export function mount(
  host: HTMLElement,
  view: (dark: ReadonlySignal<boolean>) => ComponentChild,
  signal: AbortSignal,
): void {
  const root = shadowOf(host);
  const dark = watchDark(signal);
  const unfollow = dark.subscribe((isDark) => {
    host.dataset.theme = isDark ? "dark" : "light";
  });
  render(view(dark), root);
  signal.addEventListener(
    "abort",
    () => {
      unfollow();
      render(null, root);
    },
    { once: true },
  );
}
