/** What happens around a chart on its page, until a signal aborts. */

export interface Around {
  resized(): void;
  /** It came onto the screen, or left it. */
  seen(isSeen: boolean): void;
  /** The page has another theme. */
  dressed(): void;
}

const THEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

export function lookAround(
  root: Element,
  { resized, seen, dressed }: Around,
  signal: AbortSignal,
): void {
  const sizes = new ResizeObserver(resized);
  sizes.observe(root);
  const places = new IntersectionObserver((all) => seen(all.at(-1)?.isIntersecting ?? true));
  places.observe(root);
  const looks = new MutationObserver(dressed);
  for (const element of [document.documentElement, document.body]) {
    looks.observe(element, { attributeFilter: ["class", "style", "theme", "data-jp-theme-light"] });
  }
  for (const query of THEMES) matchMedia(query).addEventListener("change", dressed, { signal });
  const end = (): void => {
    for (const observer of [sizes, places, looks]) observer.disconnect();
  };
  signal.addEventListener("abort", end, { once: true });
}
