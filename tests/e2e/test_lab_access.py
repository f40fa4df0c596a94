"""The notebook's panel for everybody: axe finds nothing in it, in JupyterLab's themes and in forced colours; all that
opens also closes by keyboard; and it speaks the language of JupyterLab, or another one that is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.access import Access, Look
from tests.support.lab import SOON, LabPage, Lesson, RoomView, running_lesson

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

_THEMES: dict[str, tuple[Look, ...]] = {
    "JupyterLab Light": ("light", "forced"),
    "JupyterLab Dark High Contrast": ("light",),
}
_CARDS = ("Stop", "QR code", "Your name and colour", "3 people here")
_SAID = """(
    say := room.chat.send,
    say("**Which** one? See [the paper](https://example.org), @Ana:\\n\\n```python\\nprint(1)\\n```")[0].react("👍"),
    say("our cities", __import__("pandas").DataFrame({"city": ["Köln", None] + ["Bonn"] * 20})),
    say("like this", slider),
    say(__import__("PIL.Image").Image.new("RGB", (200, 120), "teal"), "the end", reply=room.chat.messages[0]),
) and None"""


@pytest.fixture(scope="module")
def lesson(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    with running_lesson(browser, tmp_path_factory.mktemp("lab")) as lesson:
        yield lesson


@pytest.fixture
def german(lesson: Lesson) -> Iterator[LabPage]:
    """The notebook in a JupyterLab that speaks German, with its panel shown anew."""
    notebook = lesson.notebook
    notebook.page.evaluate("document.documentElement.lang = 'de'")
    _shows_panel(notebook)
    yield notebook
    notebook.page.evaluate("document.documentElement.lang = 'en'; localStorage.removeItem('cowidget.language')")
    _shows_panel(notebook)


def test_axe_finds_nothing_in_any_state_of_the_panel(lesson: Lesson) -> None:
    notebook, panel = lesson.notebook, lesson.notebook.panel
    notebook.python(_SAID)
    panel.open_chat()
    access = Access(notebook.page, ".cowidget-panel")

    found: list[str] = []
    for theme, looks in _THEMES.items():
        notebook.command("apputils:change-theme", theme=theme)
        expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-name", theme, timeout=SOON * 1000)
        for state, part in _states(panel):
            found += [f"{theme}, {state}: {one}" for one in access.findings(*looks, part=part)]

    assert not found, "\n".join(found)


def test_what_opens_in_the_panel_closes_with_escape_and_gives_the_focus_back(lesson: Lesson) -> None:
    panel, keys = lesson.notebook.panel, lesson.notebook.page.keyboard
    expect(panel.root.get_by_role("button", name=_CARDS[-1])).to_be_visible(timeout=SOON * 1000)
    before = lesson.notebook.cells()

    for opener in _CARDS:
        button = panel.root.get_by_role("button", name=opener).first
        button.focus()
        keys.press("Enter")
        expect(panel.root.locator(".popover:focus-within")).to_be_visible()
        keys.press("Escape")
        expect(panel.root.locator(".popover")).to_have_count(0)
        expect(button).to_be_focused()

    assert lesson.notebook.cells() == before


def test_the_panel_speaks_as_jupyterlab_does_and_what_is_chosen_at_once(german: LabPage, lesson: Lesson) -> None:
    panel = german.panel
    _offers(panel, "Link kopieren")
    panel.root.get_by_role("button", name="Chat öffnen").click()
    written = panel.root.get_by_role("textbox", name="Nachricht")
    written.fill("Guten Tag")
    written.press("Enter")
    lesson.ana.reads("Guten Tag")
    expect(panel.root.locator(".day")).to_have_text("Heute")

    panel.root.get_by_role("button", name="Eigener Name und Farbe").click()
    panel.root.get_by_label("Sprache").select_option("es")
    expect(panel.root.get_by_role("dialog", name="Tu nombre y color")).to_be_visible(timeout=SOON * 1000)
    _offers(panel, "Copiar enlace")


def _states(panel: RoomView) -> Iterator[tuple[str, str]]:
    """Brings the panel into one state after the other, with its chat open; what is new there, or all of it."""
    expect(panel.root.locator(".photo-full")).to_be_visible(timeout=SOON * 1000)
    yield "chat", ""
    panel.root.locator(".message").last.focus()
    yield "tools of a message", ".tools"
    for opener in _CARDS:
        panel.root.get_by_role("button", name=opener).first.click()
        expect(panel.root.locator(".popover:focus-within")).to_be_visible()
        yield opener, ".popover"
        panel.page.keyboard.press("Escape")
        expect(panel.root.locator(".popover")).to_have_count(0)
    panel.root.get_by_role("button", name="Search the chat").click()
    panel.root.get_by_role("searchbox").fill("the")
    expect(panel.root.locator(".hit")).not_to_have_count(0)
    yield "search", ".search"
    panel.page.keyboard.press("Escape")


def _shows_panel(notebook: LabPage) -> None:
    notebook.run(1)
    notebook.panel.is_live()


def _offers(panel: RoomView, action: str) -> None:
    expect(panel.root.get_by_role("button", name=action)).to_be_visible(timeout=SOON * 1000)
