from __future__ import annotations

import pytest
from ipywidgets import Widget

from cowidget.client.exchange import Write
from cowidget.core.packing import digest
from cowidget.core.values import Settlement
from cowidget.errors import ShareError
from cowidget.widgets.code.modules import packed
from cowidget.widgets.tee import Tee
from tests.support.sample_widgets import Box, Counter, Even
from tests.support.share_sink import RecordingSink, share


def teed(*widgets: Widget) -> list[Widget]:
    """Those of them that somebody listens to."""
    return [widget for widget in widgets if Tee.listens_to(widget)]


def test_a_share_describes_every_model_with_its_values() -> None:
    _, declared = share(Box(children=[Counter(value=5)]), RecordingSink())

    assert [(model.path, model.name) for model in declared.share.models] == [("", "Box"), ("children.0", "Counter")]
    assert declared.values["w/children"] == ["anywidget:w/children.0"]
    assert declared.values["w/children.0/value"] == 5


def test_code_and_style_are_named_by_their_hash() -> None:
    counter = Counter()

    _, declared = share(counter, RecordingSink())

    (model,) = declared.share.models
    assert (model.code, model.style) == (digest(packed(counter._esm)), digest(packed(counter._css)))
    assert {digest(blob) for blob in declared.blobs} == {model.code, model.style}


def test_a_name_that_fits_no_trait_is_told_and_the_widget_is_let_go() -> None:
    counter = Counter()

    with pytest.raises(ShareError, match=r"Counter has no trait 'valeu'\. It has: items, label, on, value"):
        share(counter, RecordingSink(), allow={"valeu"})

    assert "set_state" not in vars(counter)


def test_guests_writes_are_applied_and_settled() -> None:
    counter, even = Counter(), Even()
    shared, _ = share(Box(children=[counter, even]), RecordingSink())

    settled = shared.apply([
        Write("w/children.0/value", 4, 7),
        Write("w/children.0/on", 5, True),
        Write("w/children.1/value", 6, 3),
        Write("w/children.9/value", 7, 3),
    ])  # fmt: skip

    assert (counter.value, counter.on, even.value) == (7, True, 0)
    assert settled.settlements == (
        Settlement("w/children.0/value", 4, "commit"),
        Settlement("w/children.0/on", 5, "commit"),
        Settlement("w/children.1/value", 6, "reject", value=0, reason="only even numbers"),
    )
    assert settled.held == {"w/children.0/value": 7, "w/children.0/on": True, "w/children.1/value": 0}


def test_what_an_interrupt_has_kept_from_the_room_is_told_afterwards() -> None:
    room, counter = RecordingSink(), Counter()
    shared, _ = share(Box(children=[counter]), room)
    counter._trait_values["value"] = 9  # the interrupt came between the assignment and its notification

    shared.catch_up()

    assert room.values == [{"w/children.0/value": 9}]


def test_another_child_is_declared_and_guests_values_of_the_old_one_are_not_for_it() -> None:
    room, old, new = RecordingSink(), Counter(value=1), Counter(value=2)
    box = Box(children=[old])
    share(box, room)

    box.children = [new]
    old.value = 50
    new.value = 3

    ((declared, restore),) = room.declared
    assert declared.values["w/children.0/value"] == 2
    assert not restore
    assert room.values == [{"w/children.0/value": 3}]


def test_new_code_is_declared_and_keeps_what_guests_set() -> None:
    room, counter = RecordingSink(), Counter()
    share(counter, room)

    counter._esm = "export default { render() { /* new */ } }"

    ((declared, restore),) = room.declared
    assert declared.share.models[0].code == digest(packed(counter._esm))
    assert restore


def test_closing_the_root_takes_the_share_away() -> None:
    room, counter = RecordingSink(), Counter()
    share(counter, room)

    counter.close()

    assert room.unshared == ["w"]


def test_a_closed_child_leaves_its_share() -> None:
    room, child = RecordingSink(), Counter()
    share(Box(children=[child]), room)

    child.close()

    ((declared, _),) = room.declared
    assert [model.path for model in declared.share.models] == [""]


