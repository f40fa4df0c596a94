/** Light or dark, as the page around us has it, and the colours that widgets are given. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Theme } from "../host/messages";

/** JupyterLab, VS Code, Colab and marimo each say it in their own way; else the system decides. */
export function isDark(document: Document, systemDark: boolean): boolean {
  const { body, documentElement: html } = document;
  const jupyter = body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === "false";
  const { vscodeThemeKind } = body.dataset;
  if (vscodeThemeKind !== undefined) {
    return vscodeThemeKind.includes("dark") || vscodeThemeKind === "vscode-high-contrast";
  }
  const told = html.getAttribute("theme");
  if (told !== null) return told === "dark";
  if (body.classList.contains("dark") || html.classList.contains("dark")) return true;
  return systemDark;
}

/** Follows the theme until `until` aborts. */
export function watchDark(until: AbortSignal): ReadonlySignal<boolean> {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = signal(isDark(document, system.matches));
  const look = (): void => {
    dark.value = isDark(document, system.matches);
  };
  const watching = new MutationObserver(look);
  const attributes = {
    attributeFilter: ["class", "theme", "data-jp-theme-light", "data-vscode-theme-kind"],
  };
  watching.observe(document.body, attributes);
  watching.observe(document.documentElement, attributes);
  system.addEventListener("change", look, { signal: until });
  until.addEventListener("abort", () => watching.disconnect(), { once: true });
  return dark;
}

/** What anywidgets read from JupyterLab, and which of our colours stands for it elsewhere. */
const FOR_WIDGETS: Record<string, string> = {
  "--jp-ui-font-family": "--cw-font",
  "--jp-ui-font-color0": "--cw-text",
  "--jp-ui-font-color1": "--cw-text",
  "--jp-ui-font-color2": "--cw-text-2",
  "--jp-ui-font-color3": "--cw-text-3",
  "--jp-ui-inverse-font-color0": "--cw-on-accent",
  "--jp-ui-inverse-font-color1": "--cw-on-accent",
  "--jp-content-font-color1": "--cw-text",
  "--jp-layout-color0": "--cw-surface",
  "--jp-layout-color1": "--cw-surface",
  "--jp-layout-color2": "--cw-fill",
  "--jp-layout-color3": "--cw-fill-2",
  "--jp-border-color1": "--cw-line-2",
  "--jp-border-color2": "--cw-line",
  "--jp-border-color3": "--cw-line",
  "--jp-brand-color1": "--cw-accent",
  "--jp-brand-color2": "--cw-accent",
  "--jp-error-color1": "--cw-bad",
  "--jp-warn-color1": "--cw-busy",
  "--jp-success-color1": "--cw-good",
};

/** The theme for the sandbox: the notebook's own values, where it has them. */
export function widgetTheme(element: Element, dark: boolean): Theme {
  const style = getComputedStyle(element);
  const tokens: Record<string, string> = {};
  for (const [name, ours] of Object.entries(FOR_WIDGETS)) {
    const value = style.getPropertyValue(name).trim() || style.getPropertyValue(ours).trim();
    if (value !== "") tokens[name] = value;
  }
  return { dark, tokens };
}
