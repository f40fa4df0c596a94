"""What axe finds on a page, how the page is looked at, and where the keyboard is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

from playwright.sync_api import Page

from tests.support.kernels import ROOT
from tests.support.pages import PATIENCE_MS

# Presses of the Tab key.
_SOON = 8

Look = Literal["light", "dark", "forced"]
LOOKS: tuple[Look, ...] = ("light", "dark", "forced")

# Each finding that keeps somebody out, in one line; those of a notebook around the panel are not ours.
_FINDINGS = """
async ([within, inner, rules]) => {
  const options = {
    iframes: false,
    resultTypes: ["violations"],
    ...(rules.length > 0 && { runOnly: { type: "rule", values: rules } }),
  };
  const find = (root, selector) => {
    const roots = [root, ...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? []);
    const found = [root.querySelector(selector), ...roots.map((one) => find(one, selector))];
    return found.find((one) => one !== null) ?? null;
  };
  const whole = find(document, within);
  const part = inner === "" ? whole : find(whole, inner);
  if (part === null) throw new Error(`there is no ${inner || within}`);
  const { violations } = await axe.run({ include: [part] }, options);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none, html }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message)[0] ?? "";
      return `${id}: ${target.flat().join(" ")} (${why}) ${html.slice(0, 160)}`;
    }));
}
"""
# The rules that colours decide. All others find the same in every look.
_COLOUR_RULES = ["color-contrast", "link-in-text-block"]

# Of forced colours, a browser tells axe all but those of the text's insides, which are those of the text.
_TRUE_COLOURS = """
() => {
  const told = CSSStyleDeclaration.prototype.getPropertyValue;
  CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
    return told.call(this, name === "-webkit-text-fill-color" ? "color" : name);
  };
}
"""

_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What has the focus, through shadow roots: what it is called, what it belongs to, and whether one sees that it is it.
_FOCUSED = """
() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const text = at.getAttribute("aria-label") || at.title || at.innerText || at.type || "";
  return at.localName === "iframe" || at === document.body ? at.localName : text.split("\\n")[0];
}
"""
_RING = """
() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at.localName === "iframe" || at === document.body) return true;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && at.checkVisibility();
}
"""


class Access:
    """A page, for whoever sees little, sees it in other colours, or has no mouse."""

    def __init__(self, page: Page, within: str = "body") -> None:
        self.page = page
        self._within = within
        page.evaluate((ROOT / "js/node_modules/axe-core/axe.min.js").read_text("utf-8"))
        page.evaluate(_TRUE_COLOURS)

    def looks(self, look: Look) -> None:
        """The colours that the person's system asks for."""
        self.page.emulate_media(
            color_scheme="dark" if look == "dark" else "light",
            forced_colors="active" if look == "forced" else "none",
            reduced_motion="reduce",  # what is half faded in has no contrast yet
        )
        self.page.evaluate(_TWO_FRAMES)  # the page is told, and draws itself

    def findings(self, *looks: Look, part: str = "") -> list[str]:
        """What axe calls serious or critical, in each look: in all of it, or in the part that a selector finds."""
        found: list[str] = []
        for look in looks:
            self.looks(look)
            rules = [] if look == looks[0] else _COLOUR_RULES
            found += [f"{look}: {one}" for one in self.page.evaluate(_FINDINGS, [self._within, part, rules])]
        return found

    def tabs_through(self, names: Sequence[str], *, backwards: bool = False) -> None:
        """The Tab key comes to these, one after the other, and one sees it there."""
        for name in names:
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
            self.comes_to(name)
            self.shows_focus()

    def tabs_to(self, name: str) -> None:
        """The Tab key comes to it soon, and one sees all along where it is."""
        for _ in range(_SOON):
            self.page.keyboard.press("Tab")
            self.shows_focus()
            if self.focused() == name:
                return
        raise AssertionError(f"the Tab key does not come to “{name}”")

    def comes_to(self, name: str) -> None:
        """Waits until the keyboard is there: into a frame and out of it, it goes through other processes."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while (at := self.focused()) != name:
            assert time.monotonic() < deadline, f"the keyboard is at “{at}”, not at “{name}”"
            self.page.wait_for_timeout(20)

    def focused(self) -> str:
        """What a screen reader calls the element that the keyboard is at, in a frame too."""
        name = ""
        for frame in self.page.frames:
            name = str(frame.evaluate(_FOCUSED))
            if name != "iframe":
                break
        return name

    def shows_focus(self) -> None:
        """One sees where the keyboard is."""
        assert self.page.evaluate(_RING), f"one does not see that the keyboard is at “{self.focused()}”"
