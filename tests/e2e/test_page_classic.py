"""Classic ipywidgets in a guest's page: each control driven by the guest and by Python, and packages built on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import Guests
from tests.support.hosts import Host
from tests.support.kernels import Kernel
from tests.support.pages import PATIENCE_MS, GuestPage
from tests.support.running_relay import running_relay

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_DESK = """
import ipywidgets
from tests.support.classic_widgets import Desk, canvas, figure, geography
from tests.support.controls import every_control
desk, controls = Desk(), every_control()
room.unshare(tuner)
for name, widget in desk.widgets.items():
    room.share(widget, name=name)
plot, land, board = figure(), geography(), canvas()
room.share(plot, name="plot")
room.share(land, name="land")
room.share(board, name="board")
room.share(ipywidgets.VBox(list(controls.values())), name="every")
"""


class Seat:
    """A guest before the page of a room that holds all of it, and the kernel behind it."""

    def __init__(self, host: Host, page: GuestPage) -> None:
        self.host = host
        self.kernel = host.kernel
        self.page = page

    def place(self, name: str) -> Locator:
        """Where this share is drawn."""
        return self.page.widgets.locator(f"section[data-share='{name}']")

    def drags(self, what: Locator, by: tuple[int, int]) -> None:
        """Take it in its middle and put it down there."""
        what.hover()  # once it stands still, with nothing before it
        mouse = self.page.page.mouse
        mouse.down()
        box = what.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x + by[0], y + by[1], steps=5)
        mouse.up()

    def shows(self, name: str, text: str) -> None:
        expect(self.place(name)).to_contain_text(text, timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def seat(kernel: Kernel, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    folder: Path = tmp_path_factory.mktemp("relay")
    guests = Guests(browser)
    with running_relay(folder=folder) as relay:
        host = Host(kernel, relay, "classic")
        host.run(_DESK)
        page = GuestPage(guests(host.link))
        page.introduces_itself("Ann")
        yield Seat(host, page)
        host.leaves()
    guests.leave()
    assert not guests.errors, "uncaught in a page:\n" + "\n".join(guests.errors)


def _press(key: str, times: int = 1) -> Callable[[Locator], None]:
    def drive(place: Locator) -> None:
        for _ in range(times):
            place.locator(".noUi-handle").last.press(key)

    return drive


def _drag(place: Locator) -> None:
    handle, track = place.locator(".noUi-handle"), place.locator(".noUi-base")
    handle.drag_to(track)


def _write(text: str) -> Callable[[Locator], None]:
    def drive(place: Locator) -> None:
        place.locator("input, textarea").first.fill(text)
        place.locator("input, textarea").first.press("Tab")

    return drive


def _choose(*options: str) -> Callable[[Locator], Any]:
    return lambda place: place.locator("select").select_option(list(options))


def _click(selector: str) -> Callable[[Locator], None]:
    return lambda place: place.locator(selector).click()


def _add_tag(place: Locator) -> None:
    place.locator(".jupyter-widget-tagsinput").click()
    place.locator("input").fill("two")
    place.locator("input").press("Enter")


def _upload(place: Locator) -> None:
    with place.page.expect_file_chooser() as chooser:
        place.get_by_role("button").click()
    chooser.value.set_files({"name": "a.bin", "mimeType": "application/octet-stream", "buffer": b"\x00\x01\x02"})


_DRIVEN = [
    ("slider", _press("ArrowRight", 10), "value", 10),
    ("dragged", _drag, "value", 5.0),
    ("range", _press("ArrowLeft"), "value", [20, 59]),
    ("number", _write("7"), "value", 7),
    ("text", _write("Ada"), "value", "Ada"),
    ("textarea", _write("two\nlines"), "value", "two\nlines"),
    ("combobox", _write("ada"), "value", "ada"),
    ("checkbox", _click("input"), "value", True),
    ("toggle", _click("button"), "value", True),
    ("toggles", _click("button >> nth=1"), "value", "b"),
    ("radio", _click("input >> nth=1"), "value", "b"),
    ("dropdown", _choose("b"), "value", "b"),
    ("select", _choose("c"), "value", "c"),
    ("several", _choose("a", "c"), "value", ["a", "c"]),
    ("steps", _press("ArrowRight"), "value", "b"),
    ("date", _write("2024-02-29"), "value and desk['date'].value.isoformat()", "2024-02-29"),
    ("time", _write("12:30"), "value and desk['time'].value.isoformat()", "12:30:00"),
    ("color", _write("red"), "value", "red"),
    ("tags", _add_tag, "value", ["one", "two"]),
    ("upload", _upload, "value and [*desk['upload'].value[0].content]", [0, 1, 2]),
    ("tab", _click("text=Two"), "selected_index", 1),
    ("accordion", _click("text=Two"), "selected_index", 1),
]


@pytest.mark.parametrize(("name", "drive", "expression", "value"), _DRIVEN, ids=[name for name, *_ in _DRIVEN])
def test_a_guest_drives_a_control_and_python_follows(
    seat: Seat, name: str, drive: Callable[[Locator], None], expression: str, value: object
) -> None:
    drive(seat.place(name))

    seat.kernel.sees(f"desk['{name}'].{expression}", value)


_SET = [
    ("slider", "value = 33", ".widget-readout", "33"),
    ("progress", "description = 'half'", "label", "half"),
    ("html", "value = '<em>after</em>'", "em", "after"),
    ("toggles", "value = 'c'", ".mod-active", "c"),
    ("button", "description = 'push'", "button", "push"),
    ("tab", "titles = ['One', 'Three']", ".lm-TabBar-tab >> nth=1", "Three"),
]


@pytest.mark.parametrize(("name", "change", "selector", "text"), _SET, ids=[name for name, *_ in _SET])
def test_what_python_sets_is_drawn(seat: Seat, name: str, change: str, selector: str, text: str) -> None:
    seat.host.run(f"desk['{name}'].{change}")

    expect(seat.place(name).locator(selector)).to_contain_text(text, timeout=PATIENCE_MS)


def test_everything_that_ipywidgets_can_show_is_drawn(seat: Seat) -> None:
    drawn = seat.place("every").locator(".widget-vbox").first.locator("> *")

    expect(drawn).to_have_count(seat.kernel.value("len(controls)"), timeout=PATIENCE_MS)
    expect(seat.page.widgets.get_by_role("alert")).to_have_count(0)


def test_a_press_runs_pythons_callback_and_shows_what_it_did(seat: Seat) -> None:
    for _ in range(3):
        seat.place("button").get_by_role("button").click()

    seat.shows("clicks", "3 clicks")


def test_what_plays_moves_python(seat: Seat) -> None:
    seat.place("play").locator("button").first.click()

    seat.kernel.sees("desk['play'].value > 3", True)
    seat.place("play").locator("button").nth(1).click()


def test_an_image_is_drawn_and_follows(seat: Seat) -> None:
    image = seat.place("image").locator("img")

    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 2
    seat.host.run("desk['image'].width = 44")
    expect(image).to_have_attribute("width", "44", timeout=PATIENCE_MS)


def test_output_shows_what_cells_print_and_display(seat: Seat) -> None:
    seat.host.run("from IPython.display import HTML, display\nwith desk['output']:\n    print('printed')")
    seat.host.run("with desk['output']:\n    display(HTML('<b>bold</b>'))")

    seat.shows("output", "printed")
    expect(seat.place("output").locator("b")).to_have_text("bold", timeout=PATIENCE_MS)


def test_a_widget_that_is_displayed_in_an_output_is_there_and_live(seat: Seat) -> None:
    seat.host.run(
        "from IPython.display import display\ninner = ipywidgets.Text()\nwith desk['output']:\n    display(inner)"
    )

    seat.place("output").locator("input").fill("written")

    seat.kernel.sees("inner.value", "written")


def test_a_child_that_is_swapped_is_drawn_in_the_other_ones_place(seat: Seat) -> None:
    box = seat.place("box")
    expect(box.locator(".noUi-handle")).to_be_visible(timeout=PATIENCE_MS)

    seat.host.run("fresh = ipywidgets.Text()\ndesk['box'].children = (fresh, desk['box'].children[1])")

    box.locator("input").fill("written")
    seat.kernel.sees("fresh.value", "written")
    expect(box.locator(".noUi-handle")).to_have_count(0)
    seat.shows("box", "stays")


def test_widgets_that_are_linked_in_the_page_move_together_and_in_python(seat: Seat) -> None:
    seat.place("source").locator(".noUi-handle").press("ArrowRight")

    expect(seat.place("target").locator("input")).to_have_value("1", timeout=PATIENCE_MS)
    seat.kernel.sees("(desk['source'].value, desk['target'].value)", [1, 1])


def test_a_brush_over_bqplot_selects_in_python(seat: Seat) -> None:
    plot = seat.place("plot")
    expect(plot.locator("path.line").first).to_be_visible(timeout=PATIENCE_MS)
    seat.shows("plot", "waves")

    seat.drags(plot.locator(".overlay"), by=(100, 0))

    seat.kernel.sees("plot.interaction.selected is not None and len(plot.interaction.selected)", 2)


def test_a_marker_is_dragged_over_its_map_and_python_knows_where_to(seat: Seat) -> None:
    marker = seat.place("land").locator(".leaflet-marker-icon")
    expect(marker).to_be_visible(timeout=PATIENCE_MS)
    before = str(marker.evaluate("marker => getComputedStyle(marker).transform"))

    seat.drags(marker, by=(0, 60))

    seat.kernel.sees("land.layers[1].location[0] < 47.5", True)
    seat.host.run("land.layers[1].location = (48.0, 16.0)")
    expect(marker).to_have_css("transform", before, timeout=PATIENCE_MS)


def test_a_canvas_shows_what_is_drawn_and_keeps_what_was(seat: Seat) -> None:
    board = seat.place("board").locator("canvas")

    seat.host.run("board.fill_style = 'red'\nboard.fill_rect(0, 0, 50, 50)")
    _sees_color(board, (10, 10), [255, 0, 0, 255])
    seat.host.run("board.fill_style = 'blue'\nboard.fill_rect(50, 50, 50, 50)")
    _sees_color(board, (60, 60), [0, 0, 255, 255])
    _sees_color(board, (10, 10), [255, 0, 0, 255])


_COLOR_COMES = """async (canvas, [[x, y], color]) => {
  const context = canvas.getContext("2d");
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (String([...context.getImageData(x, y, 1, 1).data]) === String(color)) return true;
    await new Promise(requestAnimationFrame);
  }
  return false;
}"""


def _sees_color(canvas: Locator, at: tuple[int, int], color: list[int]) -> None:
    assert canvas.evaluate(_COLOR_COMES, [at, color]), f"no {color} at {at}"
