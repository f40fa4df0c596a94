"""The page in other languages: every word is in a catalogue, everything fits, and one chooses what one reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect

from tests.e2e.conftest import Visit
from tests.support.glimpse import glimpse
from tests.support.hosts import Host
from tests.support.live import LiveChart, Stream
from tests.support.pages import PATIENCE_MS
from tests.support.photos import corners, encoded
from tests.support.running_relay import RunningRelay, running_relay
from tests.support.tongues import PSEUDO, StrangePage

# Each goes through many states of one page: 5 s, and five times that beside other tests.
pytestmark = pytest.mark.timeout(120)

Guests = Callable[..., Page]

_PHONE: ViewportSize = {"width": 360, "height": 740}
_DESK: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with running_relay(folder=tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def strange(guest: Guests, host: Host, visit: Visit) -> StrangePage:
    """Ann, a host, on a phone, in a language that is made of English; Bob is there as well, and has said something."""
    host.run("hosts = room.invite('host')")
    bob = visit("Bob")
    bob.says("hello")
    bob.reads(["hello"])
    # What is half slid in is half outside.
    page = guest(_in(PSEUDO, host.link_of("hosts")), viewport=_PHONE, reduced_motion="reduce")
    ann = StrangePage(page, PSEUDO)
    ann.is_all_strange()
    ann.introduces_itself("Ann")
    return ann


def test_the_bar_and_its_cards_and_what_one_may_do_with_people_have_no_word_of_their_own(strange: StrangePage) -> None:
    strange.opens_everything()
    strange.goes_to("people")
    strange.opens_everything()
    _asks_to_remove(strange, "Bob")
    for switch in strange.page.locator(".people [role=switch]").all():
        switch.click()
        strange.is_all_strange()

    # On a desk there is more in the bar, now that the room is locked.
    strange.page.set_viewport_size(_DESK)
    expect(strange.page.locator(".tab-bar")).to_have_count(0)
    strange.is_all_strange()
    strange.opens_everything()
    strange.opens_people()
    _asks_to_remove(strange, "Bob")


def test_the_chat_and_the_end_have_no_word_of_their_own(strange: StrangePage, host: Host) -> None:
    strange.goes_to("chat")
    strange.opens_everything()
    _tries_the_tools(strange)
    _shows_photos(strange)
    _searches(strange)

    strange.page.set_viewport_size(_DESK)
    expect(strange.page.locator(".tab-bar")).to_have_count(0)
    strange.is_all_strange()

    host.leaves()
    expect(strange.page.get_by_role("alert").get_by_role("heading")).to_contain_text("⟧", timeout=PATIENCE_MS)
    strange.is_all_strange()


def test_a_chart_and_a_table_have_no_word_of_their_own(strange: StrangePage, host: Host) -> None:
    stream = Stream(host)
    stream.push(2_000)
    chart = _chart(strange.page)
    chart.holds(2_000)

    def is_all_strange() -> None:
        strange.is_all_strange(chart.root, "The price", "price", "PNG", "CSV", "Arrow")

    is_all_strange()
    for button in ("badge", "more", "add"):
        chart.root.get_by_test_id(button).click()
        is_all_strange()
        chart.root.get_by_test_id(button).press("Escape")
    chart.leave()
    strange.page.locator("body").click(position={"x": 2, "y": 2})
    chart.point(0.5)
    with glimpse(chart.surface.locator(".cw-c-hint"), "⟧"):
        strange.page.mouse.wheel(0, 20)
    is_all_strange()
    chart.focus()
    chart.presses("Enter")
    chart.root.get_by_role("menuitem").first.click()
    is_all_strange()
    chart.root.get_by_test_id("mark-text").fill("look")
    chart.root.get_by_test_id("mark-save").click()
    chart.sees_mark("look")
    chart.focus()
    chart.presses(" ")
    stream.push(1_000, 2_000)
    expect(chart.go_live).to_contain_text("1,000")
    is_all_strange()

    host.run("import pandas as pd; room.share(pd.DataFrame({'sold': [3, None]}), name='table')")
    table = _frame(strange.page).locator("[data-share=table] .cw-table")
    expect(table.locator("tbody tr")).to_have_count(2, timeout=PATIENCE_MS)
    strange.is_all_strange(table, "sold", "int64", "float64")


def test_the_page_speaks_as_the_browser_does_then_what_is_chosen_then_what_the_link_says(
    guest: Guests, host: Host
) -> None:
    host.run("room.share(Broken(), name='broken')")
    page = guest(host.link, locale="de-AT")
    expect(page.get_by_role("dialog", name="Wie lautet dein Name?")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    # What a widget fails with is told in the same language.
    failure = page.frame_locator("iframe[title='Geteilte Widgets']").get_by_role("alert")
    expect(failure).to_contain_text("kann nicht angezeigt werden", timeout=PATIENCE_MS)

    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Eigener Name und Farbe").click()
    page.get_by_label("Sprache").select_option("ja")
    expect(page.get_by_role("dialog", name="自分の名前と色")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="メッセージ")).to_be_visible(timeout=PATIENCE_MS)

    page.goto(_in("es", host.link))
    page.get_by_role("button", name="Tu nombre y color").click()
    page.get_by_label("Idioma").select_option("de")
    expect(page.get_by_role("dialog", name="Eigener Name und Farbe")).to_be_visible()
    expect(page).not_to_have_url(re.compile("lang="))


def test_a_page_whose_words_come_late_is_english_until_then(guest: Guests, host: Host) -> None:
    page = guest("about:blank", locale="fr-FR")
    asked: list[Route] = []
    page.route(re.compile(r"texts\.fr\."), lambda route: asked.append(route))
    page.goto(host.link)

    expect(page.get_by_role("dialog", name="What is your name?")).to_be_visible(timeout=PATIENCE_MS)
    (words,) = asked
    words.continue_()

    expect(page.get_by_role("dialog", name="Quel est votre nom")).to_be_visible(timeout=PATIENCE_MS)


def test_a_chart_speaks_the_language_of_the_page_from_the_moment_it_is_chosen(guest: Guests, host: Host) -> None:
    Stream(host).push(2_000)
    page = guest(_in("de", host.link))
    chart = _chart(page)
    chart.holds(2_000)
    pause = chart.root.get_by_test_id("pause")

    expect(pause).to_have_accessible_name("Anhalten")
    expect(chart.root.get_by_test_id("legend-0")).to_contain_text(",")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Eigener Name und Farbe").click()
    page.get_by_label("Sprache").select_option("ja")

    expect(pause).to_have_accessible_name("一時停止")
    expect(chart.root.get_by_test_id("legend-0")).to_contain_text(".")


def _in(language: str, link: str) -> str:
    return link.replace("#", f"?lang={language}#")


def _frame(page: Page) -> Any:
    return page.frame_locator(".frame-place iframe")


def _chart(page: Page) -> LiveChart:
    return LiveChart(page, page.locator(".frame-place iframe"))


def _asks_to_remove(strange: StrangePage, name: str) -> None:
    """Opens what one may do with somebody, and the question before the worst of it, and leaves both."""
    person = strange.page.locator(".person", has_text=name)
    person.locator(".icon-button").click()
    strange.is_all_strange()
    person.locator(".person-menu .danger").click()
    expect(strange.page.get_by_role("alertdialog")).to_be_visible()
    strange.is_all_strange()
    person.locator(".person-menu .button").first.click()
    expect(person.locator(".person-menu")).to_have_count(0)


def _tries_the_tools(strange: StrangePage) -> None:
    for words in ("one", "two"):
        strange.says(words)
    own = strange.page.locator(".message[data-state=sent]", has_text="two")
    # A reaction, a reply, another wording; at last the question before it is deleted.
    for tool in range(4):
        own.focus()
        expect(own.locator(".tools button")).to_have_count(4)
        own.locator(".tools button").nth(tool).click()
        strange.is_all_strange()
        strange.presses("Escape")


def _shows_photos(strange: StrangePage) -> None:
    page = strange.page
    photo = encoded(corners((200, 160)), "PNG")
    files = [_file("a.png", photo), _file("b.pdf", b"%PDF-1.7 " + bytes(200))]
    page.locator(".attach-image input").set_input_files(files)
    expect(page.locator(".photo-fault")).to_be_visible()
    page.locator(".photo-alt").click()
    strange.is_all_strange()
    page.locator(".photo-fault .icon-button").click()
    strange.says("look")
    _sent_photo(page).click(timeout=PATIENCE_MS)
    expect(page.locator("dialog[open]")).to_be_visible()
    strange.is_all_strange()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def _searches(strange: StrangePage) -> None:
    page = strange.page
    page.locator(".chat-head .icon-button").click()
    for query, found in (("hello", 1), ("nowhere", 0)):
        page.get_by_role("searchbox").fill(query)
        expect(page.locator(".hit")).to_have_count(found)
        expect(page.locator(".search-state")).to_contain_text("⟧")
        strange.is_all_strange()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_count(0)


def _sent_photo(page: Page) -> Locator:
    return page.locator(".message[data-state=sent] .photo-grid button").first


def _file(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}
