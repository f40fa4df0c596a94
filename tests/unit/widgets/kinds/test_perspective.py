from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from perspective import AsyncClient, ProxySession, Table
from perspective.widget import PerspectiveWidget

from cowidget.widgets.kinds.perspective import client, code, hangup, reads

Act = Callable[[Table], Any]


@pytest.fixture
def widget() -> PerspectiveWidget:
    return PerspectiveWidget({"a": [1, 2, 3]})


def asked(widget: PerspectiveWidget, act: Act, *, table: str = "") -> list[bytes]:
    """What a client of the widget's server sends while it opens a table and acts on it."""
    requests: list[bytes] = []

    async def run() -> None:
        async def send(request: bytes) -> None:
            requests.append(bytes(request))
            await session.handle_request_async(request)

        async def answer(response: bytes) -> None:
            await asking.handle_response(bytes(response))

        loop = asyncio.get_running_loop()
        asking = AsyncClient(send)
        session = ProxySession(widget.client, lambda response: asyncio.run_coroutine_threadsafe(answer(response), loop))
        opened = await asking.open_table(table or widget.table_name)
        requests.clear()
        await act(opened)

    asyncio.run(asyncio.wait_for(run(), 10))
    return requests


def passes(widget: PerspectiveWidget, request: bytes) -> bool:
    return reads(widget, {"type": "binary_msg", "client_id": "0.5"}, [memoryview(request)])


async def look(table: Table) -> None:
    view = await table.view(group_by=["a"])
    await view.on_update(lambda **_: None)
    await view.to_columns()
    await view.delete()


def test_reading_the_widgets_table_passes(widget: PerspectiveWidget) -> None:
    assert all(passes(widget, request) for request in asked(widget, look))


def test_opening_a_table_passes(widget: PerspectiveWidget) -> None:
    names = b"\x08\x01\x22\x00"

    assert passes(widget, names)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda table: table.update({"a": [9]}), id="update"),
        pytest.param(lambda table: table.replace({"a": [9]}), id="replace"),
        pytest.param(lambda table: table.remove([1]), id="remove"),
        pytest.param(lambda table: table.clear(), id="clear"),
        pytest.param(lambda table: table.delete(), id="delete"),
    ],
)
def test_changing_the_widgets_table_does_not_pass(act: Act) -> None:
    widget = PerspectiveWidget({"a": [1, 2, 3]}, index="a")

    assert not any(passes(widget, request) for request in asked(widget, act))


def test_looking_at_another_table_does_not_pass(widget: PerspectiveWidget) -> None:
    other = PerspectiveWidget({"secret": [1]})
    size = asked(other, lambda table: table.size())

    assert [passes(other, request) for request in size] == [True]
    assert [passes(widget, request) for request in size] == [False]


def test_two_requests_in_one_do_not_pass(widget: PerspectiveWidget) -> None:
    (size,) = asked(widget, lambda table: table.size())
    (update,) = asked(widget, lambda table: table.update({"a": [9]}))

    assert not passes(widget, size + update)


@pytest.mark.parametrize("request_", [b"", b"\xff", b"\x08", b"\x12\x7fab", b"\x0b\x01", b"\x08" + b"\xff" * 20])
def test_what_is_no_request_does_not_pass(widget: PerspectiveWidget, request_: bytes) -> None:
    assert not passes(widget, request_)


@pytest.mark.parametrize(
    "content",
    [
        {"type": "binary_msg", "client_id": "0.5"},
        {"type": "update", "client_id": "0.5"},
        {"type": "connect", "client_id": 7},
        {"type": "connect"},
        "connect",
        None,
    ],
)
def test_a_message_that_pages_do_not_send_does_not_pass(widget: PerspectiveWidget, content: object) -> None:
    assert not reads(widget, content, [])


def test_a_session_ends_with_its_page(widget: PerspectiveWidget) -> None:
    widget._handle_custom_msg({"type": "connect", "client_id": "0.5"}, [])

    widget._handle_custom_msg(hangup("0.5"), [])

    assert widget._sessions == {}


def test_requests_and_answers_name_their_session() -> None:
    assert client({"type": "binary_msg", "client_id": "0.5"}) == "0.5"


def test_the_page_says_why_there_is_nothing_to_see(widget: PerspectiveWidget) -> None:
    script, _ = code(widget)

    assert "your link is for looking only" in script
    assert script.count("export default cowidgetPatient(") == 1
    assert not re.search(r"export\{[\w$]+ as default", script)


def test_charts_are_drawn_without_a_worker(widget: PerspectiveWidget) -> None:
    worker = r'="worker",[\w$]+="blit"'

    assert re.search(worker, str(widget._esm))
    assert not re.search(worker, code(widget)[0])
