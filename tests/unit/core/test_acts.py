"""Whose acts have an effect; the contract of stores holds the rest."""

from __future__ import annotations

import pytest

from cowidget.core.acts import act_of, body_of, is_message, photos_of, refusal_of, sentence_for
from cowidget.core.effects import Entry
from cowidget.core.frames import Post, Set
from cowidget.core.values import Body, Change, Edit, Erase, Erased, Moment, Photo, Photos, React, Refusal, Text

MOMENT = Moment("chart", 1.0, 2.0, b"")
PHOTO = Photo("a" * 64, "b" * 64, "image/png", 4, 3, 5, b"tiny")
ALBUM = Photos((PHOTO, PHOTO))


def entry(body: Body, author: str = "ada") -> Entry:
    return Entry(author, 1, "viewer", 0.0, Post(1, body))


def test_texts_and_moments_are_messages() -> None:
    bodies: tuple[Body, ...] = (Text("x"), MOMENT, Edit(1, "x"), Erase(1), React(1, "👍"), Erased())
    assert [is_message(body) for body in bodies] == [True, True, False, False, False, False]


def test_what_is_no_act_is_never_refused() -> None:
    change = Entry("ada", 1, "viewer", 0.0, Set(1, (Change("/n", 1),)))
    assert (act_of(change), body_of(change), refusal_of(change, None)) == (None, None, "")
    assert (act_of(entry(Text("x"))), refusal_of(entry(Text("x")), None)) == (None, "")


@pytest.mark.rule("L7")
@pytest.mark.parametrize("act", [Edit(1, "y"), Erase(1), React(1, "👍")])
@pytest.mark.parametrize("target", [Text("x"), MOMENT])
def test_an_author_may_do_everything_to_what_is_theirs(act: Body, target: Body) -> None:
    assert refusal_of(entry(act), entry(target)) == ""


@pytest.mark.rule("L7")
@pytest.mark.parametrize("slug", ["unknown", "not-yours"])
def test_an_author_is_told_in_a_sentence(slug: Refusal) -> None:
    assert sentence_for(slug, Erase(1)).endswith(".")


@pytest.mark.rule("U5")
def test_of_photos_it_is_another_sentence() -> None:
    assert "Send it again" in sentence_for("unknown", ALBUM)


@pytest.mark.rule("U5")
def test_photos_are_a_message_that_others_react_to_and_hosts_erase() -> None:
    assert is_message(ALBUM)
    assert refusal_of(entry(React(1, "👍"), "bob"), entry(ALBUM)) == ""
    assert refusal_of(entry(Edit(1, "y"), "bob"), entry(ALBUM)) == "not-yours"


def test_the_photos_of_an_entry_are_named_once() -> None:
    assert (photos_of(entry(ALBUM)), photos_of(entry(Text("x"))), photos_of(None)) == ([PHOTO.sha256], [], [])
