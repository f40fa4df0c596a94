"""The chat inside a notebook: what is typed there is for the people, and not for JupyterLab."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.lab import LabPage, Lesson, RoomView, running_lesson

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    with running_lesson(browser, tmp_path_factory.mktemp("lab")) as lesson:
        yield lesson


@pytest.fixture
def notebook(running: Lesson) -> LabPage:
    running.begin()
    return running.notebook


@pytest.fixture
def ana(running: Lesson) -> RoomView:
    return running.ana


def test_typing_in_the_chat_triggers_no_shortcut_of_the_notebook(notebook: LabPage, ana: RoomView) -> None:
    before = notebook.cells()
    notebook.cell(1).locator(".jp-InputPrompt").click()  # command mode, where single letters do things
    notebook.panel.open_chat().click()

    keyboard = notebook.page.keyboard
    keyboard.type("a b dd L")
    keyboard.press("Shift+Enter")
    keyboard.type("x m y 00 z")
    # What the clipboard holds is whatever the browser's tests before this one left there, so the text is
    # put on it first: cut and pasted, it is the same text again.
    for keys in (
        "Control+a",
        "Control+c",
        "Control+x",
        "Control+v",
        "ArrowUp",
        "ArrowDown",
        "Home",
        "End",
        "Control+b",
    ):
        keyboard.press(keys)

    expect(notebook.panel.open_chat()).to_have_value("a b dd L\nx m y 00 z")
    assert notebook.cells() == before
    keyboard.press("Enter")
    ana.reads("a b dd L")
    ana.reads("x m y 00 z")


def test_escape_in_the_chat_gives_the_notebook_nothing(notebook: LabPage) -> None:
    before = notebook.cells()
    notebook.panel.open_chat().click()

    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.type("dd")

    assert notebook.cells() == before


def test_what_is_pasted_into_the_chat_is_not_pasted_into_the_notebook(notebook: LabPage) -> None:
    before = notebook.cells()
    notebook.cell(0).locator(".jp-InputPrompt").click()
    notebook.page.keyboard.press("c")  # a cell is on JupyterLab's clipboard
    notebook.panel.open_chat().click()

    notebook.page.keyboard.press("Control+v")
    notebook.page.keyboard.press("v")

    assert notebook.cells() == before


def test_the_host_and_guests_talk(notebook: LabPage, ana: RoomView) -> None:
    notebook.panel.say("hello *Ana*")
    ana.reads("hello Ana")
    ana.say("hello host")
    notebook.panel.reads("hello host")

    assert notebook.python("[[m.name, m.text] for m in room.chat.messages][-2:]") == [
        ["Host", "hello *Ana*"],
        ["Ana", "hello host"],
    ]


def test_what_python_says_is_said_by_the_host(notebook: LabPage, ana: RoomView) -> None:
    notebook.python("room.chat.send('from a cell') and None")

    ana.reads("from a cell")
    said = ana.root.locator(".message").filter(has_text="from a cell")
    expect(said.locator(".message-name")).to_have_text("Host")


def test_typing_a_name_in_the_panel_triggers_no_shortcut(notebook: LabPage, ana: RoomView) -> None:
    before = notebook.cells()
    notebook.panel.root.get_by_role("button", name="Your name and colour").click()

    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.type("dd bax")
    notebook.page.keyboard.press("Enter")

    assert notebook.cells() == before
    ana.root.get_by_role("button", name="3 people here").click()
    expect(ana.root.get_by_role("dialog", name="People")).to_contain_text("dd bax")
