"""A page in a language that is made of English: each text is in brackets, so one without them is in no catalogue."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.pages import PATIENCE_MS

PSEUDO = "qps"

# All that can be read or heard below an element, in its shadow roots too, without what people wrote and what browsers
# format: names are in <bdi>, times in <time>. Of the rest, what has letters outside of brackets.
_UNKNOWN = r"""
(top, written) => {
  const OWN = "bdi, time, option, code, .avatar, .message-text, .message-name, .hit-text, .room-name, .link-field";
  const SPOKEN = ["aria-label", "title", "placeholder", "alt", "aria-valuetext", "data-drop"];
  const found = [];
  const look = (where, text) => {
    let rest = text.replace(/⟦[^]*⟧/g, "");
    for (const word of written) rest = rest.replaceAll(word, "");
    if (/\p{L}/u.test(rest)) found.push(`${where}: ${text}`);
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (element.matches("style, script") || !element.checkVisibility()) continue;
      if (element.matches("time, .room-name")) continue;
      for (const name of SPOKEN) {
        const text = element.getAttribute(name);
        if (text !== null) look(`${element.className || element.tagName} ${name}`, text);
      }
      if (element.closest(OWN)) continue;
      const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      look(element.className || element.tagName, texts.map(({ data }) => data).join(""));
    }
  };
  walk(top);
  return found;
}
"""
# What is wider than the window, unless it is in something that scrolls or is cut with an ellipsis; and buttons that
# are too narrow for their words.
_TOO_WIDE = r"""
(top) => {
  const found = [];
  const cut = (element) => getComputedStyle(element).overflowX !== "visible";
  const isInside = (element) => {
    for (let one = element.parentElement; one !== null; one = one.parentElement) if (cut(one)) return true;
    return false;
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!element.checkVisibility() || element.closest(".only-read, .cw-c-read, svg")) continue;
      const { right, left, width } = element.getBoundingClientRect();
      if (width > 0 && (right > innerWidth + 1 || left < -1) && !isInside(element))
        found.push(`${element.className || element.tagName} ${Math.round(left)}–${Math.round(right)}`);
      // Pictures on buttons, and small buttons that can be touched around them, are wider than they are.
      const worded = element.matches("button:not(.photo-button)") && element.innerText.trim() !== "";
      if (worded && element.scrollWidth > element.clientWidth + 1)
        found.push(`${element.className} holds ${element.scrollWidth} in ${element.clientWidth}: ${element.innerText}`);
    }
  };
  walk(top);
  return found;
}
"""


class StrangePage:
    """A guest's page whose words its tests do not know."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        expect(page.locator(".name-dialog")).to_be_visible(timeout=PATIENCE_MS)

    def introduces_itself(self, name: str) -> None:
        self.page.locator(".name-dialog input.field").fill(name)
        self.page.locator(".name-dialog [type=submit]").click()
        expect(self.page.locator(".status")).to_have_attribute("data-phase", "live", timeout=PATIENCE_MS)

    def goes_to(self, tab: str) -> None:
        """On a phone: to one of the three places, if it is a phone."""
        tabs = self.page.locator(".tab-bar button")
        if tabs.count() > 0:
            tabs.nth(["widgets", "chat", "people"].index(tab)).click()
        self.is_all_strange()

    def opens_people(self) -> None:
        self.goes_to("people")
        if self.page.locator(".tab-bar").count() == 0:
            self.page.locator(".people-button").click()
        self.is_all_strange()

    def opens_everything(self) -> None:
        """Each card and menu that is closed, one after the other."""
        closed = self.page.locator("button[aria-expanded=false]:visible")
        for at in range(closed.count()):
            closed.nth(at).click()
            self.is_all_strange()
            self.page.keyboard.press("Escape")
            if self.page.locator("button[aria-expanded=true]:visible").count() > 0:
                self.page.locator("button[aria-expanded=true]:visible").first.click()

    def says(self, words: str) -> None:
        self.page.locator(".composer textarea").fill(words)
        self.presses("Enter")
        expect(self.page.locator(".message-text", has_text=words).first).to_be_visible(timeout=PATIENCE_MS)

    def presses(self, key: str) -> None:
        self.page.locator(".composer textarea").press(key)

    def is_all_strange(self, part: Locator | None = None, *own: str) -> None:
        """Every word that is not somebody's own is in brackets, and has its place.

        On the page, or in `part`, which may be in the widgets' frame.
        """
        top = self.page.locator("html") if part is None else part
        written = ["cowidget", "Ann", "Bob", "AN", "hello", "look", "one", "two", "a.png", "b.pdf", *own]
        unknown = top.evaluate(_UNKNOWN, written)
        wide = top.evaluate(_TOO_WIDE)
        if unknown or wide:
            raise AssertionError("\n".join(["these are in no catalogue:", *unknown, "these do not fit:", *wide]))