def test_a_child_that_cannot_be_shared_takes_the_share_away_and_says_why() -> None:
    room, box = RecordingSink(), Box()
    share(box, room)
    bad = Counter()
    bad.items.append(object())

    box.children = [bad]

    assert room.unshared == ["w"]
    assert "Counter.items" in str(room.errors[0])


def test_one_widget_in_two_shares_follows_both() -> None:
    counter, first, second = Counter(), RecordingSink(), RecordingSink()
    one, _ = share(counter, first)
    share(counter, second)

    one.apply([Write("w/value", 4, 9)])

    assert (first.values, second.values) == ([], [{"w/value": 9}])


def test_what_is_allowed_later_is_declared_for_this_model_alone() -> None:
    room = RecordingSink()
    shared, _ = share(Box(children=[Counter(), Counter()]), room)

    word = shared.allow("w/children.0/label", messages=False)

    ((declared, restore),) = room.declared
    writable = {model.path: "label" in model.writable for model in declared.share.models}
    assert (word, writable, restore) == ("children.0.label", {"": False, "children.0": True, "children.1": False}, True)
    settled = shared.apply([Write("w/children.0/label", 1, "new")])
    assert [settlement.outcome for settlement in settled.settlements] == ["commit"]


def test_messages_can_be_allowed_later() -> None:
    room = RecordingSink()
    shared, _ = share(Counter(), room)

    word = shared.allow("w", messages=True)

    assert word == "messages"
    assert room.declared[-1][0].share.models[0].messages


@pytest.mark.parametrize("key", ["w/children", "w/nothing", "w/children.7/value", "other/label"])
def test_what_must_never_be_written_or_is_not_there_cannot_be_allowed(key: str) -> None:
    room = RecordingSink()
    shared, _ = share(Box(children=[Counter()]), room)

    with pytest.raises(ShareError):
        shared.allow(key, messages=False)

    assert room.declared == []


def test_a_trait_that_each_viewer_has_for_themselves_needs_no_permission() -> None:
    shared, _ = share(Counter(), RecordingSink(), local={"label"})

    with pytest.raises(ShareError, match="each viewer's own"):
        shared.allow("w/label", messages=False)


def test_children_that_are_swapped_in_are_listened_to_and_those_that_left_are_let_go() -> None:
    room, old, new = RecordingSink(), Counter(), Counter(value=4)
    box = Box(children=[old])
    found = {id(widget): (widget.comm, set(vars(widget))) for widget in (old, new, box)}
    shared, _ = share(box, room)

    box.children = [new]
    new.value = 5
    old.value = 6

    assert room.declared[-1][0].values["w/children.0/value"] == 4
    assert [dict(values) for values in room.values] == [{"w/children.0/value": 5}]
    assert (old.comm, set(vars(old))) == found[id(old)]
    shared.close_mirrors()
    assert all((widget.comm, set(vars(widget))) == found[id(widget)] for widget in (old, new, box))
    assert not teed(old, new, box)


def test_a_closed_root_takes_its_share_along_and_lets_its_children_go() -> None:
    room, child = RecordingSink(), Counter()
    comm, attributes = child.comm, set(vars(child))
    box = Box(children=[Counter()])
    share(box, room)
    box.children = [child]

    box.close()
    child.value = 3

    assert room.unshared == ["w"]
    assert (child.comm, set(vars(child)), room.values) == (comm, attributes, [])
    assert not teed(box, child)


def test_a_closed_child_leaves_the_share_and_the_rest_goes_on() -> None:
    room, child, other = RecordingSink(), Counter(), Counter()
    box = Box(children=[child, other])
    shared, _ = share(box, room)

    child.close()
    other.value = 9

    assert room.unshared == []
    assert [dict(values) for values in room.values][-1] == {"w/children.0/value": 9}
    shared.close_mirrors()
    assert not teed(box, child, other)
