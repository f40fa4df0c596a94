from __future__ import annotations

import msgspec
import pytest

from cowidget.photos.answers import LENGTH, Answer, Ready, Refused, decode, encode
from cowidget.photos.cleaning import clean
from cowidget.photos.refusal import Slug
from tests.support.photos import corners, encoded


@pytest.mark.parametrize("answer", [Ready(), Refused(Slug.HEIC), clean(encoded(corners(), "JPEG"))])
def test_an_answer_comes_back_as_it_went(answer: Answer) -> None:
    message = encode(answer)
    assert LENGTH.unpack(message[:4]) == (len(message) - 4,)
    assert decode(message[4:]) == answer


def test_what_is_no_answer_is_not_taken_for_one() -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode(msgspec.msgpack.encode({"type": "refused", "slug": "because"}))
