"""Words that are shown for a second or three. The page itself looks out for them: a test may come too late.

with glimpse(button, "Copied"):
    button.click()
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator

from tests.support.pages import PATIENCE_MS

_LOOK_OUT = """(element, words) => ({
  seen: new Promise((resolve) => {
    const look = () => { if (element.innerText.includes(words)) resolve(true); };
    const changes = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(look).observe(element, changes);
  }),
})"""
_IS_SEEN = "({ seen }, patience) => Promise.race([seen, new Promise((late) => setTimeout(late, patience, false))])"


@contextmanager
def glimpse(place: Locator, words: str) -> Iterator[None]:
    """What is done inside of the block makes these words visible in an element that was there before."""
    lookout = place.evaluate_handle(_LOOK_OUT, words)
    yield
    assert lookout.evaluate(_IS_SEEN, PATIENCE_MS), f"no “{words}” in {place}"
