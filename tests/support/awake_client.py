"""A wire client for tests that wait for kernels: it answers the relay's pings meanwhile.

async with awake(guest_client(url)) as guest:
    kernel.run("...")  # nothing runs in the test's own loop until this has ended
    await guest.sees(Patch)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from inspect import iscoroutinefunction
from typing import Any, cast

from tests.support.background import BackgroundLoop
from tests.support.wire_client import WireClient


class _Awake:
    """All of a client's methods run in the loop that it lives in."""

    def __init__(self, client: WireClient, background: BackgroundLoop) -> None:
        self._client = client
        self._background = background

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not iscoroutinefunction(found):
            return found

        async def called(*arguments: Any, **fields: Any) -> Any:
            return self._background.run(found(*arguments, **fields))

        return called


@asynccontextmanager
async def awake(client: AbstractAsyncContextManager[WireClient]) -> AsyncIterator[WireClient]:
    """The client in a loop of its own."""
    with BackgroundLoop() as background:
        yield cast(WireClient, _Awake(background.enter(client), background))
