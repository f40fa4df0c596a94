"""What anywidget offers to authors, in a guest's page: children, calls to Python, code from anywhere, new code."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.support.code_server import code_server
from tests.support.hosts import Host
from tests.support.pages import PATIENCE_MS, GuestPage

_IMPORTS = "from tests.support.feature_widgets import Dial, Painted, Panel, Reverser, from_code, from_file, versions"


def test_a_parent_draws_its_child_and_both_live_in_python_too(host: Host, visit: Visit) -> None:
    host.run(f"{_IMPORTS}\ndial = Dial()\nroom.share(Panel(dial=dial), name='panel', allow={{'dial.value'}})")
    ann = visit("Ann")
    _shows(_place(ann, "panel").locator("output"), "the dial at 1, value 1")

    _place(ann, "panel").get_by_role("button").click()

    host.kernel.sees("dial.value", 2)
    _shows(_place(ann, "panel").locator("output"), "the dial at 2, value 2")
    host.run("dial.value = 7")
    _shows(_place(ann, "panel").get_by_role("button"), "turn 7")


def test_a_widget_calls_python_and_bytes_go_both_ways(host: Host, visit: Visit) -> None:
    host.run(f"{_IMPORTS}\nroom.share(Reverser(), name='reverser', allow={{'messages'}})")

    ann = visit("Ann")

    _shows(_place(ann, "reverser").locator("output"), "cba 321 3")


def test_code_from_files_and_addresses_reaches_guests_who_ask_nobody_but_the_relay(
    host: Host, visit: Visit, tmp_path: Path
) -> None:
    draw = "export default { render({ el }) { el.append(`%s`); } };"
    (tmp_path / "widget.js").write_text(draw % "from a file", encoding="utf-8")
    with code_server() as server:
        server.script("/inner.mjs", "export const word = 'module';")
        outer = server.script("/outer.mjs", "export { word } from './inner.mjs';")
        whole = server.script("/widget.mjs", f"import {{ word }} from '{outer}'; {draw % 'all a ${word}'}")
        inline = f'import {{ word }} from "{outer}"; {draw % "with a ${word}"}'
        lost = f"import x from '{server.url}/lost.mjs'; {draw % '${x}'}"
        host.run(
            f"{_IMPORTS}\nfrom pathlib import Path\n"
            f"room.share(from_file(Path({str(tmp_path / 'widget.js')!r})), name='file')\n"
            f"room.share(from_code({whole!r}), name='address')\n"
            f"room.share(from_code({inline!r}), name='inline')\n"
            f"room.share(from_code({lost!r}), name='lost')"
        )
        fetched = server.asked.copy()

        ann = visit("Ann")

        _shows(_place(ann, "file"), "from a file")
        _shows(_place(ann, "address"), "all a module")
        _shows(_place(ann, "inline"), "with a module")
        card = _place(ann, "lost").get_by_role("alert")
        expect(card).to_contain_text(f"It imports {server.url}/lost.mjs, which the host's notebook could not fetch.")
        host.kernel.sees("any('lost.mjs' in str(error) for error in room.errors)", True)
        assert server.asked == fetched


def test_new_code_and_style_draw_the_widget_anew_and_leave_nothing_of_the_old(host: Host, visit: Visit) -> None:
    host.run(f"{_IMPORTS}\npainted = Painted()\nroom.share(painted, name='painted')")
    ann = visit("Ann")
    painted = _place(ann, "painted").locator(".painted")
    _shows(painted, "first")

    host.run("painted._esm, painted._css = versions('second')")

    _shows(painted, "second")
    expect(ann.widgets.locator("body")).to_have_attribute("data-left", "first")
    expect(painted).to_have_css("--first", "")
    expect(painted).to_have_css("--second", "set")


def _place(page: GuestPage, share: str) -> Locator:
    return page.widgets.locator(f"[data-share={share}] .cw-widget")


def _shows(place: Locator, text: str) -> None:
    expect(place).to_have_text(text, timeout=PATIENCE_MS)
