"""The live connections of a room."""

from __future__ import annotations

from cowidget.core.members import Member, Members


def member(connection: str, peer: str, invitation: str = "link") -> Member:
    return Member(connection, peer, "instance", "participant", "guest", invitation)


def members(*pairs: tuple[str, str]) -> Members:
    made = Members()
    for connection, peer in pairs:
        made.add(member(connection, peer))
    return made


def test_a_member_is_found_by_connection_and_by_peer() -> None:
    made = members(("line 1", "ada"), ("line 2", "bob"))
    bob = made.at("line 2")

    assert bob is made.of("bob")
    assert (bob and bob.peer, made.at("line 3"), made.of("eve"), len(made)) == ("bob", None, None, 2)


def test_who_leaves_is_found_no_more() -> None:
    made = members(("line 1", "ada"))
    left = made.remove("line 1")

    assert (left and left.peer, made.of("ada"), made.at("line 1"), len(made)) == ("ada", None, None, 0)


def test_a_connection_ends_once() -> None:
    made = members(("line 1", "ada"))
    made.remove("line 1")

    assert (made.remove("line 1"), made.remove("line 9")) == (None, None)


def test_the_end_of_an_older_connection_leaves_the_newer_one() -> None:
    made = members(("line 1", "ada"), ("line 2", "ada"))
    made.remove("line 1")

    assert made.of("ada") is made.at("line 2")


def test_members_may_leave_while_they_are_walked() -> None:
    made = members(("line 1", "ada"), ("line 2", "bob"))
    for each in made:
        made.remove(each.connection)

    assert len(made) == 0


def test_who_lags_does_not_keep_up() -> None:
    made = members(("line 1", "ada"), ("line 2", "bob"))
    before = made.keeping_up()
    (ada, _) = made
    made.lag(ada, lagging=True)
    during = made.keeping_up()
    wanted = made.where(lambda each: each.peer in ("ada", "bob"))
    made.lag(ada, lagging=False)

    assert (before, during, wanted, made.keeping_up()) == (
        ("line 1", "line 2"),
        ("line 2",),
        ("line 2",),
        ("line 1", "line 2"),
    )


def test_those_who_come_and_go_are_among_those_who_keep_up_or_not() -> None:
    made = members(("line 1", "ada"))
    made.keeping_up()
    made.add(member("line 2", "bob"))
    both = made.keeping_up()
    made.remove("line 1")

    assert (both, made.keeping_up()) == (("line 1", "line 2"), ("line 2",))


def test_those_who_keep_up_are_known_until_somebody_comes_or_goes() -> None:
    made = members(("line 1", "ada"))

    assert made.keeping_up() is made.keeping_up()


def test_those_who_are_wanted_are_found() -> None:
    made = members(("line 1", "ada"), ("line 2", "bob"))

    assert made.where(lambda each: each.peer == "bob") == ("line 2",)


def test_sessions_are_counted_per_invitation() -> None:
    made = members(("line 1", "ada"), ("line 2", "bob"))
    made.add(member("line 3", "eve", "other"))

    assert made.per_invitation() == {"link": 2, "other": 1}
