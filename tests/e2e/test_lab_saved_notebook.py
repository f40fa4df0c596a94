"""A notebook that JupyterLab saves, widget state included, lets nobody into the room."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.busy import looping
from tests.support.lab import Lesson, running_lesson

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

# Every ticket that the kernel makes from now on is noted.
SPY = """
from cowidget.client import links

tickets = []
make = links.ticket
def noted(*arguments):
    made = make(*arguments)
    tickets.append(made[0])
    return made
links.ticket = noted
"""
SHOW = f"room.show()\n{looping()}"


@pytest.fixture(scope="module")
def lesson(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    folder, cells = tmp_path_factory.mktemp("lab"), ["room.url", "room.invite('viewer')", SHOW]
    with running_lesson(browser, folder, cells, imports=SPY) as lesson:
        yield lesson


def secrets(lesson: Lesson) -> list[str]:
    """All that would let somebody in."""
    python, lab = lesson.notebook.python, lesson.lab
    links = [python("str(room.url)"), python("str(room.invite(name='other').url)")]
    keys = [link.partition("#k=")[2] for link in links]
    tickets = python("tickets")
    assert all(keys)
    assert tickets
    return [*keys, *tickets, lab.owner_key, lab.operator_token]


def test_a_saved_notebook_holds_no_secret(lesson: Lesson) -> None:
    notebook = lesson.notebook
    notebook.run(2)
    notebook.run(3)
    expect(notebook.panels.locator(".status[data-phase=live]")).to_have_count(2)
    lesson.ana.say("hello")

    text = notebook.save()

    assert "application/vnd.jupyter.widget-state+json" in text, "the setting is off"
    assert [secret for secret in secrets(lesson) if secret in text] == []


def test_nor_does_one_that_is_saved_while_the_cell_that_shows_the_panel_runs(lesson: Lesson) -> None:
    notebook = lesson.notebook
    before = notebook.panels.count()
    notebook.start(4)
    expect(notebook.panels.locator(".status[data-phase=live]")).to_have_count(before + 1)
    expect(notebook.output(4).locator(".status[data-phase=live]")).to_be_visible()

    text = notebook.save()

    notebook.release(4)
    assert [secret for secret in secrets(lesson) if secret in text] == []
