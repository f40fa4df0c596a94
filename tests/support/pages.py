"""A guest's page in the words of whoever sits before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from playwright.sync_api import FrameLocator, Locator, Page, ViewportSize, expect

# Milliseconds. On a busy two-core machine a page took 3 s to show its widgets.
PATIENCE_MS = 15_000
# The sliders of `page_widgets.py`: from 0 to 10, with a thumb of 16 pixels.
_SLIDER_STEPS = 10
_THUMB = 16.0


class GuestPage:
    """The page of a room; what it shows is waited for."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def widgets(self) -> FrameLocator:
        """The frame in which the widgets are."""
        return self.page.frame_locator("iframe[title='Shared widgets']")

    def introduces_itself(self, name: str) -> None:
        """Answer the question for a name."""
        dialog = self.page.get_by_role("dialog", name="What is your name?")
        dialog.get_by_label("Name", exact=True).fill(name, timeout=PATIENCE_MS)
        dialog.get_by_role("button", name="Continue").click()

    # The widgets.

    def slider(self, name: str) -> Locator:
        return self.widgets.get_by_role("slider", name=name)

    def field(self, name: str) -> Locator:
        return self.widgets.get_by_role("textbox", name=name)

    def sees_value(self, name: str, value: int) -> None:
        expect(self.slider(name)).to_have_value(str(value), timeout=PATIENCE_MS)

    def value(self, name: str) -> int:
        """What the slider shows now."""
        return int(self.slider(name).input_value())

    def drag(self, name: str, value: int) -> None:
        """Take the slider, move it there, let go."""
        self.grab(name)
        self.pull(name, value)
        self.drop()

    def grab(self, name: str) -> None:
        """Take hold of the slider's thumb."""
        width, height = self.slider(name).evaluate("slider => [slider.clientWidth, slider.clientHeight]")
        # Goes there once it stands still, with nothing before it.
        self.slider(name).hover(position={"x": _along(width, self.value(name)), "y": height / 2})
        self.page.mouse.down()

    def pull(self, name: str, value: int) -> None:
        """Move what was grabbed, in small steps."""
        self.page.mouse.move(*self._point(name, value), steps=4)

    def drop(self) -> None:
        """Let go."""
        self.page.mouse.up()

    def _point(self, name: str, value: int) -> tuple[float, float]:
        box = self.slider(name).bounding_box()
        assert box is not None, f"the slider {name} is not shown"
        return box["x"] + _along(box["width"], value), box["y"] + box["height"] / 2

    # The chat.

    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    def says(self, text: str) -> None:
        """Write into the chat, and send with Enter."""
        self.types(text)
        self.presses("Enter")

    def types(self, text: str) -> None:
        """Write on, without sending."""
        self.composer().press_sequentially(text)

    def presses(self, key: str) -> None:
        self.composer().press(key)

    def messages(self) -> Locator:
        return self.page.locator(".message-text")

    def reads(self, texts: Sequence[str]) -> None:
        """Exactly these messages, in this order, all of them sent."""
        expect(self.messages()).to_have_text(list(texts), timeout=PATIENCE_MS)
        expect(self.page.locator(".message[data-state=sending]")).to_have_count(0, timeout=PATIENCE_MS)

    # The connection, people, and what the page has to say.

    def sees_status(self, words: str | re.Pattern[str], within_ms: int = PATIENCE_MS) -> None:
        """The pill shows these words, perhaps among others."""
        expect(self.page.locator(".status")).to_contain_text(words, timeout=within_ms)

    def retries(self) -> None:
        """Do not wait for the next attempt; where one is being made already, there is no such button."""
        button = self.page.locator(".status").get_by_role("button", name="retry now")
        button.evaluate_all("buttons => buttons.forEach((button) => button.click())")

    def status(self) -> str:
        """What the pill says now."""
        return self.page.locator(".status").inner_text()

    def is_told(self, words: str | re.Pattern[str]) -> None:
        """A short message with these words comes up."""
        expect(self.page.locator(".toast-text").filter(has_text=words).first).to_be_visible(timeout=PATIENCE_MS)

    def sees_people(self, *names: str, within_ms: int = PATIENCE_MS) -> None:
        """Exactly these other people are here."""
        shown = self.page.locator(".avatar-row .avatar-slot")
        expect(shown).to_have_count(len(names), timeout=within_ms)
        for name in names:
            named = self.page.locator(".avatar-row").get_by_title(name, exact=True)
            expect(named).to_have_count(names.count(name), timeout=within_ms)

    def sees_ending(self, title: str, within_ms: int = PATIENCE_MS) -> None:
        """The room is gone, and in its place the page tells why."""
        expect(self.page.get_by_role("alert").get_by_role("heading")).to_have_text(title, timeout=within_ms)

    def goes_to(self, tab: str) -> None:
        """On a narrow screen: one of the three places."""
        self.page.locator(".tab-bar").get_by_role("button", name=tab).click()

    def overflows(self) -> bool:
        """Whether one has to scroll sideways."""
        size = cast(ViewportSize, self.page.viewport_size)
        return bool(self.page.evaluate("document.scrollingElement.scrollWidth") > size["width"])


def _along(width: float, value: int) -> float:
    """How far along a slider the middle of its thumb is."""
    return _THUMB / 2 + (width - _THUMB) * value / _SLIDER_STEPS
