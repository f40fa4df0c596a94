"""Photos over HTTP when the room, or its store, does not answer as it should."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from websockets.http11 import Response

from cowidget.core import closing
from cowidget.errors import AccessDenied, StoreError
from cowidget.relay import photo_counter as photo_counter_module
from cowidget.relay.connection import Connection
from cowidget.relay.hub import Hub
from cowidget.relay.photo_counter import PhotoCounter
from cowidget.relay.site import PhotoRequest

ASKED = PhotoRequest("lab", "a" * 64, "pass")


class Rooms:
    """Answers with this, or never."""

    def __init__(self, answer: tuple[str, bytes] | Exception | None, never: bool = False) -> None:
        self.answer, self.never = answer, never

    async def photo(self, room: str, sha256: str, text: str) -> tuple[str, bytes] | None:
        if self.never:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Line:
    """Hears the response, or is cut."""

    def __init__(self) -> None:
        self.heard: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()

    def respond(self, response: Response) -> None:
        self.heard.set_result(response)

    def cut(self) -> None:
        self.heard.set_result(None)


async def asked(rooms: Rooms, request: PhotoRequest = ASKED) -> Response | None:
    line, counter = Line(), PhotoCounter(cast(Hub, rooms))
    counter.ask(cast(Connection, line), request)
    async with asyncio.timeout(5):
        return await line.heard


@pytest.mark.rule("U8")
@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (("image/png", b"photo"), 200),
        (None, 404),
        (AccessDenied(closing.WRONG_LINK), 403),
        (StoreError("the disk is full"), 503),
    ],
)
async def test_each_answer_has_its_status(answer: tuple[str, bytes] | Exception | None, status: int) -> None:
    response = await asked(Rooms(answer))
    assert response is not None
    assert (response.status_code, response.headers["X-Content-Type-Options"]) == (status, "nosniff")
    assert ("immutable" in response.headers["Cache-Control"]) == (status == 200)


async def test_a_store_that_takes_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_counter_module, "PATIENCE", 0.01)
    response = await asked(Rooms(None, never=True))
    assert response is not None
    assert response.status_code == 503


async def test_a_mistake_of_ours_is_logged_and_cuts_the_line(caplog: pytest.LogCaptureFixture) -> None:
    assert await asked(Rooms(ValueError("a mistake"))) is None
    assert "a mistake" in caplog.text


async def test_a_pass_is_in_no_log() -> None:
    assert "pass" not in repr(ASKED).replace("PhotoRequest", "")


async def test_who_waits_when_the_relay_ends_goes_without() -> None:
    line, counter = Line(), PhotoCounter(cast(Hub, Rooms(None, never=True)))
    counter.ask(cast(Connection, line), ASKED)
    await asyncio.sleep(0)
    await counter.aclose()
    assert not line.heard.done()
