"""A room in which very much has been written: how soon its page shows the newest, and how evenly it scrolls back.

The peer is a room with no more messages than a page gets at first, opened in turn with it.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cowidget.core.effects import Entry
from cowidget.core.frames import Post
from cowidget.core.values import Text
from cowidget.stores.sqlite import SqliteStore
from tests.load.deliveries import GUEST, ROOM, greet_owner
from tests.load.servers import Server, running_relay
from tests.support.chromium import LAUNCH_ARGS, chromium_path

MESSAGES = 100_000
FEW = 50
SMALL = "small"
PEOPLE = 50
ROUNDS = 5
# Pixels per second of somebody who looks for something, and how far they get: some thousand messages.
SPEED = 4_000
DISTANCE = 40_000
_BATCH = 2_000
_NEWEST = f"Message {MESSAGES} of many"
# In every frame: the time at which the newest message has been painted; and the time between two frames.
CLOCKS = f"""
(() => {{
  const {{ port1, port2 }} = new MessageChannel();
  const painted = new Promise((resolve) => (port1.onmessage = () => resolve(performance.now())));
  const times = (window.benchTimes = {{ painted, frames: [] }});
  const isShown = () => {{
    const page = document.querySelector("#app")?.shadowRoot;
    const last = [...(page?.querySelectorAll(".message-text") ?? [])].at(-1);
    return last?.textContent.includes({_NEWEST!r}) && last.getBoundingClientRect().bottom <= innerHeight;
  }};
  let [before, seen] = [0, false];
  const look = (now) => {{
    if (before) times.frames.push(now - before);
    before = now;
    if (!seen && (seen = isShown())) port2.postMessage(0); // comes when this frame has been drawn
    requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})();
"""


@dataclass(frozen=True, slots=True)
class History:
    """What a page makes of so many messages.

    Attributes:
        cold: milliseconds from the link to the newest message, in a browser that has never been there, from a relay
            that has just been started, with its file on the disk only.
        warm: the same after a reload.
        few_cold, few_warm: of the room with few messages.
        fps: frames per second while somebody scrolls back.
        idle: the same while nobody does: what this machine has to give.
        slow: per cent of the frames that took longer than two should.
        longest: milliseconds between two frames.
        messages: how many it has loaded at the end.
    """

    cold: float
    warm: float
    few_cold: float
    few_warm: float
    fps: float
    idle: float
    slow: float
    longest: float
    messages: float


def measure(rounds: int = ROUNDS) -> History:
    """Medians."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "rooms.db"
        _run(_fill(path))
        with _relay_on(path) as relay:
            _run(_invite(relay.port))
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
        histories = []
        for _ in range(rounds):
            _forget(path)
            with _relay_on(path) as relay:
                few = _open(browser, _link(relay, SMALL))
            _forget(path)
            with _relay_on(path) as relay:
                histories.append(_look(browser, _link(relay, ROOM), few))
        browser.close()
    return History(*(statistics.median(getattr(each, name) for each in histories) for name in History.__slots__))


def _link(relay: Server, room: str) -> str:
    return f"http://127.0.0.1:{relay.port}/r/{room}#k={GUEST}"


def _look(browser: Browser, link: str, few: tuple[float, float]) -> History:
    context, page, opened = _visit(browser, link)
    scrolled = _scroll(context, page)
    context.close()
    return History(*opened, *few, *scrolled)


def _open(browser: Browser, link: str) -> tuple[float, float]:
    context, _, opened = _visit(browser, link)
    context.close()
    return opened


def _visit(browser: Browser, link: str) -> tuple[BrowserContext, Page, tuple[float, float]]:
    """A page, and how long it took to be there: in a new browser, and after a reload."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(CLOCKS)
    page = context.new_page()
    page.goto(link)
    cold = _painted(page)
    page.reload()
    return context, page, (cold, _painted(page))


def _painted(page: Page) -> float:
    return float(page.evaluate("benchTimes.painted"))


def _scroll(context: BrowserContext, page: Page) -> tuple[float, float, float, float, float]:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Reader")
    dialog.get_by_role("button", name="Continue").click()
    box = page.locator(".chat-list").bounding_box()
    assert box is not None, "the chat is not shown"
    idle = _frames(page, lambda: page.wait_for_timeout(2_000))
    devtools = context.new_cdp_session(page)
    gesture = {
        "x": box["x"] + box["width"] / 2,
        "y": box["y"] + box["height"] / 2,
        "yDistance": DISTANCE,
        "speed": SPEED,
        "gestureSourceType": "mouse",
    }
    frames = _frames(page, lambda: devtools.send("Input.synthesizeScrollGesture", gesture))
    first = int(page.locator(".message[data-id]").first.get_attribute("data-id") or 0)
    usual = statistics.median(idle)
    slow = 100 * sum(each > 2.5 * usual for each in frames) / len(frames)
    return _rate(frames), _rate(idle), slow, max(frames), MESSAGES - first


def _frames(page: Page, meanwhile: Callable[[], object]) -> list[float]:
    """Milliseconds between the frames of the screen while something is done."""
    page.evaluate("benchTimes.frames.length = 0")
    meanwhile()
    return list(page.evaluate("benchTimes.frames"))


def _rate(frames: list[float]) -> float:
    return 1000 * len(frames) / sum(frames)


def _relay_on(path: Path) -> AbstractContextManager[Server]:
    return running_relay(f"sqlite:///{path}")


def _run(work: Coroutine[None, None, None]) -> None:
    """In a thread of its own: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _forget(path: Path) -> None:
    """Let the next reading of a file come from the disk, where the system can be told so."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def _fill(path: Path) -> None:
    store = await SqliteStore.connect(path)
    for room, first in ((ROOM, 1), (SMALL, MESSAGES - FEW + 1)):
        opened = await store.create(room)
        for start in range(first, MESSAGES + 1, _BATCH):
            numbers = range(start, min(start + _BATCH, MESSAGES + 1))
            await store.append(room, opened.fence, [_entry(number) for number in numbers])
        await store.close_room(room, opened.fence, frozenset())
    await store.aclose()


def _entry(number: int) -> Entry:
    at = time.time() - MESSAGES + number
    # A few lines by one person, then by the next one.
    author, id = number // 4 % PEOPLE, number
    text = Text(f"Message {number} of many: a line as people write them" + ", and some go on and on" * (number % 7))
    return Entry(f"writer-{author}", id, "participant", at, Post(id, text), f"Person {author}", "#2563eb")


async def _invite(port: int) -> None:
    for room in (ROOM, SMALL):
        async with await greet_owner(port, room):
            pass


if __name__ == "__main__":
    print(measure())
