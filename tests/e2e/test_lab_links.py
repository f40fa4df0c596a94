"""What a notebook shows of a room beside its panel: the link as a card, a bar above native views, one-click rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cowidget.core.frames import Change, Refused, Set
from tests.conftest import Guests
from tests.support.background import BackgroundLoop
from tests.support.lab import IMPORTS, SHARE, Lab, LabPage, RoomView, join, running_lab
from tests.support.wire_client import guest_client

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Makes pages that last for the module."""
    guests = Guests(browser)
    yield guests
    guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


@pytest.fixture(scope="module")
def carded(lab: Lab, page: Callable[[], Page]) -> LabPage:
    """A notebook with the panel, and with the link as a card in its third cell."""
    notebook = lab.open(page(), "carded", [IMPORTS, SHARE, "room.url"])
    notebook.run_all()
    notebook.panel.is_live()
    return notebook


@pytest.fixture(scope="module")
def barred(lab: Lab, page: Callable[[], Page]) -> LabPage:
    """A notebook with a bar above the view that JupyterLab itself draws."""
    share = 'slider = Slider()\nroom = cw.share(slider, display="native")'
    notebook = lab.open(page(), "barred", [IMPORTS, share])
    notebook.run_all()
    notebook.panel.is_live()
    return notebook


def test_the_link_as_a_cells_value_is_a_card_with_its_code(carded: LabPage) -> None:
    card = carded.output(2).locator(".link-panel")

    expect(card.get_by_label("Link to this room")).to_have_value(carded.link())
    expect(card.get_by_role("img", name="QR code")).to_be_visible()
    expect(card).to_contain_text("Only browsers on the computer that runs this notebook")
    secret = carded.link().partition("#k=")[2]
    assert secret not in carded.save()


def test_a_card_is_nobody_in_the_list_of_people(carded: LabPage, guest: Callable[..., Page]) -> None:
    expect(carded.output(2).locator(".qr")).to_be_visible()

    ana = join(guest(), carded.link(), "Ana")

    # Herself and the notebook's panel.
    expect(ana.root.locator(".people-strip .avatar")).to_have_count(2)


def test_native_views_stand_below_a_bar_and_follow_the_guests(barred: LabPage, guest: Callable[..., Page]) -> None:
    bar = RoomView(barred.page, barred.output(1).locator(".app.panel"))
    expect(bar.root.locator("iframe")).to_have_count(0)
    ana = join(guest(), barred.link(), "Ana")

    ana.drag(to=60)

    expect(barred.native_slider).to_have_value(ana.slider.input_value())
    bar.say("I see it here")
    ana.reads("I see it here")


def test_what_a_guest_was_refused_is_allowed_with_one_click(
    carded: LabPage, guest: Callable[..., Page], background: BackgroundLoop
) -> None:
    ana = join(guest(), carded.link(), "Ana")
    background.run(writes(carded.link(), "slider/word"))
    toast = carded.panel.toasts.locator(".toast").filter(has_text='allow={"word"}')

    toast.get_by_role("button", name="Allow").click()

    expect(carded.panel.toasts).to_contain_text("Guests may do that now.")
    ana.widgets.get_by_label("word").fill("hello")
    carded.python_sees("slider.word", "hello")


async def writes(link: str, key: str) -> None:
    """A guest writes what is not theirs to write, and is told so."""
    page, _, secret = link.partition("#k=")
    base, _, room = page.rpartition("/r/")
    async with guest_client(f"{base.replace('http', 'ws', 1)}/ws", secret, room, name="Bo") as client:
        await client.push(Set, changes=(Change(key, "mine"),))
        await client.sees(Refused)


def test_a_bar_says_what_happens_in_its_own_space(barred: LabPage, background: BackgroundLoop) -> None:
    background.run(writes(barred.link(), "slider/word"))

    allow = barred.panel.toasts.get_by_role("button", name="Allow")
    allow.click()  # a button that is cut off cannot be clicked
    expect(barred.panel.toasts).to_contain_text("Guests may do that now.")
