"""Who may come in, and as what."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import pytest

from cowidget.core import closing
from cowidget.core.access import MAX_SPENT, OWNER, SPENT, Access, Admission, Caller, closing_for, hash_of, is_unused
from cowidget.core.frames import Hello
from cowidget.core.values import Invitation
from cowidget.errors import AccessDenied
from tests.support.rooms import RELAY_KEY, invitation, secret_of

PAGE = "https://hub.example"
NOBODY: Mapping[str, int] = {}


def access(*granted: Invitation) -> Access:
    made = Access("lesson", RELAY_KEY)
    for each in (invitation(OWNER, "owner"), *granted):
        made.grant(each, "kernel")
    return made


def hello(link: str = "", **fields: Any) -> Hello:
    return Hello(1, "lesson", "instance", secret_of(link) if link else "", **fields)


def proved(made: Access, peer: str, name: str, link: str = "") -> Hello:
    return hello(link, peer=peer, proof=made.proof(peer, name))


def refusal(
    made: Access, hello: Hello, caller: Caller | None = None, here: Mapping[str, int] = NOBODY, now: float = 0.0
) -> closing.Closing:
    with pytest.raises(AccessDenied) as caught:
        made.admit(hello, caller or Caller(), here, now)
    return caught.value.closing


def ticket(name: str = "ticket", **fields: Any) -> Invitation:
    return invitation(name, **{"once": True, "expires": 60.0, **fields})


# By a link.


@pytest.mark.rule("A1")
def test_a_secret_is_found_by_its_hash() -> None:
    link = invitation("link", "viewer")
    admission = access(link).admit(hello("link"), Caller(), NOBODY, 0.0)

    assert (admission, admission.role) == (Admission(link), "viewer")


@pytest.mark.rule("A1")
def test_the_room_keeps_the_hash_alone() -> None:
    assert hash_of("Käse") == hashlib.sha256("Käse".encode()).hexdigest()


@pytest.mark.rule("A1")
@pytest.mark.parametrize("wrong", [hello(), hello("other"), hello(peer="p"), hello(peer="p", proof="x.link")])
def test_a_secret_that_matches_nothing_is_a_wrong_link(wrong: Hello) -> None:
    assert refusal(access(invitation("link")), wrong) == closing.WRONG_LINK


@pytest.mark.rule("A1")
def test_a_link_is_good_until_it_expires() -> None:
    made = access(invitation("link", expires=60.0))

    assert made.admit(hello("link"), Caller(), NOBODY, 59.9)
    assert refusal(made, hello("link"), now=60.0) == closing.EXPIRED


@pytest.mark.rule("A1")
def test_a_withdrawn_link_says_so() -> None:
    made = access(invitation("link"))
    made.revoke("link")

    assert refusal(made, hello("link")) == closing.REVOKED


@pytest.mark.rule("A1")
def test_a_link_admits_as_many_as_it_says() -> None:
    made = access(invitation("link", people=2))

    assert made.admit(hello("link"), Caller(), {"link": 1, "other": 9}, 0.0)
    assert refusal(made, hello("link"), here={"link": 2}) == closing.FULL


def test_an_invitation_of_the_same_name_is_replaced() -> None:
    made = access(invitation("link"), invitation("link", hash=hash_of("newer")))

    assert refusal(made, hello("link")) == closing.WRONG_LINK


# By a proof.


@pytest.mark.rule("S6")
def test_a_proof_admits_its_peer_without_a_secret() -> None:
    made = access(invitation("link"))
    admission = made.admit(proved(made, "ada", "link"), Caller(), NOBODY, 0.0)

    assert (admission.peer, admission.invitation.name) == ("ada", "link")


@pytest.mark.rule("S6")
def test_a_proof_is_good_for_its_peer_its_room_and_its_relay_only() -> None:
    made = access(invitation("link"))
    elsewhere, stranger = Access("other", RELAY_KEY), Access("lesson", b"another key")
    for other in (elsewhere, stranger):
        other.grant(invitation("link"), "")

    for proof in (made.proof("bob", "link"), elsewhere.proof("ada", "link"), stranger.proof("ada", "link")):
        assert refusal(made, hello(peer="ada", proof=proof)) == closing.WRONG_LINK


@pytest.mark.rule("S6")
@pytest.mark.parametrize("proof", ["é.link", "é", ".", ".link", "a.b.c"])
def test_a_proof_that_is_none_is_a_wrong_link(proof: str) -> None:
    assert refusal(access(invitation("link")), hello(peer="ada", proof=proof)) == closing.WRONG_LINK


@pytest.mark.rule("S6")
@pytest.mark.parametrize("name", ["José", "a.b", "team | lesson"])
def test_an_invitation_may_have_any_name(name: str) -> None:
    made = access(invitation(name))

    assert made.admit(proved(made, "ada", name), Caller(), NOBODY, 0.0).peer == "ada"


@pytest.mark.rule("S6")
def test_a_proof_needs_an_invitation_that_stands() -> None:
    made = access(invitation("link", expires=60.0))
    returning = proved(made, "ada", "link")
    expired = refusal(made, returning, now=60.0)
    made.revoke("link")

    assert (expired, refusal(made, returning)) == (closing.EXPIRED, closing.REVOKED)


@pytest.mark.rule("S6")
def test_a_link_that_was_given_out_anew_leaves_old_sessions_out() -> None:
    made = access(invitation("link"))
    returning = proved(made, "ada", "link")
    made.revoke("link")
    made.grant(invitation("link", generation=2, hash=hash_of("newer")), "kernel")

    assert refusal(made, returning) == closing.WRONG_LINK


@pytest.mark.rule("S6")
def test_who_returns_keeps_a_place_in_a_full_room() -> None:
    made = access(invitation("link", people=1))

    assert made.admit(proved(made, "ada", "link", "link"), Caller(), {"link": 1}, 0.0).returning


def test_a_new_link_in_a_known_browser_gives_its_role_to_the_same_peer() -> None:
    made = access(invitation("link"), invitation("better", "host"))
    admission = made.admit(proved(made, "ada", "link", "better"), Caller(), NOBODY, 0.0)

    assert (admission.peer, admission.role, admission.returning) == ("ada", "host", False)


def test_a_new_link_helps_whose_old_one_was_withdrawn() -> None:
    made = access(invitation("link"), invitation("newer"))
    returning = proved(made, "ada", "link", "newer")
    made.revoke("link")

    assert made.admit(returning, Caller(), NOBODY, 0.0).invitation.name == "newer"


def test_a_dead_link_in_a_known_browser_does_not_end_its_session() -> None:
    made = access(invitation("link"), invitation("dead", expires=1.0))
    admission = made.admit(proved(made, "ada", "link", "dead"), Caller(), NOBODY, 2.0)

    assert (admission.invitation.name, admission.returning) == ("link", True)


def test_a_new_link_counts_places_also_for_a_known_peer() -> None:
    made = access(invitation("link", expires=1.0), invitation("small", people=1))

    assert refusal(made, proved(made, "ada", "link", "small"), here={"small": 1}, now=2.0) == closing.EXPIRED


# The owner.


@pytest.mark.rule("A6")
def test_a_room_is_created_by_a_secret_and_the_operators_token() -> None:
    made = Access("lesson", RELAY_KEY)
    refused = refusal(made, hello("mine"))
    admission = made.admit(hello("mine"), Caller(may_create=True), NOBODY, 0.0)

    assert refused == closing.WRONG_LINK
    assert admission.invitation == Invitation(OWNER, "owner", hash_of(secret_of("mine")))


@pytest.mark.rule("A6")
def test_the_operators_token_does_not_take_a_room_over() -> None:
    assert refusal(access(), hello("other"), Caller(may_create=True)) == closing.WRONG_LINK


@pytest.mark.rule("A6")
def test_nobody_creates_a_room_without_a_secret() -> None:
    assert refusal(Access("lesson", RELAY_KEY), hello(), Caller(may_create=True)) == closing.WRONG_LINK


@pytest.mark.rule("A2")
def test_the_owner_cannot_be_withdrawn() -> None:
    made = access()
    made.revoke(OWNER)

    assert made.admit(hello(OWNER), Caller(), NOBODY, 0.0).role == "owner"


# Tickets.


@pytest.mark.rule("A7")
def test_a_spent_ticket_admits_by_proof_alone_and_no_longer_expires() -> None:
    made = access(ticket())
    made.spend("ticket")

    assert refusal(made, hello("ticket")) == closing.WRONG_LINK
    assert made.admit(proved(made, "panel", "ticket"), Caller(), NOBODY, 1e9).peer == "panel"


@pytest.mark.rule("A7")
def test_a_spent_ticket_has_no_secret() -> None:
    made = access(ticket())

    assert (is_unused(ticket()), made.spend("ticket").hash, is_unused(made.spend("ticket"))) == (True, SPENT, False)


@pytest.mark.rule("A7")
def test_an_unused_ticket_is_forgotten_with_its_granter() -> None:
    made = access(ticket("mine"), invitation("link"))
    made.grant(ticket("used"), "kernel")
    made.spend("used")
    made.grant(ticket("theirs"), "another kernel")
    made.forget_tickets("kernel")

    assert set(made.invitations) == {OWNER, "link", "used", "theirs"}


@pytest.mark.rule("A7")
def test_a_relay_that_starts_forgets_every_unused_ticket() -> None:
    made = access(ticket("unused"), ticket("used"), invitation("link"))
    made.spend("used")
    made.forget_unused_tickets()

    assert set(made.invitations) == {OWNER, "link", "used"}


def test_old_spent_tickets_make_room() -> None:
    made = access(*(ticket(f"t{n}") for n in range(MAX_SPENT + 2)))
    for n in range(MAX_SPENT + 2):
        made.spend(f"t{n}")

    assert {"t0", "t1"}.isdisjoint(made.invitations)
    assert len(made.invitations) == MAX_SPENT + 1


@pytest.mark.rule("A8")
def test_a_challenge_is_answered_under_the_hash_of_the_ticket() -> None:
    expected = hmac.new(hash_of(secret_of("ticket")).encode(), b"nonce", hashlib.sha256).hexdigest()

    assert access(ticket()).prove_ticket("ticket", "nonce") == expected


@pytest.mark.rule("A8")
def test_only_an_unused_ticket_is_proved() -> None:
    made = access(ticket("used"), invitation("link"))
    made.spend("used")

    assert [made.prove_ticket(name, "nonce") for name in ("used", "link", "unknown")] == ["", "", ""]


# Where it comes from.


@pytest.mark.rule("A9")
def test_a_page_of_a_foreign_origin_is_kept_out() -> None:
    assert refusal(access(invitation("link")), hello("link"), Caller(PAGE, origin_allowed=False)) == closing.ORIGIN


@pytest.mark.rule("A9")
@pytest.mark.parametrize("caller", [Caller(), Caller(origin_allowed=False), Caller(PAGE)])
def test_an_allowed_origin_and_none_at_all_are_accepted(caller: Caller) -> None:
    assert access(invitation("link")).admit(hello("link"), caller, NOBODY, 0.0)


@pytest.mark.rule("A7", "A9")
def test_a_ticket_opens_the_origin_that_it_is_bound_to() -> None:
    made = access(ticket(origin=PAGE))

    assert made.admit(hello("ticket"), Caller(PAGE, origin_allowed=False), NOBODY, 0.0)


@pytest.mark.rule("A7", "A9")
def test_a_bound_ticket_is_good_for_no_other_origin() -> None:
    assert refusal(access(ticket(origin=PAGE)), hello("ticket"), Caller("https://other.example")) == closing.ORIGIN


# Ends.


def test_the_next_expiry_is_that_of_a_link_that_is_still_good() -> None:
    made = access(
        invitation("a", expires=50.0),
        invitation("b", expires=20.0),
        invitation("c", expires=5.0),
        invitation("d", expires=9.0, revoked=True),
        ticket(expires=8.0),
    )

    assert (made.next_expiry(5.0), made.next_expiry(20.0), made.next_expiry(50.0)) == (20.0, 50.0, None)


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("link", "why"),
    [
        (None, closing.REVOKED),
        (invitation("link"), None),
        (invitation("link", revoked=True), closing.REVOKED),
        (invitation("link", expires=11.0), None),
        (invitation("link", expires=10.0), closing.EXPIRED),
        (ticket(expires=10.0), None),
    ],
)
def test_a_session_ends_with_its_invitation(link: Invitation | None, why: closing.Closing | None) -> None:
    assert closing_for(link, 10.0) == why


@pytest.mark.rule("A5")
def test_a_stopped_room_forgets_every_link_but_the_owners() -> None:
    made = access(invitation("link"), ticket())
    made.forget_all_but_owner()

    assert set(made.invitations) == {OWNER}


def test_withdrawing_what_nobody_knows_changes_nothing() -> None:
    made = access()
    made.take_rows()
    made.revoke("unknown")

    assert made.take_rows() == ([], [])


# Saved state.


def test_saved_rows_bring_the_invitations_back() -> None:
    made = access(invitation("link", people=3), ticket("used"), ticket("gone"))
    made.spend("used")
    made.forget_tickets("kernel")
    rows, removed = made.take_rows()
    loaded = Access("lesson", RELAY_KEY)
    for row in rows:
        loaded.load(row)

    assert (loaded.invitations, removed) == (made.invitations, ["igone"])


def test_only_what_changed_is_saved_again() -> None:
    made = access(invitation("link"))
    made.take_rows()
    made.revoke("link")
    rows, removed = made.take_rows()

    assert ([row.name for row in rows], removed) == (["ilink"], [])
