"""What lets a browser get photos by HTTP."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core.photo_pass import HOUR, PhotoPass
from tests.support.rooms import invitation

KEY = b"the relay's own key"
NOW = 1000 * HOUR + 1800.0
GUESTS = invitation("für Gäste | 1")


def given(room: str = "lesson", key: bytes = KEY) -> str:
    return PhotoPass.of(GUESTS, NOW).text(room, key)


@pytest.mark.rule("U8")
def test_a_pass_is_read_as_what_was_given_out() -> None:
    assert PhotoPass.read(given(), "lesson", KEY) == PhotoPass.of(GUESTS, NOW)


@pytest.mark.rule("U8")
def test_a_pass_is_the_same_for_an_hour_and_holds_nothing_that_an_address_cannot() -> None:
    assert given() == PhotoPass.of(GUESTS, NOW + 1799.0).text("lesson", KEY)
    assert given() != PhotoPass.of(GUESTS, NOW + 1800.0).text("lesson", KEY)
    assert all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in given())


@pytest.mark.rule("U8")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        given("other room"),
        given(key=b"another relay's"),
        given()[:-1],
        given() + "0",
        given().replace("1000.", "1001.", 1),
        "1000.1.%%%.00",
        "1000.1.ä.00",
        "9" * 5000 + ".1.x.00",
        "-1.1.x.00",
        "².1.x.00",
    ],
)
def test_nobody_else_can_make_one(text: str) -> None:
    assert PhotoPass.read(text, "lesson", KEY) is None


@pytest.mark.rule("U8")
@pytest.mark.parametrize(("later", "stands"), [(-1801.0, False), (0.0, True), (5399.0, True), (5400.0, False)])
def test_a_pass_is_good_in_its_hour_and_the_next(later: float, stands: bool) -> None:
    assert PhotoPass.of(GUESTS, NOW).stands({GUESTS.name: GUESTS}, NOW + later) is stands


@pytest.mark.rule("U8")
@pytest.mark.parametrize(
    "known",
    [
        None,
        replace(GUESTS, revoked=True),
        replace(GUESTS, generation=2),
        replace(GUESTS, expires=NOW - 1),
    ],
    ids=["unknown", "revoked", "given out anew", "expired"],
)
def test_a_pass_falls_with_its_invitation(known: object) -> None:
    invitations = {} if known is None else {GUESTS.name: known}
    assert not PhotoPass.of(GUESTS, NOW).stands(invitations, NOW)  # type: ignore[arg-type]
