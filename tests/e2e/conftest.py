"""A kernel that shares sliders, a relay, and guests who open the link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.background import BackgroundLoop
from tests.support.hosts import Host, Line
from tests.support.kernels import Kernel, running_kernel
from tests.support.pages import PATIENCE_MS, GuestPage
from tests.support.running_relay import RunningRelay, running_relay

Visit = Callable[..., GuestPage]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One for a file of tests; each of them has its own relay, room and home."""
    with running_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        yield kernel


@pytest.fixture
def background() -> Iterator[BackgroundLoop]:
    with BackgroundLoop() as loop:
        yield loop


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RunningRelay]:
    with running_relay(folder=tmp_path) as relay:
        yield relay


@pytest.fixture
def host(kernel: Kernel, relay: RunningRelay, request: pytest.FixtureRequest) -> Iterator[Host]:
    """Has shared `tuner` in a room that is named after the test."""
    host = Host(kernel, relay, re.sub(r"\W+", "-", request.node.name)[-40:])
    yield host
    host.leaves()


@pytest.fixture
def line(background: BackgroundLoop, relay: RunningRelay) -> Line:
    return Line(background, relay.port)


@pytest.fixture
def visit(guest: Callable[..., Page], host: Host) -> Visit:
    """Opens the link in a browser of its own: `ann = visit("Ann")`; another link and context options if need be."""

    def opened(name: str, link: str = "", **options: Any) -> GuestPage:
        page = GuestPage(guest(link or host.link, **options))
        page.introduces_itself(name)
        page.sees_status("live")
        return page

    return opened
