"""A photo of a phone from one browser to another, while others drag: how soon it is seen, and who waits meanwhile."""

from __future__ import annotations

import base64
import json
import math
import signal
import statistics
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.load.chat_pulse import Answers, running_pulse
from tests.load.deliveries import GUEST, ROOM
from tests.load.servers import Server, running_relay
from tests.support.chromium import LAUNCH_ARGS, chromium_path
from tests.support.photos import camera, encoded, scene, stored

SIZE = (4032, 3024)
ROUNDS = 5
# In the page of who drops: what is written is sent as soon as the photo is in it.
_DROP = """
async (text) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
  const page = document.querySelector("#app").shadowRoot;
  const list = page.querySelector(".chat-list");
  const begun = performance.timeOrigin + performance.now();
  for (const type of ["dragenter", "dragover", "drop"]) {
    list.dispatchEvent(new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer: data }));
  }
  const send = () => page.querySelector(".attachments li") && page.querySelector("button.send:enabled");
  while (!send()) await new Promise(requestAnimationFrame);
  send().click();
  return begun;
}
"""
# In the page of who waits for the photo: when the `count`-th of them has been drawn in full.
_SEEN = """
async (count) => {
  const frame = () => new Promise(requestAnimationFrame);
  const page = document.querySelector("#app").shadowRoot;
  const seen = () => [...page.querySelectorAll(".message[data-state=sent] .photo-full")]
    .filter((image) => image.complete && image.naturalWidth > 0);
  while (seen().length < count) await frame();
  await seen().at(-1).decode();
  await frame();
  return performance.timeOrigin + performance.now();
}
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """Medians of some photos.

    Attributes:
        seen: milliseconds from the drop to the whole photo in the other browser.
        bytes: of the file.
        before: the answers of the relay to pings, before the first photo.
        meanwhile: while the photos were on their way.
        clock: the longest time for which one callback held the relay's event loop meanwhile, in milliseconds.
        processor: the most processor time that one of them took.
    """

    seen: float
    bytes: int
    before: Answers
    meanwhile: Answers
    clock: float
    processor: float


def photo(seed: int) -> bytes:
    """What a phone writes; each is another one."""
    image = stored(scene(SIZE).rotate(seed, fillcolor=(40, 90, 160)), 6)
    return encoded(image, "JPEG", exif=camera(6), quality=92)


def measure(rounds: int = ROUNDS) -> Shown:
    """One photo after the other, each a new one."""
    with tempfile.TemporaryDirectory() as folder:
        turns = Path(folder) / "turns.json"
        with running_relay(f"sqlite:///{Path(folder) / 'rooms.db'}", watched=turns) as relay:
            shown = _measure(relay, rounds)
        return replace(shown, **json.loads(turns.read_text()))


def _measure(relay: Server, rounds: int) -> Shown:
    with (
        running_pulse(relay.port) as pulse,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
        link = f"http://127.0.0.1:{relay.port}/r/{ROOM}#k={GUEST}"
        ann, bob = (_visit(browser, link, name) for name in ("Ann", "Bob"))
        photos = [photo(number) for number in range(rounds)]
        ann.wait_for_timeout(1_000)
        pulse.answers()
        ann.wait_for_timeout(3_000)
        before = pulse.answers()
        relay.process.send_signal(signal.SIGUSR1)
        times = [_show(ann, bob, data, number) for number, data in enumerate(photos, 1)]
        meanwhile = pulse.answers()
        browser.close()
    return Shown(statistics.median(times), len(photos[0]), before, meanwhile, math.nan, math.nan)


def _visit(browser: Browser, link: str, name: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(link)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Continue").click()
    page.locator(".chat-list").wait_for()
    return page


def _show(ann: Page, bob: Page, data: bytes, count: int) -> float:
    dropped = float(ann.evaluate(_DROP, base64.b64encode(data).decode()))
    return float(bob.evaluate(_SEEN, count)) - dropped


if __name__ == "__main__":
    print(measure())
