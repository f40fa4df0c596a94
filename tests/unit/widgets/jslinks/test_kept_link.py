"""jslink and jsdlink in the kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import pytest
from ipywidgets import BoundedIntText, IntSlider, Text, Widget, jsdlink, jslink

from cowidget.widgets.jslinks.kept_link import KeptLink
from tests.support.mirrors import Sink, mirrors
from tests.support.sample_widgets import Even

Keep = Callable[..., KeptLink]


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def keep(sink: Sink) -> Iterator[Keep]:
    """Keeps a link in the kernel until the test ends."""
    kept: list[KeptLink] = []

    def keep(link: Any, may_pass: bool = True) -> KeptLink:
        kept.append(KeptLink(link, lambda source, target: may_pass, sink.later, sink.report))
        kept[-1].open()
        return kept[-1]

    yield keep
    for link in kept:
        link.close()


@pytest.fixture
def drag(sink: Sink) -> Iterator[Callable[[Widget, int], None]]:
    """A guest's page sets a value."""
    with mirrors(sink) as opened:
        shared: dict[int, Any] = {}

        def drag(widget: Widget, value: int) -> None:
            mirror = shared.setdefault(id(widget), None) or opened(widget)
            shared[id(widget)] = mirror
            mirror.apply({"value": value})

        yield drag


def rest(sink: Sink) -> None:
    """Time passes."""
    for _ in range(10):
        waiting, sink.waiting = sink.waiting, []
        for act in waiting:
            act()
    assert not sink.waiting


def test_the_target_begins_with_the_sources_value(keep: Keep) -> None:
    a, b = IntSlider(3), IntSlider(4)

    keep(jsdlink((a, "value"), (b, "value")))

    assert (a.value, b.value) == (3, 3)


def test_what_the_kernel_sets_is_at_the_target_at_once(keep: Keep) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jsdlink((a, "value"), (b, "value")))

    a.value = 7

    assert b.value == 7


def test_one_way_nothing_comes_back(keep: Keep) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jsdlink((a, "value"), (b, "value")))

    b.value = 7

    assert a.value == 0


def test_both_ways_the_source_follows_the_target(keep: Keep) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jslink((a, "value"), (b, "value")))

    b.value = 7

    assert a.value == 7


def test_what_the_target_makes_of_a_value_goes_back(keep: Keep) -> None:
    a, b = IntSlider(), BoundedIntText(max=10)
    keep(jslink((a, "value"), (b, "value")))

    a.value = 50

    assert (a.value, b.value) == (10, 10)


def test_ends_that_cannot_agree_stay_as_they_are(keep: Keep, sink: Sink) -> None:
    a, b = IntSlider(20, min=20), IntSlider(max=10)
    keep(jslink((a, "value"), (b, "value")))

    a.value = 30
    rest(sink)

    assert (a.value, b.value) == (20, 10)


def test_equal_values_set_nothing(keep: Keep) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jslink((a, "value"), (b, "value")))
    set_here: list[int] = []
    a.observe(lambda change: set_here.append(change["new"]), "value")

    b.value = 7

    assert set_here == [7]


def test_links_are_followed_one_after_the_other(keep: Keep) -> None:
    a, b, c = IntSlider(), IntSlider(), IntSlider()
    keep(jsdlink((a, "value"), (b, "value")))
    keep(jsdlink((b, "value"), (c, "value")))

    a.value = 7

    assert c.value == 7


def test_a_value_travels_as_the_front_end_would_bring_it(keep: Keep) -> None:
    a, b = ipywidgets.VBox([]), ipywidgets.HBox([])
    keep(jsdlink((a, "children"), (b, "children")))

    a.children = [label := ipywidgets.Label()]

    assert b.children == (label,)


def test_a_refused_value_is_reported_once(keep: Keep, sink: Sink) -> None:
    a, b = IntSlider(), Even()
    keep(jsdlink((a, "value"), (b, "value")))

    for value in (1, 3, 5):
        a.value = value

    assert (b.value, [str(error) for error in sink.errors]) == (0, ["only even numbers"])


def test_a_value_of_the_wrong_type_is_reported(keep: Keep, sink: Sink) -> None:
    a, b = Text(), IntSlider(4)

    keep(jsdlink((a, "value"), (b, "value")))

    assert (b.value, len(sink.errors)) == (4, 1)


def test_a_page_that_sets_one_end_is_given_time_for_the_other(
    keep: Keep, drag: Callable[[Widget, int], None], sink: Sink
) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jslink((a, "value"), (b, "value")))

    drag(b, 7)
    at_once = a.value
    rest(sink)

    assert (at_once, a.value) == (0, 7)


def test_what_the_page_writes_meanwhile_counts(keep: Keep, drag: Callable[[Widget, int], None], sink: Sink) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jslink((a, "value"), (b, "value")))

    drag(b, 7)
    waiting, sink.waiting = sink.waiting, []
    drag(b, 8)
    drag(a, 8)
    for act in waiting:
        act()
    rest(sink)

    assert (a.value, b.value) == (8, 8)


def test_a_page_in_jupyter_is_given_time_too(keep: Keep, drag: Callable[[Widget, int], None], sink: Sink) -> None:
    a, b = IntSlider(), IntSlider()
    keep(jsdlink((a, "value"), (b, "value")))
    drag(a, 0)

    a.set_state({"value": 7})
    at_once = b.value
    rest(sink)

    assert (at_once, b.value) == (0, 7)


def test_what_must_not_pass_does_not(keep: Keep) -> None:
    a, b = IntSlider(3), IntSlider(4)
    keep(jslink((a, "value"), (b, "value")), may_pass=False)

    a.value = 5

    assert b.value == 4


def test_a_link_that_was_undone_sets_nothing(keep: Keep) -> None:
    a, b = IntSlider(), IntSlider()
    link = jslink((a, "value"), (b, "value"))
    keep(link)

    link.unlink()
    a.value = 7

    assert b.value == 0


def test_after_its_end_nothing_is_set(keep: Keep, drag: Callable[[Widget, int], None], sink: Sink) -> None:
    a, b = IntSlider(), IntSlider()
    kept = keep(jslink((a, "value"), (b, "value")))
    drag(a, 7)

    kept.close()
    rest(sink)
    a.value = 8

    assert b.value == 0


def test_a_widget_that_nobody_observes_any_more_is_let_go_of(keep: Keep) -> None:
    a, b = IntSlider(), IntSlider()
    kept = keep(jsdlink((a, "value"), (b, "value")))
    a.unobserve_all()
    a.observe(lambda change: None, "value")

    kept.close()
    a.value = 7

    assert b.value == 0
