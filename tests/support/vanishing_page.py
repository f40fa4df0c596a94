"""A page in a process of its own, to be killed: `python -m tests.support.vanishing_page <link> <name>`."""

from __future__ import annotations

import asyncio
import sys

from cowidget.client import links
from cowidget.core.frames import Presence
from tests.support.wire_client import wire_client


async def main(link: str, name: str) -> None:
    """Come in, point at something, say so, and stay."""
    where = links.parse(link)
    async with wire_client(where.socket) as page:
        await page.hello(where.room, secret=where.secret, name=name)
        await page.send(Presence({"pointer": {"share": "counter", "x": 0.5, "y": 0.5}}))
        print("here", flush=True)
        await page.closed()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
