"""The code for classic widgets by itself: where no text may become code, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Route, expect

_ADDRESS = "http://classic.test/"
_SUPPORT = Path(__file__).parents[1] / "support" / "classic_page.js"
_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; form-action 'none'; base-uri 'none'"
)
_PAGE = '<!doctype html><main></main><script type="module" src="/test.js"></script>'

_EVERY_KIND = r"""
import { openWidget, refused, show } from "/support.js";

const output = [
  { output_type: "stream", name: "stdout", text: "\u001b[31mred\u001b[0m" },
  { output_type: "display_data", data: { "text/markdown": "*soft*" }, metadata: {} },
];
const speed = "<b onclick='x()'>Speed</b><script>x()</scr" + "ipt>";
const widgets = [
  openWidget("IntSlider", { description: speed, description_allow_html: true }),
  openWidget("Dropdown", { _options_labels: ["a", "b"], index: 1 }),
  openWidget("Text", { value: "text" }),
  openWidget("HTML", { value: "<b>bold</b>" }),
  openWidget("DatePicker", { value: { year: 2024, month: 1, date: 29 } }),
  openWidget("Output", { outputs: output }, "Output", "@jupyter-widgets/output"),
  openWidget("Own", {}, "Own", "own"),
];
const tab = openWidget("Tab", { children: widgets, titles: ["One"], selected_index: 0 });
openWidget("VBox", { children: [tab, ...widgets] });
await show("VBox");
document.body.dataset.refused = JSON.stringify(refused);
"""

_ROUNDS = """
import { closeAll, openWidget, show } from "/support.js";

async function drawn(count) {
  while (document.querySelectorAll(".widget-slider").length !== count) await new Promise(requestAnimationFrame);
}
async function round(count) {
  const children = Array.from({ length: count }, (_, at) => {
    const layout = openWidget("Layout", {}, `${at}/layout`, "@jupyter-widgets/base");
    return openWidget("IntSlider", { value: at, layout }, `${at}`);
  });
  openWidget("VBox", { children }, "box");
  const end = await show("box");
  await drawn(count);
  end();
  closeAll();
  await drawn(0);
}
window.round = round;
document.body.dataset.ready = "";
"""


_LATE = """
import { openWidget, show } from "/support.js";

openWidget("Own", {}, "Own", "own");
const place = document.createElement("div");
await show("Own", place);
document.querySelector("main").append(place);
"""


def test_every_kind_of_control_is_drawn_where_no_text_may_become_code(guest: Callable[..., Page]) -> None:
    page = _opened(guest, _EVERY_KIND)

    expect(page.locator("body")).to_have_attribute("data-refused", "[]", timeout=15_000)
    expect(page.locator("main")).not_to_contain_text("failed")
    expect(page.locator("main > * > .jupyter-widget-output")).to_contain_text("soft")
    expect(page.locator("main > *")).to_contain_text("own")
    assert page.locator(".widget-slider label").first.inner_html() == "<b>Speed</b>"


def test_models_that_are_closed_leave_no_node_and_no_listener_in_the_page(guest: Callable[..., Page]) -> None:
    page = _opened(guest, _ROUNDS)
    expect(page.locator("body")).to_have_attribute("data-ready", "", timeout=15_000)
    page.evaluate("round(1)")
    chromium = page.context.new_cdp_session(page)
    before = _counts(chromium)

    page.evaluate("round(300)")

    assert _counts(chromium) == before


def test_a_view_in_an_element_that_is_put_into_the_page_later_is_drawn_then(guest: Callable[..., Page]) -> None:
    page = _opened(guest, _LATE)

    expect(page.locator("main .lm-Widget")).to_have_text("own")


def _opened(guest: Callable[..., Page], script: str) -> Page:
    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(_ADDRESS)
        if name == "":
            route.fulfill(body=_PAGE, content_type="text/html", headers={"Content-Security-Policy": _POLICY})
            return
        texts = {
            "classic.js": lambda: (files("cowidget") / "static" / "classic.js").read_text(encoding="utf-8"),
            "support.js": lambda: _SUPPORT.read_text(encoding="utf-8"),
            "test.js": lambda: script,
        }
        route.fulfill(body=texts[name](), content_type="text/javascript")

    page = guest()
    page.route(f"{_ADDRESS}**", serve)
    page.goto(_ADDRESS)
    return page


def _counts(chromium: CDPSession) -> dict[str, int]:
    """Nodes and listeners that are held by anything, in the document or not."""
    chromium.send("HeapProfiler.enable")
    chromium.send("HeapProfiler.collectGarbage")
    counts = chromium.send("Memory.getDOMCounters")
    return {name: counts[name] for name in ("nodes", "jsEventListeners")}
