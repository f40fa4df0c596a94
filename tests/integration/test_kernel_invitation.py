"""A kernel whose line to the relay is slow, and somebody who opens its link at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cowidget.client import links
from cowidget.client.peer import SILENCE
from cowidget.core.frames import Patch
from tests.support.background import BackgroundLoop
from tests.support.hosts import Line
from tests.support.kernels import Kernel, running_kernel
from tests.support.running_relay import OPERATOR_TOKEN, running_relay
from tests.support.wire_client import guest_client

pytestmark = pytest.mark.integration

LATE = 0.4


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kernel, Line, int]]:
    """A kernel, its line, and the relay's own port."""
    home: Path = tmp_path_factory.mktemp("home")
    with BackgroundLoop() as background, running_relay() as relay:
        line = Line(background, relay.port)
        environment = {"COWIDGET_RELAY": line.through(relay.url), "COWIDGET_TOKEN": OPERATOR_TOKEN}
        with running_kernel(home, "/late.ipynb", **environment) as kernel:
            kernel.run("room = cw.room('late')")
            line.delay_sending(LATE)
            yield kernel, line, relay.port


@pytest.mark.parametrize(
    "cell",
    [
        "link = cw.room().share(Counter()).url",
        "link = room.invite('viewer').url",
        "room.revoke(); link = room.url",
    ],
    ids=["the first one", "an invitation's", "a new one"],
)
async def test_a_link_lets_in_at_once(line: tuple[Kernel, Line, int], cell: str) -> None:
    kernel, _, port = line
    kernel.run(cell)

    link = links.parse(kernel.value("str(link)"))

    async with guest_client(f"ws://127.0.0.1:{port}/ws", link.secret, link.room) as guest:
        await guest.sees(Patch)
    assert kernel.value("room.status") == "live"


def test_a_relay_that_stands_still_does_not_hold_the_cell_up(line: tuple[Kernel, Line, int]) -> None:
    kernel, way, _ = line
    way.stall()
    kernel.run("begun = time.monotonic(); link = room.invite('host').url; took = time.monotonic() - begun")
    way.resume()

    # The relay stood still until the cell had ended, and nobody has found the line silent.
    assert 1.5 < kernel.value("took") < SILENCE
