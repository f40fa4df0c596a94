"""Photos in a notebook's panel, which has no address for them: they come over the connection."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.lab import LabPage, Lesson, RoomView, running_lesson
from tests.support.pages import PATIENCE_MS
from tests.support.photo_page import PhotoPage
from tests.support.photos import BLUE, GREEN, RED, YELLOW, alike, camera, corners, encoded, stored

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

UPRIGHT = [RED, GREEN, BLUE, YELLOW]


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    with running_lesson(browser, tmp_path_factory.mktemp("lab")) as lesson:
        yield lesson


@pytest.fixture
def notebook(running: Lesson) -> LabPage:
    return running.notebook


def photos_of(view: RoomView) -> PhotoPage:
    view.open_chat()
    return PhotoPage(view.page, view.root)


def test_a_photo_that_is_dropped_on_the_panel_is_seen_by_guests_and_theirs_in_the_panel(running: Lesson) -> None:
    host, ana = photos_of(running.notebook.panel), photos_of(running.ana)
    turned = stored(corners((480, 320)), 8)

    host.drops("turned.jpg", encoded(turned, "JPEG", exif=camera(8), quality=95))
    expect(host.attached()).to_have_count(1)
    host.sends()
    ana.sees(1)
    ana.shows(("small.png", encoded(corners((200, 100)), "PNG")))

    host.sees(2)
    for page in (host, ana):
        assert all(alike(page.corners(at), UPRIGHT, 40) for at in (0, 1))
    theirs = host.tiles().nth(1).locator(".photo-full")
    assert (theirs.get_attribute("src") or "").startswith("blob:")


def test_the_keys_of_a_photo_that_is_looked_at_are_not_the_notebooks(running: Lesson, notebook: LabPage) -> None:
    host = photos_of(notebook.panel)
    before, shown = notebook.cells(), host.tiles().count()
    host.shows(("one.png", encoded(corners((120, 90)), "PNG")), ("two.png", encoded(corners((90, 120)), "PNG")))
    expect(host.tiles()).to_have_count(shown + 2, timeout=PATIENCE_MS)

    host.tiles().last.focus()
    keyboard = notebook.page.keyboard
    keyboard.press("Enter")
    expect(host.lightbox()).to_be_visible()
    for keys in ("ArrowLeft", "d", "d", "a", "b", "Shift+Enter", "ArrowRight", "0", "0", "Escape"):
        keyboard.press(keys)

    expect(host.lightbox()).to_have_count(0)
    assert notebook.cells() == before
