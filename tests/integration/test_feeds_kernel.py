"""A kernel declares a source; the source goes on while the kernel is busy, interrupted or restarted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cowidget.client import links
from tests.support.background import BackgroundLoop
from tests.support.busy import BEGUN
from tests.support.feed_servers import SocketHost, socket_host
from tests.support.kernels import CellFailed, Kernel, running_kernel
from tests.support.price_watcher import watching

FEED = """
chart = cw.live({url!r}, price="p:float", stale_after=600)  # however slow the machine is
room = cw.share(chart)
feed = chart.feed
"""
FOREVER = f"print({BEGUN!r}, flush=True)\nwhile True: pass"


@pytest.fixture
def background() -> Iterator[BackgroundLoop]:
    with BackgroundLoop() as background:
        yield background


@pytest.fixture
def host(background: BackgroundLoop) -> SocketHost:
    return background.enter(socket_host())


@pytest.fixture
def kernel(home: Path) -> Iterator[Kernel]:
    with running_kernel(home, notebook=str(home / "market.ipynb")) as kernel:
        yield kernel


def test_rows_of_a_source_reach_the_kernel_that_declared_it(
    kernel: Kernel, host: SocketHost, background: BackgroundLoop
) -> None:
    kernel.run(FEED.format(url=host.url))
    background.run(host.wait_connected())
    background.run(host.say({"p": 1.5}, {"p": 2.5}))
    kernel.sees("feed.to_pandas()['price'].tolist()", [1.5, 2.5])
    kernel.sees("feed.status.state", "live")


def test_rows_go_on_while_the_kernel_is_busy_and_when_it_is_interrupted(
    kernel: Kernel, host: SocketHost, background: BackgroundLoop
) -> None:
    kernel.run(FEED.format(url=host.url))
    background.run(host.wait_connected())
    busy = kernel.begin(FOREVER)
    background.run(host.say({"p": 1}))
    kernel.interrupt()
    with pytest.raises(CellFailed, match="KeyboardInterrupt"):
        kernel.finish(busy)
    background.run(host.say({"p": 2}))

    kernel.sees("feed.to_pandas()['price'].tolist()", [1, 2])
    assert len(host.headers) == 1, "the source was connected to again"


def test_rows_go_on_while_the_kernel_is_restarted(kernel: Kernel, host: SocketHost, background: BackgroundLoop) -> None:
    kernel.run(FEED.format(url=host.url))
    link = links.parse(kernel.value("str(room.url)"))
    background.run(host.wait_connected())
    guest = background.enter(watching(link.socket, kernel.value("feed.name"), secret=link.secret, room=link.room))
    background.run(host.say({"p": 1}))
    background.run(guest.sees(1))
    kernel.restart()
    background.run(host.say({"p": 2}))
    background.run(guest.sees(1, 2))
    kernel.run(FEED.format(url=host.url))
    background.run(host.say({"p": 3}))

    kernel.sees("feed.to_pandas()['price'].tolist()", [1, 2, 3])
    assert len(host.headers) == 1, "the source was connected to again"


def test_an_interrupt_does_not_reach_the_feed_process_of_a_relay_in_the_kernel(
    home: Path, host: SocketHost, background: BackgroundLoop
) -> None:
    with running_kernel(home, COWIDGET_RELAY="thread") as kernel:
        kernel.run(FEED.format(url=host.url))
        background.run(host.wait_connected())
        busy = kernel.begin(FOREVER)
        background.run(host.say({"p": 1}))
        kernel.interrupt()
        with pytest.raises(CellFailed, match="KeyboardInterrupt"):
            kernel.finish(busy)
        background.run(host.say({"p": 2}))
        kernel.sees("feed.to_pandas()['price'].tolist()", [1, 2])
        assert len(host.headers) == 1, "the source was connected to again"
    background.run(host.wait_left())


def test_an_address_that_nobody_could_follow_is_said_in_the_cell(kernel: Kernel) -> None:
    with pytest.raises(CellFailed, match="begins with ftp://"):
        kernel.run(FEED.format(url="ftp://feeds.test/"))
