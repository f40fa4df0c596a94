"""A live chart in two guests' pages: the same rows, a view of one's own, and what people leave for each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Download, Locator, expect

from tests.e2e.conftest import Visit
from tests.support.glimpse import glimpse
from tests.support.hosts import Host
from tests.support.live import LiveChart, Stream
from tests.support.pages import GuestPage

_PHONE = {"width": 360, "height": 740}
# Unix seconds of the first row of a stream.
_START = 1_767_225_600.0
# Of row 100,000.
_MIDDLE = 1_767_226_600.0
# And of row 1,200,000.
_FAR = 1_767_237_600.0


@pytest.fixture
def stream(host: Host) -> Stream:
    return Stream(host)


def highest(drawn: dict[str, list[float | None]]) -> float:
    """What the highest pixel shows; 0 if nothing is drawn."""
    return max((value for value in drawn["high"] if value is not None), default=0.0)


def moment_in(guest: GuestPage) -> Locator:
    return guest.page.locator("button.moment")


# Rows.


def test_two_guests_and_python_hold_the_same_rows_and_the_guests_draw_the_same(host: Host, visit: Visit) -> None:
    # A given window and given values: else the place for the plot is calm, and has to do with what was there before.
    stream = Stream(host, ", window='5m', height=120, left={'min': 80, 'max': 120}")
    ann, bob = LiveChart.of(visit("Ann")), LiveChart.of(visit("Bob"))

    for first in range(0, 30_000, 10_000):
        stream.push(10_000, first)
    crc = ann.holds(30_000)

    assert stream.holds() == [30_000, crc]
    assert bob.holds(30_000) == crc
    assert ann.span() == bob.span()
    ann.draws_like(bob)


def test_who_comes_late_has_everything(visit: Visit, stream: Stream) -> None:
    stream.push(200_000)
    ann = LiveChart.of(visit("Ann"))
    stream.push(1_000, 200_000)

    crc = ann.holds(201_000)

    assert stream.holds() == [201_000, crc]


def test_one_row_that_stands_out_is_seen_at_every_zoom(host: Host, visit: Visit, stream: Stream) -> None:
    stream.push(100_000)
    host.run("spike = rows(100_000, 100_000); spike['price'][0] = 999.0; prices.push(spike)")
    chart = LiveChart.of(visit("Ann"))
    chart.holds(200_000)

    chart.focus()
    shown = []
    start, end = chart.span()
    while start < _MIDDLE < end:
        chart.draws(lambda drawn: highest(drawn) == 999.0)
        shown.append(end - start)
        chart.presses("+")
        start, end = chart.narrower_than(end - start)

    assert (shown[0] > 1_900, shown[-1] < 100) == (True, True)


def test_of_more_rows_than_a_page_holds_the_one_that_stands_out_is_seen_at_every_zoom(
    host: Host, visit: Visit, stream: Stream
) -> None:
    host.run("few = 1_200_000; prices.push(rows(0, few)); spike = rows(few, few); spike['price'][0] = 999.0")
    host.run("prices.push(spike)")
    chart = LiveChart.of(visit("Ann"))
    chart.sees(lambda told: told["end"] == 2_400_000)

    chart.focus()
    spans = [chart.narrower_than(30_000)]
    while spans[-1][0] < _FAR < spans[-1][1]:
        chart.draws(lambda drawn: highest(drawn) == 999.0)
        chart.presses("+")
        spans.append(chart.narrower_than(spans[-1][1] - spans[-1][0]))

    assert len(spans) > 10


def test_rows_that_go_on_arriving_where_a_page_does_not_hold_all_are_seen_from_afar_and_near(
    host: Host, visit: Visit, stream: Stream
) -> None:
    host.run("few = 1_200_000; prices.push(rows(0, few)); prices.push(rows(few, few))")
    chart = LiveChart.of(visit("Ann"))
    chart.sees(lambda told: told["end"] == 2_400_000)

    stream.flows(2_400_000, each=500)
    chart.gains(20_000)
    end = stream.ends()
    far = chart.sees(lambda told: told["end"] == end)
    assert far["loaded"] < 100_000
    host.run(f"spike = rows({end}, 100); spike['price'][50] = 999.0; prices.push(spike)")
    chart.draws(lambda drawn: highest(drawn) == 999.0)

    last = _START + (end + 99) * 0.01
    chart.sees(lambda told: told["end"] == end + 100 and told["to"] >= last - 1e-6)


# Looking around.


def test_new_rows_do_not_take_the_zoom_away_and_go_live_returns(visit: Visit, stream: Stream) -> None:
    stream.push(20_000)
    chart = LiveChart.of(visit("Ann"))
    chart.holds(20_000)

    chart.focus()
    chart.presses("+", times=4)
    expect(chart.go_live).to_be_visible()
    held = chart.span()
    stream.push(5_000, 20_000)
    chart.holds(25_000)
    expect(chart.go_live).to_contain_text("5,000")
    assert chart.span() == held
    chart.go_live.click()

    expect(chart.go_live).to_be_hidden()
    chart.sees(lambda told: told["to"] > held[1])


def test_what_somebody_hides_in_the_legend_is_hidden_for_them_alone(host: Host, visit: Visit) -> None:
    host.run("pair = cw.chart('low', 'high', name='pair'); room.share(pair, name='pair')")
    host.run("pair.push({'t': [1.0, 2.0, 3.0], 'low': [1.0, 2.0, 1.0], 'high': [5.0, 6.0, 5.0]})")
    ann, bob = LiveChart.of(visit("Ann"), "pair"), LiveChart.of(visit("Bob"), "pair")
    for chart in (ann, bob):
        chart.holds(3)

    ann.root.get_by_role("button", name="low").click()

    expect(ann.root.get_by_role("button", name="low")).to_have_attribute("aria-pressed", "false")
    expect(bob.root.get_by_role("button", name="low")).to_have_attribute("aria-pressed", "true")


def test_a_chart_has_room_on_a_phone(visit: Visit, stream: Stream) -> None:
    stream.push(1_000)
    ann = visit("Ann", viewport=_PHONE)
    chart = LiveChart.of(ann)
    chart.holds(1_000)

    box = chart.surface.bounding_box()

    assert box is not None
    assert box["width"] > 280
    assert not ann.overflows()


# What people leave on a chart.


def test_the_cursor_of_another_person_is_shown_with_their_name_until_they_leave(visit: Visit, stream: Stream) -> None:
    stream.push(1_000)
    ann, bob = LiveChart.of(visit("Ann")), LiveChart.of(visit("Bob"))
    for chart in (ann, bob):
        chart.holds(1_000)

    bob.point(0.5)
    expect(ann.surface.get_by_text("Bob")).to_be_visible()
    expect(bob.surface.get_by_text("Bob")).to_have_count(0)
    expect(bob.surface.get_by_test_id("cursor-time")).to_be_visible()
    bob.leave()

    expect(ann.surface.get_by_text("Bob")).to_have_count(0)
    expect(bob.surface.get_by_test_id("cursor-time")).to_be_hidden()


def test_a_mark_of_a_guest_is_seen_by_the_others_by_python_and_after_a_reload(
    host: Host, visit: Visit, stream: Stream
) -> None:
    stream.push(1_000)
    ann, bob = visit("Ann"), visit("Bob")
    chart = LiveChart.of(bob)
    chart.holds(1_000)

    chart.point(0.5)
    chart.chooses("add", "Mark here")
    chart.root.get_by_test_id("mark-text").fill("the dip")
    chart.root.get_by_test_id("mark-save").click()

    for guest in (ann, bob):
        LiveChart.of(guest).sees_mark("the dip")
    host.kernel.sees("[[mark.kind, mark.text, mark.by] for mark in prices.marks]", [["mark", "the dip", "Bob"]])
    bob.page.reload()
    LiveChart.of(bob).sees_mark("the dip")


def test_who_may_only_look_leaves_no_marks(host: Host, visit: Visit, stream: Stream) -> None:
    stream.push(1_000)
    eve = visit("Eve", host.link_of("room.invite(role='viewer', name='eve')"))
    chart = LiveChart.of(eve)
    chart.holds(1_000)

    chart.chooses("add", "Line")
    chart.root.get_by_test_id("mark-save").click()

    eve.is_told("This link lets you watch, not change.")
    assert host.kernel.value("len(prices.marks)") == 0


def test_a_moment_that_is_sent_to_the_chat_leads_the_others_to_its_range(
    host: Host, visit: Visit, stream: Stream
) -> None:
    stream.push(20_000)
    ann, bob = visit("Ann", viewport=_PHONE), visit("Bob")
    theirs, ours = LiveChart.of(bob), LiveChart.of(ann)
    theirs.holds(20_000)
    ours.holds(20_000)
    theirs.focus()
    theirs.presses("+", times=6)
    start, end = theirs.span()

    theirs.chooses("more", "Send this moment to the chat")
    expect(bob.page.locator(".moment-draft .moment-title")).to_have_text("The price")
    bob.composer().fill("look at this")
    bob.presses("Enter")
    ann.goes_to("Chat")
    expect(moment_in(ann).locator("img")).to_be_visible()
    ann.reads(["look at this"])
    moment_in(ann).click()

    expect(ours.root).to_be_in_viewport()
    ours.sees(lambda told: told["from"] <= start and end <= told["to"] < told["from"] + 2 * (end - start))
    host.kernel.sees("[message.text for message in room.chat.messages if message.moment]", ["look at this"])


def test_the_values_at_the_cursor_are_copied_out_of_the_frame(visit: Visit, stream: Stream) -> None:
    stream.push(1_000)
    ann = LiveChart.of(visit("Ann"))
    ann.holds(1_000)
    ann.point(0.5)
    expect(ann.surface.get_by_test_id("cursor-time")).to_be_visible()

    with glimpse(ann.surface, "Values copied"):
        ann.surface.press("Control+c")


def test_a_file_is_saved_after_the_person_has_said_so(visit: Visit, stream: Stream) -> None:
    stream.push(1_000)
    ann = visit("Ann")
    chart = LiveChart.of(ann)
    chart.holds(1_000)

    chart.chooses("more", "CSV")
    ann.is_told(re.compile(r"Save “prices.csv”"))
    with ann.page.expect_download() as saved:
        ann.page.locator(".toast").get_by_role("button", name="Save").click()

    file: Download = saved.value
    assert file.suggested_filename == "prices.csv"
    assert len(file.path().read_text().splitlines()) == 1_001
