from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core.values import Moment, Photo, Photos, Snapshot, Table, TableColumn, Text
from cowidget.errors import ShareError
from cowidget.widgets.messages.drafts import Draft, Picture, Piece, drafted, well_formed

ONE, TWO = Picture(b"1"), Picture(b"2", "alt", "two.png")
TABLE = Table((TableColumn("a", "int64", "integer"),), ((1,),), 1, 1)
SNAPSHOT = Snapshot("slider", {"slider/value": 1}, b"")
MOMENT = Moment("chart", 1.0, 2.0, b"")
PHOTO = Photo("ab" * 32, "cd" * 32, "image/png", 3, 2, 10, b"")


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["a"], [Draft("a")]),
        (["a", "b"], [Draft("a\n\nb")]),
        ([ONE], [Draft(pictures=(ONE,))]),
        (["a", ONE, TWO], [Draft("a", (ONE, TWO))]),
        ([ONE, "a"], [Draft("a", (ONE,))]),
        (["a", ONE, "b", TWO], [Draft("a", (ONE,)), Draft("b", (TWO,))]),
        (["a", ONE, "b"], [Draft("a", (ONE,)), Draft("b")]),
        ([ONE] * 13, [Draft(pictures=(ONE,) * 12), Draft(pictures=(ONE,))]),
        (["a", TABLE], [Draft("a", single=TABLE)]),
        ([TABLE, "a"], [Draft(single=TABLE), Draft("a")]),
        ([TABLE, TABLE], [Draft(single=TABLE), Draft(single=TABLE)]),
        (["a", ONE, TABLE], [Draft("a", (ONE,)), Draft(single=TABLE)]),
        (["a", SNAPSHOT, MOMENT], [Draft("a", single=SNAPSHOT), Draft(single=MOMENT)]),
    ],
)
def test_pieces_are_joined_in_their_order(pieces: list[Piece], expected: list[Draft]) -> None:
    assert drafted(pieces) == expected


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [([], "1 to 8000"), ([""], "1 to 8000"), (["x" * 8001], "1 to 8000"), (["x" * 8001, ONE], "1 to 8000")],
)
def test_what_no_message_holds_is_said(pieces: list[Piece], sentence: str) -> None:
    with pytest.raises(ShareError, match=sentence):
        drafted(pieces)


def test_the_first_message_that_can_is_the_reply() -> None:
    assert [draft.reply for draft in drafted([MOMENT, TABLE, "a"], reply=7)] == [0, 7, 0]


def test_a_moment_alone_answers_nothing() -> None:
    with pytest.raises(ShareError, match="answers no message"):
        drafted([MOMENT], reply=7)


def test_a_draft_becomes_what_it_shows() -> None:
    bodies = [draft.body() for draft in drafted(["a", TABLE, "b", SNAPSHOT, "c", MOMENT, "d"], reply=7)]

    assert bodies == [
        replace(TABLE, text="a", reply=7),
        replace(SNAPSHOT, text="b"),
        replace(MOMENT, text="c"),
        Text("d"),
    ]


def test_photos_have_the_words_of_their_first_picture_and_are_shown_once() -> None:
    (draft,) = drafted(["look", TWO, ONE, TWO])
    other = replace(PHOTO, sha256="ef" * 32)

    assert draft.body([PHOTO, other, PHOTO]) == Photos((replace(PHOTO, alt="alt", name="two.png"), other), "look")


def test_words_that_are_too_long_are_cut() -> None:
    (draft,) = drafted([Picture(b"1", "a" * 600, "n" * 200)])
    body = draft.body([PHOTO])

    assert isinstance(body, Photos)
    assert (len(body.photos[0].alt), len(body.photos[0].name)) == (500, 120)


def test_halves_of_characters_do_not_travel() -> None:
    assert well_formed("a\ud83d b 😀") == "a? b 😀"
