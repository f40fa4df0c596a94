"""Tables and snapshots of widgets in the chat: typed and readable; sent by one, set again by another, undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host
from tests.support.live import LiveChart, Stream
from tests.support.pages import GuestPage

# Stories of two browsers, on a machine that does other things, too.
pytestmark = pytest.mark.timeout(150)

_PHONE = {"width": 360, "height": 740}

_TABLE = """
import pandas as pd
index = pd.RangeIndex(3000, name="row")
frame = pd.DataFrame({
    "city": ["Köln", None, "=1+1", *["Bonn"] * 2997],
    "people": pd.array([1_085_000, None, 12, *range(2997)], dtype="Int64"),
    "share": [0.25, 1.5, float("nan"), *[2.0] * 2997],
    "open": [True, False, *[True] * 2998],
    "since": pd.date_range("2024-05-01", periods=3000, freq="D"),
}, index=index)
room.chat.send("our cities", frame)
"""

# What it draws is a canvas; its zoom is each viewer's own.
_DISC = """
import anywidget, traitlets
class Disc(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 120 });
      const button = document.createElement("button");
      const draw = () => {
        const context = canvas.getContext("2d");
        context.fillStyle = "#0b7285";
        context.fillRect(0, 0, 300, 120);
        context.fillStyle = "#ffd43b";
        context.beginPath();
        context.arc(150, 60, 5 * model.get("radius"), 0, 7);
        context.fill();
        button.textContent = `zoom ${model.get("zoom")}`;
      };
      button.onclick = () => { model.set("zoom", model.get("zoom") + 1); model.save_changes(); };
      model.on("change", draw);
      draw();
      canvas.style.display = "block";
      el.append(canvas, button);
    } }'''
    radius = traitlets.Int(8).tag(sync=True)
    zoom = traitlets.Int(1).tag(sync=True)
disc = Disc()
room.share(disc, name="disc", local=["zoom"])
"""


def test_a_kernels_frame_is_a_typed_table_that_scrolls_by_itself_and_is_copied_whole(host: Host, visit: Visit) -> None:
    ann = visit("Ann", viewport=_PHONE, permissions=["clipboard-read", "clipboard-write"])
    ann.goes_to("Chat")

    host.run(_TABLE)

    card = ann.page.locator(".table-card")
    expect(card.locator(".table-size b")).to_have_text("3,000 × 5")
    expect(card.locator("thead th bdi")).to_have_text(["row", "city", "people", "share", "open", "since"])
    expect(card.locator("tbody tr")).to_have_count(8)
    expect(card.locator("tbody tr").nth(0).locator("td")).to_have_text(
        ["Köln", "1,085,000", "0.25", "yes", "May 1, 2024"]
    )
    expect(card.locator("tbody tr").nth(1).locator("td [aria-hidden]")).to_have_text(["–", "–"])
    for kind, side in (("integer", "end"), ("number", "end"), ("text", "start")):
        expect(card.locator(f"td[data-kind={kind}]").first).to_have_css("text-align", side)
    expect(ann.messages()).to_have_text(["our cities"])

    # It is wider than the phone, and shows that it goes on.
    around = ann.page.locator(".table-around")
    expect(around).to_have_attribute("data-end", "true")
    assert not ann.overflows()
    around.locator(".table-scroll").evaluate("(place) => place.scrollTo(10_000, 0)")
    expect(around).to_have_attribute("data-start", "true")
    expect(around).to_have_attribute("data-end", "false")

    # All rows that came.
    card.get_by_role("button", name="Show all 200 rows").click()
    expect(card.locator("tbody tr")).to_have_count(200)
    ann.page.evaluate("navigator.clipboard.writeText('')")
    card.get_by_role("button", name="Copy table").click()
    ann.page.wait_for_function("async () => (await navigator.clipboard.readText()) !== ''")
    lines = ann.page.evaluate("navigator.clipboard.readText()").split("\n")
    assert len(lines) == 201
    assert lines[0] == "row\tcity\tpeople\tshare\topen\tsince"
    assert lines[3].startswith("2\t'=1+1\t12\t\ttrue\t2024-05-03")


def test_a_widget_that_one_sent_is_set_so_by_another_for_themselves_or_for_all_and_undone(
    host: Host, visit: Visit
) -> None:
    host.run(_DISC)
    ann, bob = visit("Ann"), visit("Bob")

    # What is each one's own, for themselves; a drawing is sent as a picture.
    _zoom(ann).click()
    expect(_zoom(ann)).to_have_text("zoom 2")
    _sends(ann, "disc", "zoomed in", drawn=True)
    card = bob.page.locator(".snapshot").last
    expect(card.get_by_role("img", name="disc, as Ann saw it")).to_be_visible()
    card.get_by_role("button", name="Apply to me").click()
    expect(_zoom(bob)).to_have_text("zoom 2")
    expect(bob.page.locator(".toast-text").filter(has_text="for you alone")).to_have_count(1)

    # What is everybody's, for all; what is no drawing is sent as its values.
    ann.drag("frequency", 6)
    ann.drag("amplitude", 4)
    _sends(ann, "tuner", "like this")
    expect(card.locator("dl")).to_contain_text("frequency6")
    expect(card.locator("dl")).to_contain_text("amplitude4")
    ann.drag("frequency", 2)
    _zoom(ann).click()
    expect(_zoom(ann)).to_have_text("zoom 3")
    bob.sees_value("frequency", 2)
    card.get_by_role("button", name="Apply to all").click()
    for page in (ann, bob):
        page.sees_value("frequency", 6)
    host.sees("frequency", 6)
    bob.page.locator(".toast").filter(has_text="for everybody").get_by_role("button", name="Undo").click()
    for page in (ann, bob):
        page.sees_value("frequency", 2)
        page.sees_value("amplitude", 4)
    host.sees("frequency", 2)
    expect(_zoom(bob)).to_have_text("zoom 2")


def test_under_a_finger_widgets_and_charts_have_a_menu_that_sends_them_and_their_names_lead_to_them(
    host: Host, visit: Visit
) -> None:
    host.run("room.chat.send('look', tuner)")
    stream = Stream(host)
    stream.push(20_000)
    ann = visit("Ann", viewport=_PHONE, has_touch=True, is_mobile=True)
    LiveChart.of(ann).holds(20_000)

    ann.goes_to("Chat")
    ann.messages().tap()
    expect(ann.page.locator(".message .tools")).to_be_visible()
    ann.page.locator("button.snapshot-title").tap()
    expect(ann.page.locator(".tab-bar").get_by_role("button", name="Widgets")).to_have_attribute("aria-current", "page")
    expect(ann.slider("frequency")).to_be_in_viewport()

    _taps_to_send(ann, "tuner")
    draft = ann.page.get_by_role("group", name="A widget as it is now, to be sent with the message")
    expect(draft).to_contain_text("tuner")
    ann.goes_to("Widgets")
    _taps_to_send(ann, "The price")
    draft = ann.page.get_by_role("group", name="Moment of a chart, to be sent with the message")
    expect(draft.locator(".moment-title")).to_have_text("The price")
    expect(draft.locator("img")).to_be_visible()
    expect(ann.page.locator(".moment-draft")).to_have_count(1)


def _taps_to_send(page: GuestPage, widget: str) -> None:
    page.page.get_by_role("button", name=f"What to do with “{widget}”").tap()
    page.page.get_by_role("dialog").get_by_role("button", name="Send to the chat").tap()


def _sends(page: GuestPage, widget: str, words: str, *, drawn: bool = False) -> None:
    """Send a widget to the chat as it is now, with a few words."""
    button = page.page.get_by_role("button", name=f"Send “{widget}” to the chat as it is now")
    draft = page.page.locator(".moment-draft")
    button.focus()
    button.click()
    expect(draft).to_contain_text(widget)
    # Of a frame that does not answer for three seconds, the page sends what it knows itself: then once more.
    while drawn and draft.locator(".moment-picture").count() == 0:
        draft.get_by_role("button", name="Leave it out").click()
        button.click()
        expect(draft).to_contain_text(widget)
    page.says(words)
    expect(page.page.locator(".message[data-state=sent] .snapshot").last).to_be_visible()


def _zoom(page: GuestPage) -> Locator:
    return page.widgets.get_by_role("button", name="zoom")
