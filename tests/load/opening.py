"""From a click on the link to a drawn room: seven of ipywidgets' controls in Chromium, a real relay and kernel."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.load.drag import bench_kernel
from tests.load.servers import running_relay
from tests.support.chromium import LAUNCH_ARGS, chromium_path

ROUNDS = 7
SETUP = """
import cowidget as cw
from ipywidgets import Button, Checkbox, Dropdown, FloatSlider, IntSlider, Label, Text, VBox
controls = [
    IntSlider(description="a"), FloatSlider(description="b"), Text("text"), Dropdown(options=["one", "two"]),
    Checkbox(description="c"), Button(description="press"), Label("label"),
]
room = cw.share(VBox(controls))
"""
# What somebody sees of each kind.
SEEN = [
    ".widget-slider .noUi-handle",
    ".widget-text input",
    ".widget-dropdown select",
    ".widget-checkbox input",
    ".widget-button",
    ".widget-inline-hbox.widget-label",
]
# In every frame: the time of the frame of the screen that shows all of them. Asking from here would add to it.
WATCH = """
(() => {
  const look = () => {
    const drawn = SEEN.every((each) => document.querySelector(each)?.getBoundingClientRect().width > 0);
    if (drawn) window.drawnAt = performance.timeOrigin + performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
""".replace("SEEN", json.dumps(SEEN))


@dataclass(frozen=True, slots=True)
class Opening:
    """Milliseconds from the navigation to the last widget, in a new browser and after a reload."""

    cold: float
    warm: float


def measure(rounds: int = ROUNDS) -> Opening:
    """Medians."""
    with running_relay() as relay, bench_kernel(relay, SETUP) as kernel, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
        link = kernel.value("room.url")
        openings = [_open(browser, link) for _ in range(rounds)]
        browser.close()
    return Opening(*(statistics.median(getattr(each, name) for each in openings) for name in Opening.__slots__))


def _open(browser: Browser, link: str) -> Opening:
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(link)
    cold = _drawn(page)
    page.reload()
    warm = _drawn(page)
    context.close()
    return Opening(cold, warm)


def _drawn(page: Page) -> float:
    page.frame_locator("iframe").locator(SEEN[-1]).wait_for(timeout=30_000)
    (sandbox,) = page.main_frame.child_frames
    drawn = sandbox.wait_for_function("window.drawnAt", timeout=30_000).json_value()
    return float(drawn - page.evaluate("performance.timeOrigin"))


if __name__ == "__main__":
    opening = measure()
    print(f"cold {opening.cold:.0f} ms, warm {opening.warm:.0f} ms")
