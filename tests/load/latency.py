"""A trait change from one browser to another: two Chromium pages, a real relay, a real kernel.

Page A sets a trait, page B answers by setting another one; half of the round trip is one way. Measured
with the kernel idle, in a pure-Python loop, and in a C call that holds the GIL.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import FrameLocator, sync_playwright

from tests.support.chromium import LAUNCH_ARGS, chromium_path

SAMPLES = 200
PAUSE_MS = 25

SETUP = '''
import anywidget, traitlets, cowidget as cw

class Echo(anywidget.AnyWidget):
    ask = traitlets.Int(0).tag(sync=True)
    answer = traitlets.Int(0).tag(sync=True)
    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button");
      const output = document.createElement("pre");
      el.append(button, output);
      button.textContent = "measure";
      let asked = 0, since = 0, samples = null;
      const ask = () => {
        asked += 1;
        since = performance.now();
        model.set("ask", asked);
        model.save_changes();
      };
      button.addEventListener("click", () => {
        output.textContent = "";
        samples = [];
        ask();
      });
      model.on("change:ask", () => {
        if (samples !== null) return;
        model.set("answer", model.get("ask"));
        model.save_changes();
      });
      model.on("change:answer", () => {
        if (samples === null || model.get("answer") !== asked) return;
        samples.push((performance.now() - since) / 2);
        if (samples.length < SAMPLES) setTimeout(ask, PAUSE);
        else output.textContent = JSON.stringify(samples);
      });
    }
    export default { render };
    """

room = cw.share(Echo(), name="echo")
'''.replace("SAMPLES", str(SAMPLES)).replace("PAUSE", str(PAUSE_MS))
SECONDS = SAMPLES * (PAUSE_MS + 30) // 1000 + 5
BUSY = {
    "kernel idle": "",
    "pure-Python loop": f"import time; end = time.time() + {SECONDS}\nwhile time.time() < end: sum(range(1000))",
    "C call that holds the GIL": "_ = sum(range(4 * 10**8))",
}


@dataclass(frozen=True, slots=True)
class Latency:
    """One way, in milliseconds."""

    p50: float
    p99: float


def measure() -> dict[str, Latency]:
    """The latency in each of the kernel's states."""
    with tempfile.TemporaryDirectory() as home, _kernel(home) as client, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
        link = _link(client)
        frames = [_open(browser.new_context().new_page(), link) for _ in range(2)]
        measured = {state: _measure(client, frames[0], code) for state, code in BUSY.items()}
        browser.close()
        return measured


def _measure(client: BlockingKernelClient, frame: FrameLocator, code: str) -> Latency:
    if code:
        client.execute(code)
    frame.locator("button").click()
    done = frame.locator("pre", has_text="]")
    done.wait_for(timeout=120_000)
    samples = json.loads(done.inner_text())
    if code:
        client.execute("", reply=True, timeout=120)  # the kernel is idle again
    cuts = statistics.quantiles(samples, n=100)
    return Latency(cuts[49], cuts[98])


def _open(page: object, link: str) -> FrameLocator:
    page.goto(link)  # type: ignore[attr-defined]
    frame: FrameLocator = page.frame_locator("iframe")  # type: ignore[attr-defined]
    frame.locator("button").wait_for(timeout=30_000)
    return frame


def _link(client: BlockingKernelClient) -> str:
    reply = client.execute(SETUP, reply=True, timeout=60, user_expressions={"link": "str(room.url)"})
    content = reply["content"]
    if content["status"] != "ok":
        raise RuntimeError("\n".join(content["traceback"]))
    return str(content["user_expressions"]["link"]["data"]["text/plain"]).strip("'")


@contextmanager
def _kernel(home: str) -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel(env={**os.environ, "COWIDGET_HOME": home})
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    for state, latency in measure().items():
        print(f"{state}: p50 {latency.p50:.1f} ms, p99 {latency.p99:.1f} ms")
