"""A guest's page with charts, and clocks in it: when rows were asked for, painted, complete; how even frames are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, Frame, Page, sync_playwright

from tests.support.chromium import LAUNCH_ARGS, chromium_path

PATIENCE_MS = 60_000
# In every frame, before anything else: the page notes when it asks for rows and when its line opens, the sandbox when
# the chart has drawn something and when it has all rows. `stats` is not asked before: it adds up a checksum.
CLOCKS = """
(() => {
  const clock = () => performance.timeOrigin + performance.now();
  const times = (window.benchTimes = { opened: [], frames: [] });
  const lines = new WeakSet();
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!lines.has(this)) {
      lines.add(this);
      times.opened.push(clock());
    }
    const isWatch = !times.watch && new TextDecoder("latin1").decode(data).includes("\u00a5watch");
    if (isWatch) times.watch = clock();
    return send.call(this, data);
  };
  let before = 0;
  const look = (now) => {
    if (before) times.frames.push(now - before);
    if (times.frames.length > 36000) times.frames.length = 0;
    before = now;
    const [chart] = window.__cowidgetCharts?.values() ?? [];
    if (chart && !times.painted && chart.drawn().low.some((low) => low !== null)) times.painted = clock();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
# True when a chart has all rows: then it is the time of that.
COMPLETE = """(() => {
  const { loaded, first, end } = [...(window.__cowidgetCharts?.values() ?? [])][0]?.stats() ?? {};
  return end >= %d && loaded === end - first ? performance.timeOrigin + performance.now() : 0;
})()"""
_STATS = "() => [...(window.__cowidgetCharts?.values() ?? [])].map((chart) => chart.stats())"


class ChartPage:
    """One guest."""

    def __init__(self, browser: Browser, link: str, script: str = "") -> None:
        self._context = browser.new_context(viewport={"width": 1280, "height": 900})
        self._context.add_init_script(CLOCKS + script)
        self.page: Page = self._context.new_page()
        self.page.goto(link)
        self.page.locator("iframe").wait_for(timeout=PATIENCE_MS)

    @property
    def sandbox(self) -> Frame:
        """The frame with the widgets."""
        return self.page.main_frame.child_frames[0]

    def stats(self) -> list[dict[str, Any]]:
        """What each chart says of itself."""
        return list(self.sandbox.evaluate(_STATS))

    def wait(self, condition: str) -> Any:
        """Until an expression in the sandbox is true, asked in every frame of the screen; its value."""
        return self.sandbox.wait_for_function(condition, timeout=PATIENCE_MS).json_value()

    def complete(self, rows: int = 1) -> float:
        """Wait until the first chart has all rows, at least so many: when that was."""
        return float(self.wait(COMPLETE % rows))

    def times(self) -> dict[str, Any]:
        """What the clocks of page and sandbox have noted, in milliseconds since 1970."""
        painted: float = self.sandbox.evaluate("benchTimes.painted")
        return {**self.page.evaluate("benchTimes"), "painted": painted}

    def devtools(self) -> list[CDPSession]:
        """Sessions with the page's process and, if it is another one, with the sandbox's."""
        sessions = [self._context.new_cdp_session(self.page)]
        try:
            sessions.append(self._context.new_cdp_session(self.sandbox))
        except Error as error:
            if "separate CDP session" not in str(error):
                raise
        return sessions

    def close(self) -> None:
        self._context.close()


class Clockwork:
    """The processor time of the scripts of a page and its sandbox, from now on."""

    def __init__(self, page: ChartPage) -> None:
        self._sessions = page.devtools()
        for session in self._sessions:
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = {name: self._now(name) for name in ("ScriptDuration",)}

    @property
    def scripts(self) -> float:
        """Milliseconds of scripts."""
        return self._since("ScriptDuration")

    def _since(self, name: str) -> float:
        return 1000 * (self._now(name) - self._before[name])

    def _now(self, name: str) -> float:
        return sum(
            float(metric["value"])
            for session in self._sessions
            for metric in session.send("Performance.getMetrics")["metrics"]
            if metric["name"] == name
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a graphics card."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
        yield browser
        browser.close()
