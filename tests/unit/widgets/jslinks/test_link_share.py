"""The room's hidden share of the links between its widgets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ipywidgets
import pytest
from ipywidgets import HTML, IntProgress, IntSlider, Text, jsdlink, jslink

from cowidget.client.owner import Declared
from cowidget.widgets.code import modules
from cowidget.widgets.jslinks.link_share import LinkShare
from cowidget.widgets.shared import Shared
from tests.support.sample_widgets import Counter
from tests.support.share_sink import RecordingSink, share


class LinkRoom(RecordingSink):
    """A room that also takes links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Declared | None] = []

    def declare_links(self, declared: Declared) -> None:
        self.links.append(declared)

    def unshare_links(self) -> None:
        self.links.append(None)


@pytest.fixture(autouse=True)
def _built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "classic.js").write_text("export const openClassic = 1;")
    monkeypatch.setattr(modules, "files", lambda package: tmp_path)


@pytest.fixture
def room() -> LinkRoom:
    return LinkRoom()


@pytest.fixture
def opened(room: LinkRoom) -> Iterator[list[Shared]]:
    shares: list[Shared] = []
    yield shares
    for shared in shares:
        shared.close_mirrors()


def put(room: LinkRoom, opened: list[Shared], **widgets: ipywidgets.Widget) -> LinkShare:
    """A room with these widgets, each a share of its own."""
    for name, widget in widgets.items():
        opened.append(share(widget, room, name=name)[0])
    links = LinkShare(room)
    links.refresh(opened)
    return links


def test_a_link_between_two_shares_names_the_rooms_models(room: LinkRoom, opened: list[Shared]) -> None:
    slider, counter = IntSlider(), Counter()
    link = jslink((slider, "value"), (counter, "value"))

    put(room, opened, box=ipywidgets.VBox([slider]), counter=counter)

    (declared,) = room.links
    assert declared is not None
    assert (declared.share.name, declared.share.hidden) == ("links", True)
    assert [(model.path, model.classic.name if model.classic else "") for model in declared.share.models] == [
        ("0", "LinkModel")
    ]
    assert declared.values == {
        "links/0/source": ["anywidget:box/children.0", "value"],
        "links/0/target": ["anywidget:counter", "value"],
    }
    link.close()


def test_links_that_are_as_before_are_not_told_again(room: LinkRoom, opened: list[Shared]) -> None:
    a, b = IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    links = put(room, opened, a=a, b=b)

    links.refresh(opened)

    assert len(room.links) == 1
    link.close()


def test_a_room_without_links_says_so(room: LinkRoom, opened: list[Shared]) -> None:
    put(room, opened, a=IntSlider())

    assert room.links == [None]


def test_a_link_that_was_undone_is_taken_away(room: LinkRoom, opened: list[Shared]) -> None:
    a, b = IntSlider(), IntSlider()
    link = jsdlink((a, "value"), (b, "value"))
    links = put(room, opened, a=a, b=b)

    link.unlink()
    links.refresh(opened)

    assert room.links[-1] is None


def test_what_a_guests_page_writes_because_of_a_link_may_be_written(room: LinkRoom, opened: list[Shared]) -> None:
    slider, bar = IntSlider(), IntProgress()
    link = jsdlink((slider, "value"), (bar, "value"))

    put(room, opened, slider=slider, bar=bar)

    assert "value" in opened[1].mirrors["bar"].rights.writable
    link.close()


def test_a_link_the_other_way_opens_nothing(room: LinkRoom, opened: list[Shared]) -> None:
    slider, bar = IntSlider(), IntProgress()
    link = jsdlink((bar, "value"), (slider, "value"))

    put(room, opened, slider=slider, bar=bar)

    assert opened[1].mirrors["bar"].rights.writable == ()
    link.close()


def test_no_link_lets_guests_write_markup(room: LinkRoom, opened: list[Shared]) -> None:
    text, markup = Text(), HTML()
    link = jslink((text, "value"), (markup, "value"))

    put(room, opened, text=text, markup=markup)

    assert opened[1].mirrors["markup"].rights.writable == ()
    assert room.errors == []
    link.close()


def test_the_kernel_keeps_a_link_as_long_as_it_is_shared(room: LinkRoom, opened: list[Shared]) -> None:
    a, b = IntSlider(1), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    links = put(room, opened, a=a, b=b)
    at_first = b.value

    a.value = 2
    kept = b.value
    links.refresh(opened[:1])
    a.value = 3

    assert (at_first, kept, b.value) == (1, 2, 2)
    link.close()


def test_a_link_that_gets_another_end_is_kept_there(room: LinkRoom, opened: list[Shared]) -> None:
    a, b, c = IntSlider(1), IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    links = put(room, opened, a=a, b=b, c=c)

    link.target = (c, "value")
    links.refresh(opened)
    a.value = 2

    assert (b.value, c.value) == (1, 2)
    link.close()


def test_what_guests_write_does_not_become_markup_by_any_number_of_links(room: LinkRoom, opened: list[Shared]) -> None:
    text, step, markup = Text(), Text(), HTML()
    made = [jsdlink((step, "value"), (markup, "value")), jsdlink((text, "value"), (step, "value"))]
    opened.append(share(step, room, name="step", local={"value"})[0])
    put(room, opened, text=text, markup=markup)

    text.value = "<script>"

    assert (step.value, markup.value) == ("<script>", "")
    for link in made:
        link.close()


def test_what_only_the_host_writes_may_become_markup(room: LinkRoom, opened: list[Shared]) -> None:
    one, other = HTML("<b>"), HTML()
    link = jsdlink((one, "value"), (other, "value"))

    put(room, opened, one=one, other=other)

    assert other.value == "<b>"
    link.close()


def test_after_its_end_nothing_is_kept(room: LinkRoom, opened: list[Shared]) -> None:
    a, b = IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    links = put(room, opened, a=a, b=b)

    links.close()
    a.value = 3

    assert b.value == 0
    link.close()


def test_after_its_end_nothing_is_told(room: LinkRoom, opened: list[Shared]) -> None:
    links = put(room, opened, a=IntSlider())

    links.close()
    links.refresh([])

    assert room.links == [None]
