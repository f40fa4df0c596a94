"""A second notebook in JupyterLab that has joined: it shows the host's widgets, drives them, and is linked to them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Guests
from tests.support.busy import looping
from tests.support.lab import IMPORTS, SHARE, LabPage, running_lab

# The first test of a module starts JupyterLab and two kernels: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

# The link comes by a file: what a person writes into a cell is saved with the notebook.
JOIN = "import pathlib, time\njoined = cw.join(pathlib.Path('link.txt').read_text(), name='Ana')\njoined"
MINE = "mine = Slider()\nlink = cw.link((joined, 'slider.value'), (mine, 'value'))\nmine"
ONE = "joined.widgets['slider']"

Notebooks = tuple[LabPage, LabPage]


@pytest.fixture(scope="module")
def notebooks(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebooks]:
    """The host's, and one that has joined and is linked; they have the same JupyterLab."""
    guests = Guests(browser)
    size = {"width": 1280, "height": 1600}
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        host = lab.open(guests(viewport=size), "host", [IMPORTS, SHARE])
        host.share()
        (lab.server.root / "link.txt").write_text(host.link())
        joined = lab.open(guests(viewport=size), "joined", [IMPORTS, JOIN, MINE, ONE, looping()])
        for cell in range(4):
            joined.run(cell)
        joined.panel.is_live()
        yield host, joined
        guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


def test_the_panel_shows_and_drives_the_hosts_widget_and_a_linked_one_follows(notebooks: Notebooks) -> None:
    host, joined = notebooks
    host.python("setattr(slider, 'value', 20)")
    joined.panel.shows(20)

    joined.panel.drag(to=60)

    value = int(joined.panel.slider.input_value())
    host.panel.shows(value)
    joined.python_sees("mine.value", value)
    expect(joined.native_slider).to_have_value(str(value))


def test_our_own_widget_drives_the_hosts(notebooks: Notebooks) -> None:
    host, joined = notebooks

    joined.python("setattr(mine, 'value', 33)")

    host.panel.shows(33)
    joined.panel.shows(33)


def test_one_of_the_rooms_widgets_is_shown_alone(notebooks: Notebooks) -> None:
    host, joined = notebooks

    host.python("setattr(slider, 'value', 44)")

    joined.panel_of(3).shows(44)
    expect(joined.panel_of(3).root.locator(".bar")).to_have_count(0)


def test_panel_and_kernel_are_one_person_of_the_joined_name(notebooks: Notebooks) -> None:
    host, _ = notebooks

    host.python_sees("sorted({person.name for person in room.people})", ["Ana", "Host"])
    host.panel.root.get_by_role("button", name="2 people here").click()
    listed = host.panel.root.get_by_role("dialog", name="People").get_by_role("listitem")
    expect(listed.filter(has_text="Ana")).to_have_count(1)
    host.page.keyboard.press("Escape")


def test_a_guest_can_neither_stop_the_room_nor_hand_out_its_link(notebooks: Notebooks) -> None:
    _, joined = notebooks

    for name in ("Stop", "Copy link", "QR code"):
        expect(joined.panel.root.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_they_talk(notebooks: Notebooks) -> None:
    host, joined = notebooks

    joined.panel.say("look at this")

    host.panel.reads("look at this")


def test_the_panel_lives_while_its_kernel_runs_a_cell(notebooks: Notebooks) -> None:
    host, joined = notebooks
    host.python("setattr(slider, 'value', 20)")
    joined.panel.shows(20)
    joined.start(4)

    joined.panel.drag(to=70)

    host.panel.shows(int(joined.panel.slider.input_value()))
    joined.release(4)


def test_the_saved_notebook_holds_no_secret(notebooks: Notebooks) -> None:
    host, joined = notebooks
    secret = host.link().partition("#k=")[2]
    proof = str(joined.python("joined._handle.ask(lambda replica: replica.dump().proof)"))

    text = joined.save()

    assert "application/vnd.jupyter.widget-state+json" in text, "the setting is off"
    assert secret
    assert secret not in text
    assert proof not in text


def test_the_panels_of_a_room_that_was_left_say_so(notebooks: Notebooks) -> None:
    host, joined = notebooks

    joined.python("joined.leave()")

    expect(joined.panel_of(1).page.locator(".jp-NotebookPanel .cowidget-panel").first).to_contain_text(
        "This notebook has left the room."
    )
    host.python_sees("[person.name for person in room.people]", ["Host"])
