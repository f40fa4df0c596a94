"""How sources get to their hosts: by checked addresses and trusted certificates."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import httpx

from cowidget.feeds.networks import Networks

T = TypeVar("T")

# Seconds for a host to take a connection, and then to begin its answer. Less: a slow one seems dead.
CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 10.0
# Seconds for one address of a host while there are others to try.
ADDRESS_TIMEOUT = 3.0
MAX_REDIRECTS = 5
# Bytes of one message, line, event or body. A larger one is no row of a chart; it is refused before it is there.
MAX_MESSAGE = 8 << 20


def trusted() -> ssl.SSLContext:
    """What certificates are checked by: certifi's authorities, and those of this machine."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


@dataclass(frozen=True, slots=True)
class Reach:
    """What all sources of a process share."""

    networks: Networks
    tls: ssl.SSLContext = field(default_factory=trusted)


async def connect_to_one(addresses: list[str], attempt: Callable[[str], Awaitable[T]]) -> T:
    """What `attempt` returns for the first address that it does not fail for; what it raises for the last one."""
    for address in addresses[:-1]:
        try:
            async with asyncio.timeout(ADDRESS_TIMEOUT):
                return await attempt(address)
        except Exception:  # noqa: BLE001, S112 - whatever it is, the next address may do; the last one's is raised
            continue
    return await attempt(addresses[-1])
