"""The panel's own parts: share bar, notices, theme; and what it says when something is wrong."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.glimpse import glimpse
from tests.support.lab import IMPORTS, SHARE, LabPage, Lesson, join, running_lesson

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

Guest = Callable[..., Page]

BROKEN = "broken = Broken()\ncw.share(broken)"


@pytest.fixture(scope="module")
def lesson(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    with running_lesson(browser, tmp_path_factory.mktemp("lab"), [BROKEN]) as lesson:
        yield lesson


@pytest.fixture
def notebook(lesson: Lesson) -> LabPage:
    """Shared, also when the test before this one has stopped the room."""
    if lesson.notebook.python("room.status") == "stopped":
        lesson.notebook.run(1)
    lesson.notebook.panel.is_live()
    lesson.notebook.python("setattr(slider, 'value', 20)")
    return lesson.notebook


def stop(notebook: LabPage) -> None:
    notebook.panel.root.get_by_role("button", name="Stop", exact=True).click()
    notebook.panel.root.get_by_role("button", name="Stop sharing").click()
    notebook.python_sees("room.status", "stopped")


def test_copy_link_gives_the_link_that_opens_the_room(notebook: LabPage, guest: Guest) -> None:
    copy = notebook.panel.root.get_by_role("button", name="Copy link")
    with glimpse(copy, "Copied"):
        copy.click()
    link = notebook.page.evaluate("navigator.clipboard.readText()")

    ana = join(guest(), link, "Ana")

    ana.shows(20)


def test_the_qr_code_is_shown_with_its_link(notebook: LabPage) -> None:
    notebook.panel.root.get_by_role("button", name="QR code").click()

    card = notebook.panel.root.get_by_role("dialog", name="QR code")
    expect(card.get_by_role("img", name="QR code")).to_be_in_viewport(ratio=1)
    expect(card.get_by_label("Link to this room")).to_have_value(notebook.link())


def test_stop_asks_first(notebook: LabPage, guest: Guest) -> None:
    ana = join(guest(), notebook.link(), "Ana")

    notebook.panel.root.get_by_role("button", name="Stop", exact=True).click()
    asked = notebook.panel.root.get_by_role("dialog", name="Stop sharing?")
    asked.get_by_role("button", name="Keep sharing").click()

    expect(asked).to_be_hidden()
    notebook.panel.drag(to=60)
    ana.shows(int(notebook.panel.slider.input_value()))


def test_stop_ends_the_room_for_everybody(notebook: LabPage, guest: Guest) -> None:
    link = notebook.link()
    ana = join(guest(), link, "Ana")

    stop(notebook)

    expect(ana.page.get_by_role("alert")).to_contain_text("This session has ended")
    expect(notebook.panels.get_by_role("alert")).to_contain_text("Run the cell again to share anew.")
    expect(guest(link).get_by_role("alert")).to_contain_text("This session has ended")


def test_after_stop_the_cell_shares_anew_under_another_link(notebook: LabPage, guest: Guest) -> None:
    link = notebook.link()
    stop(notebook)

    notebook.run(1)

    notebook.panel.is_live()
    assert notebook.link() != link
    join(guest(), notebook.link(), "Ana").shows(20)
    expect(guest(link).get_by_role("alert")).to_contain_text("This link does not work")


def test_a_refused_write_of_a_guest_tells_the_host_how_to_allow_it(notebook: LabPage, guest: Guest) -> None:
    ana = join(guest(), notebook.link(), "Ana")
    notebook.panel.meets("Ana")

    ana.widgets.get_by_label("word").fill("hi")

    # Hers first: what has nothing to copy or to click goes sooner.
    expect(ana.toasts).to_contain_text("The host has not opened this for changes.")
    expect(notebook.panel.toasts).to_contain_text("Ana was not allowed to change slider/word.")
    expect(notebook.panel.toasts.locator("code")).to_have_text('allow={"word"}')
    expect(ana.widgets.get_by_label("word")).to_have_value("")
    assert notebook.python("slider.word") == ""


def test_the_panel_follows_jupyterlabs_theme(notebook: LabPage) -> None:
    frame = notebook.panel.widgets.locator("html")
    expect(notebook.panels).to_have_attribute("data-theme", "light")
    expect(frame).to_have_css("color-scheme", "light")

    notebook.command("apputils:change-theme", theme="JupyterLab Dark")

    expect(notebook.panels).to_have_attribute("data-theme", "dark")
    expect(frame).to_have_css("color-scheme", "dark")


def test_a_widget_that_fails_says_so_in_its_place_and_the_others_live(notebook: LabPage, guest: Guest) -> None:
    ana = join(guest(), notebook.link(), "Ana")

    notebook.run(2)

    for view in (ana, notebook.panel_of(2)):
        failed = view.widgets.get_by_role("region", name="broken").get_by_role("alert")
        expect(failed).to_contain_text("Broken cannot be shown")
        expect(failed).to_contain_text("Error: no such canvas")
    ana.drag(to=60)
    notebook.panel_of(2).shows(int(ana.slider.input_value()))


def test_a_notebook_whose_cells_show_two_panels_is_one_person(notebook: LabPage, guest: Guest) -> None:
    notebook.run(2)
    notebook.panel_of(2).is_live()

    ana = join(guest(), notebook.link(), "Ana")

    ana.root.get_by_role("button", name=re.compile("people here")).click()
    listed = ana.root.get_by_role("dialog", name="People").get_by_role("listitem")
    expect(listed.filter(has_text="Host")).to_have_count(1)


def test_a_relay_that_cannot_be_started_is_one_sentence_in_the_cell(
    lesson: Lesson, guest: Guest, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("where a folder should be")
    place = "from cowidget.relay.place import Place"
    no_home = f"import os\nos.environ['COWIDGET_HOME'] = {str(tmp_path / 'a file')!r}"
    no_place = f"os.environ['COWIDGET_HOME'] = {str(tmp_path)!r}\n{place}\nPlace.of_user().folder.write_text('')"
    notebook = lesson.lab.open(guest(), "no relay", [f"{IMPORTS}\n{no_home}", SHARE, no_place, SHARE])

    notebook.run(0)
    (no_key,) = notebook.fails(1)
    notebook.run(2)
    (no_relay,) = notebook.fails(3)

    assert no_key.startswith("OwnerKeyError: Cannot keep the owner key in ")
    assert "COWIDGET_HOME" in no_key
    assert no_relay.startswith("RelayUnavailable: The relay could not be started: ")
    assert "COWIDGET_RELAY=thread" in no_relay
    expect(notebook.panels).to_have_count(0)
