"""What a role may push; what it may do about people is in `test_room_people.py`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

import pytest

from cowidget.core import limits
from cowidget.core.document import Document
from cowidget.core.frames import (
    Declare,
    Emit,
    Entrust,
    Grant,
    Lock,
    Post,
    Push,
    Remove,
    Revoke,
    Set,
    Settle,
    Stop,
    Unshare,
)
from cowidget.core.rights import Verdict, judge
from cowidget.core.values import Change, Model, Moment, Role, Settlement, Share, Text
from tests.support.rooms import changes, entry, invitation, share

PUSHES: dict[type, Push] = {
    Post: Post(1, Text("hello")),
    Set: Set(1, changes({"/x": 1})),
    Emit: Emit(1, "slider", "go"),
    Revoke: Revoke(1, "link"),
    Stop: Stop(1),
    Lock: Lock(1, on=True),
    Remove: Remove(1, "bob"),
    Entrust: Entrust(1, "bob", "viewer"),
    Settle: Settle(1, (Settlement("slider/value", 1, "commit"),)),
    Declare: Declare(1, share(), ()),
    Unshare: Unshare(1, "slider"),
    Grant: Grant(1, invitation("link")),
}
RANK: tuple[Role, ...] = ("viewer", "participant", "host", "owner")
LEAST: dict[type, Role] = {
    Post: "viewer",
    Set: "participant",
    Emit: "participant",
    Revoke: "host",
    Stop: "host",
    Lock: "host",
    Remove: "host",
    Entrust: "host",
    Settle: "owner",
    Declare: "owner",
    Unshare: "owner",
    Grant: "owner",
}


def document() -> Document:
    made = Document()
    models = (
        Model("", "Box", ("title",)),
        Model("children.0", "Slider", ("value", "max", "_view"), writable=("value", "_view"), messages=True),
    )
    values = {"box/title": "t", "box/children.0/value": 1, "box/children.0/max": 9}
    made.apply(1, entry("kernel", Declare(1, Share("box", models), changes(values)), "owner"))
    made.apply(2, entry("kernel", Declare(2, share(messages=True), changes({"slider/value": 1})), "owner"))
    return made


def judged(push: Push, role: Role = "participant") -> Verdict:
    return judge(push, "kernel" if role == "owner" else "ada", role, document())


def slug(verdict: Verdict) -> str:
    assert verdict.refused is not None
    return verdict.refused.slug


# Events.


@pytest.mark.rule("E4")
@pytest.mark.parametrize("role", ["participant", "host"])
@pytest.mark.parametrize("fields", [{"trait": "ping"}, {"count": 1}])
def test_a_persons_message_is_no_event_of_a_trait_and_has_no_number(role: Role, fields: dict[str, Any]) -> None:
    verdict = judged(Emit(1, "slider", "go", **fields), role)

    assert (verdict.push, slug(verdict), verdict.notices) == (None, "role", ())


@pytest.mark.rule("E4", "A2")
def test_another_kernel_numbers_no_events_of_a_model_unless_it_has_just_declared_it() -> None:
    push = Emit(1, "slider", "go", trait="ping", count=1)
    stranger = judge(push, "another kernel", "owner", document())
    successor = judge(push, "another kernel", "owner", document(), ("slider",))

    assert (stranger.push, slug(stranger), successor) == (None, "not-owner", Verdict(push))


@pytest.mark.rule("E4")
def test_the_owner_numbers_its_events() -> None:
    push = Emit(1, "box/children.0", "go", trait="ping", count=1)

    assert judged(push, "owner") == Verdict(push)


@pytest.mark.rule("E4", "A4")
@pytest.mark.parametrize("trait", ["$events", "$journal"])
def test_nobody_but_the_kernel_writes_what_numbers_a_models_events(trait: str) -> None:
    made = document()
    made.apply(3, entry("kernel", Declare(3, share(writable=(trait,)), changes({f"slider/{trait}": 1})), "owner"))
    verdict = judge(Set(1, changes({f"slider/{trait}": 9})), "ada", "participant", made)

    assert (slug(verdict), verdict.notices[0].allow) == ("not-writable", "")


# By role.


def test_every_push_has_its_roles() -> None:
    assert set(PUSHES) == set(LEAST) == set(get_args(Push))


@pytest.mark.rule("A2", "A3")
@pytest.mark.parametrize("role", RANK)
@pytest.mark.parametrize("kind", PUSHES, ids=lambda kind: kind.__name__)
def test_a_role_may_push_what_is_its_own(kind: type, role: Role) -> None:
    verdict = judged(PUSHES[kind], role)

    if RANK.index(role) >= RANK.index(LEAST[kind]):
        assert verdict == Verdict(PUSHES[kind])
    else:
        assert (verdict.push, slug(verdict)) == (None, "role")


@pytest.mark.rule("A2")
@pytest.mark.parametrize("granted", [invitation("link", "owner"), invitation("owner", "viewer")])
def test_no_link_makes_an_owner(granted: object) -> None:
    verdict = judged(Grant(1, granted), "owner")

    assert (verdict.push, slug(verdict)) == (None, "role")


@pytest.mark.rule("A2")
@pytest.mark.parametrize("role", ["host", "owner"])
def test_nobody_sends_the_owner_away(role: Role) -> None:
    verdict = judged(Revoke(1, "owner"), role)

    assert (verdict.push, slug(verdict)) == (None, "role")


# The log.


@pytest.mark.rule("L4", "A2")
@pytest.mark.parametrize("role", RANK)
def test_everybody_may_show_a_moment(role: Role) -> None:
    push = Post(1, Moment("chart", 1.0, 2.0, b"", "look"))

    assert judged(push, role) == Verdict(push)


@pytest.mark.rule("L4")
@pytest.mark.parametrize("body", [Moment("chart", 2.0, 1.0, b""), Moment("chart", 1.0, 2.0, b"<svg>")])
def test_a_moment_that_is_none_is_refused(body: Moment) -> None:
    verdict = judged(Post(1, body), "owner")

    assert (verdict.push, slug(verdict)) == (None, "invalid")


# Writes.


@pytest.mark.rule("A4")
@pytest.mark.parametrize("key", ["/x", "/a/b", "slider/value", "box/children.0/value"])
def test_people_may_write_what_has_no_owner_and_what_the_share_lists(key: str) -> None:
    push = Set(1, (Change(key, 1),))

    assert judged(push) == Verdict(push)


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    "key",
    ["slider/label", "box/title", "box/value", "box/children.0/max", "box/children.1/value", "other/value", "slider"],
)
def test_people_may_write_nothing_else(key: str) -> None:
    verdict = judged(Set(1, (Change(key, 1),)))

    assert (verdict.push, slug(verdict), verdict.refused and verdict.refused.keys) == (None, "not-writable", (key,))


@pytest.mark.rule("A4")
def test_a_notice_says_which_argument_would_allow_it() -> None:
    (notice,) = judged(Set(1, (Change("slider/label", 1),))).notices

    assert (notice.slug, notice.key, notice.peer, notice.allow) == (
        "not-writable",
        "slider/label",
        "ada",
        'allow={"label"}',
    )


@pytest.mark.rule("A4")
@pytest.mark.parametrize("trait", ["_view", "layout", "style", "children", "tooltip", "innerHTML"])
def test_structure_and_markup_are_never_writable_and_no_argument_allows_it(trait: str) -> None:
    verdict = judged(Set(1, (Change(f"box/children.0/{trait}", 1),)))

    assert (slug(verdict), verdict.notices[0].allow) == ("not-writable", "")


@pytest.mark.rule("A4")
def test_the_part_that_is_allowed_goes_on() -> None:
    verdict = judged(Set(1, changes({"slider/label": 1, "slider/value": 2, "box/title": 3})))

    assert verdict.push == Set(1, changes({"slider/value": 2}))
    assert verdict.refused is not None
    assert verdict.refused.keys == ("slider/label", "box/title")


@pytest.mark.rule("A4")
def test_a_key_that_is_denied_twice_is_told_once() -> None:
    verdict = judged(Set(1, (Change("slider/label", 1), Change("slider/label", 2))))

    assert verdict.refused is not None
    assert (verdict.refused.keys, len(verdict.notices)) == (("slider/label",), 1)


def test_one_push_makes_few_notices() -> None:
    verdict = judged(Set(1, changes({f"slider/t{n}": 1 for n in range(1000)})))

    assert verdict.refused is not None
    assert (len(verdict.refused.keys), len(verdict.notices)) == (1000, limits.MAX_NOTICES)


def test_people_delete_only_what_has_no_owner() -> None:
    verdict = judged(Set(1, (Change("/x", deleted=True), Change("slider/value", deleted=True))))

    assert verdict.push == Set(1, (Change("/x", deleted=True),))
    assert verdict.refused is not None
    assert verdict.refused.keys == ("slider/value",)


@pytest.mark.rule("A2")
def test_the_owner_writes_anything() -> None:
    push = Set(1, changes({"slider/label": "x" * 70_000, "slider/_view": 1}))

    assert judged(push, "owner") == Verdict(push)


@pytest.mark.rule("A2")
@pytest.mark.parametrize(
    "push",
    [
        Set(1, changes({"slider/label": 1})),
        Settle(1, (Settlement("slider/label", 1, "commit"),)),
    ],
)
def test_what_another_kernel_has_declared_is_not_ones_own(push: Push) -> None:
    verdict = judge(push, "another kernel", "owner", document())

    assert (verdict.push, slug(verdict), verdict.refused and verdict.refused.keys) == (
        None,
        "not-owner",
        ("slider/label",),
    )


@pytest.mark.rule("A2")
def test_a_kernel_does_not_take_away_what_another_shares() -> None:
    assert slug(judge(Unshare(1, "slider"), "another kernel", "owner", document())) == "not-owner"


@pytest.mark.rule("A2")
def test_of_the_owners_push_its_own_part_goes_on() -> None:
    made = document()
    made.apply(3, entry("another kernel", Declare(1, share("pic"), changes({"pic/value": 1})), "owner"))
    push = Set(2, changes({"slider/value": 1, "pic/value": 2, "/x": 3, "slider/label": 4}))
    verdict = judge(push, "another kernel", "owner", made)

    assert verdict.push == Set(2, changes({"pic/value": 2, "/x": 3}))
    assert verdict.refused is not None
    assert verdict.refused.keys == ("slider/value", "slider/label")


@pytest.mark.rule("A2")
@pytest.mark.parametrize("claims", [("slider",), {"slider": 7}])
def test_what_one_has_just_declared_is_ones_own(claims: Collection[str]) -> None:
    push = Set(1, changes({"slider/label": 1}))

    assert judge(push, "another kernel", "owner", document(), claims) == Verdict(push)


@pytest.mark.rule("M5")
@pytest.mark.parametrize("value", ["x" * 65_534, [1] * 65_536])
def test_a_large_value_must_be_a_blob_and_the_whole_push_is_refused(value: object) -> None:
    verdict = judged(Set(1, changes({"/x": 1, "/large": value})))

    assert verdict.refused is not None
    assert (verdict.push, verdict.refused.slug, verdict.refused.keys) == (None, "too-large", ())


@pytest.mark.rule("M5")
@pytest.mark.parametrize("value", ["x" * 65_533, None, True, 5, 1.5])
def test_a_value_of_just_the_limit_may_be_inline(value: object) -> None:
    push = Set(1, changes({"/x": value}))

    assert judged(push) == Verdict(push)


def test_a_large_value_beside_a_denied_one_ends_the_whole_push() -> None:
    verdict = judged(Set(1, changes({"/large": "x" * 70_000, "slider/label": 1})))

    assert verdict.refused is not None
    assert (verdict.push, verdict.refused.slug, verdict.refused.keys) == (None, "too-large", ())
    assert len(verdict.notices) == 1


def test_a_room_holds_a_bounded_number_of_shared_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SHARED_KEYS", 2)
    made = document()
    made.apply(3, entry("ada", Set(1, changes({"/a": 1}))))
    fits = Set(2, changes({"/a": 2, "/b": 2, "slider/value": 2}))
    beyond = judge(Set(2, changes({"/b": 1, "/c": 1})), "ada", "participant", made)

    assert judge(fits, "ada", "participant", made) == Verdict(fits)
    assert beyond.refused is not None
    assert (beyond.push, beyond.refused.slug, beyond.refused.keys) == (None, "too-large", ())


# Messages.


@pytest.mark.rule("E1")
@pytest.mark.parametrize("model", ["slider", "box/children.0"])
def test_people_may_send_messages_to_a_model_that_listens(model: str) -> None:
    push = Emit(1, model, "go")

    assert judged(push) == Verdict(push)


@pytest.mark.rule("E1")
@pytest.mark.parametrize("model", ["box", "box/children.1", "other", "slider/"])
def test_people_may_not_send_messages_to_another(model: str) -> None:
    verdict = judged(Emit(1, model, "go"))
    (notice,) = verdict.notices

    assert (verdict.push, slug(verdict)) == (None, "not-writable")
    assert (notice.slug, notice.key, notice.allow) == ("messages", model, 'allow={"messages"}')


@pytest.mark.rule("A2")
def test_only_hosts_ask_the_owner_itself() -> None:
    push = Emit(1, "", {"ask": "invite"})

    assert judged(push, "host") == Verdict(push)
    assert slug(judged(push, "participant")) == "role"


@pytest.mark.rule("M5")
@pytest.mark.parametrize("role", ["participant", "owner"])
def test_a_message_and_its_buffers_have_a_limit(role: Role) -> None:
    half = b"x" * (limits.MAX_EMIT_BYTES // 2 - 5)
    fits = Emit(1, "slider", half, (half,))
    verdict = judged(Emit(1, "slider", half, (half, b"x" * 6)), role)

    assert judged(fits, role) == Verdict(fits)
    assert (verdict.push, slug(verdict)) == (None, "too-large")
