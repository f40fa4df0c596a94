"""What a notebook shows of a room beside its panel: the link as a card, a bar above native views, one-click rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from cowidget.core.frames import Change, Refused, Set
from tests.support.background import BackgroundLoop
from tests.support.lab import IMPORTS, SHARE, Lab, LabPage, RoomView, join, running_lab
from tests.support.wire_client import guest_client


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(autouse=True)
def ends_kernels(lab: Lab) -> Iterator[None]:
    yield
    lab.end_kernels()


def test_the_link_as_a_cells_value_is_a_card_with_its_code(lab: Lab, guest: Callable[..., Page]) -> None:
    notebook = lab.open(guest(), "link card", [IMPORTS, SHARE, "room.url"])

    notebook.run_all()

    card = notebook.output(2).locator(".link-panel")
    expect(card.get_by_label("Link to this room")).to_have_value(notebook.link())
    expect(card.get_by_role("img", name="QR code")).to_be_visible()
    expect(card).to_contain_text("Only browsers on the computer that runs this notebook")
    secret = notebook.link().partition("#k=")[2]
    assert secret not in notebook.save()


def test_a_card_is_nobody_in_the_list_of_people(lab: Lab, guest: Callable[..., Page]) -> None:
    notebook = lab.open(guest(), "nobody", [IMPORTS, SHARE, "room.url"])
    notebook.run_all()
    expect(notebook.output(2).locator(".qr")).to_be_visible()

    ana = join(guest(), notebook.link(), "Ana")

    # Herself and the notebook's panel.
    expect(ana.root.locator(".people-strip .avatar")).to_have_count(2)


def test_native_views_stand_below_a_bar_and_follow_the_guests(lab: Lab, guest: Callable[..., Page]) -> None:
    share = 'slider = Slider()\nroom = cw.share(slider, display="native")'
    notebook = lab.open(guest(), "native", [IMPORTS, share])
    notebook.run_all()
    bar = RoomView(notebook.page, notebook.output(1).locator(".app.panel"))
    bar.is_live()
    expect(bar.root.locator("iframe")).to_have_count(0)
    ana = join(guest(), notebook.link(), "Ana")

    ana.drag(to=60)

    expect(notebook.native_slider).to_have_value(ana.slider.input_value())
    bar.say("I see it here")
    ana.reads("I see it here")


def test_what_a_guest_was_refused_is_allowed_with_one_click(
    lab: Lab, guest: Callable[..., Page], background: BackgroundLoop
) -> None:
    notebook = lab.open(guest(), "allow", [IMPORTS, SHARE])
    notebook.run_all()
    ana = join(guest(), notebook.link(), "Ana")
    notebook.panel.is_live()
    background.run(writes(notebook.link(), "slider/word"))
    toast = notebook.panel.toasts.locator(".toast").filter(has_text='allow={"word"}')

    toast.get_by_role("button", name="Allow").click()

    expect(notebook.panel.toasts).to_contain_text("Guests may do that now.")
    ana.widgets.get_by_label("word").fill("hello")
    notebook.python_sees("slider.word", "hello")


async def writes(link: str, key: str) -> None:
    """A guest writes what is not theirs to write, and is told so."""
    page, _, secret = link.partition("#k=")
    base, _, room = page.rpartition("/r/")
    async with guest_client(f"{base.replace('http', 'ws', 1)}/ws", secret, room, name="Bo") as client:
        await client.push(Set, changes=(Change(key, "mine"),))
        await client.sees(Refused)


def test_a_bar_says_what_happens_in_its_own_space(
    lab: Lab, guest: Callable[..., Page], background: BackgroundLoop
) -> None:
    share = 'slider = Slider()\nroom = cw.share(slider, display="native")'
    notebook: LabPage = lab.open(guest(), "bar", [IMPORTS, share])
    notebook.run_all()
    notebook.panel.is_live()

    background.run(writes(notebook.link(), "slider/word"))

    allow = notebook.panel.toasts.get_by_role("button", name="Allow")
    allow.click()  # a button that is cut off cannot be clicked
    expect(notebook.panel.toasts).to_contain_text("Guests may do that now.")
