"""Everything that can be set about a relay: type, default, and what gets worse each way."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"


@dataclass(frozen=True, slots=True)
class Settings:
    """How one relay runs. What the protocol fixes for everybody is in `core/limits.py`.

    Attributes:
        host: the address to listen on. Anything but loopback opens the relay to the network, where plain
            HTTP can be read along: say so.
        port: the port, or 0 for a free one.
        port_hint: with `port` 0, the port to try first, so that links survive a restart.
        certificate: a PEM file; with it the port speaks https and wss only. None is right on loopback and
            behind a proxy that does TLS. It is read once: a renewed one needs a restart.
        key: the PEM file of its private key; None when that is in `certificate` too.
        store: the store's URL (see `backends.py`). `memory:` forgets everything with the process.
        store_wait: seconds to wait for the relay before us to let go of the store. Less: a quick
            restart fails. More: a wrong second start hangs before it says so.
        operator_token: who shows it may create rooms. Whoever holds it can fill the store.
        feeder_secret: what the relay's own feed process shows when it comes into a room (F9). Whoever holds it can
            give feeds with a source other rows, and reads their headers.
        feeds: run the sources of feeds. Without it, only kernels fill charts.
        feed_networks: what sources may reach: `public` addresses, or `all`. With `all`, whoever may create rooms here
            can read what this machine can reach, its private network and its own ports included: right only when
            that is the user whose relay this is.
        feeds_allow: networks, addresses and names of hosts that sources may reach beside the public ones.
        hosts: names in the `Host` header beside loopback and IP literals. Each name here is one that
            an attacker's DNS must not be able to point at us.
        origins: pages of other sites that may connect, as `scheme://host[:port]`.
        connections: how many at once. More: the process runs out of file descriptors. Fewer: a large
            lecture is turned away.
        connections_per_address: how many at once from one address. More: one machine can take all of
            them. Fewer: a school behind one address is turned away.
        proxies: addresses whose connections are not counted, since they speak for many people.
        room_idle: seconds that an empty room stays open. Less: a reload of the only page opens it
            afresh. More: memory.
        idle_exit: the relay ends after so many seconds without a connection; 0 is never.
        stop_timeout: seconds for clients to answer the close when the relay stops. More: a slower stop.
            Less: on a slow line they see a cut instead of "restarting"; they come back either way.
        static: the folder with the built page.
    """

    host: str = "127.0.0.1"
    port: int = 0
    port_hint: int = 0
    certificate: Path | None = None
    key: Path | None = None
    store: str = "memory:"
    store_wait: float = 5.0
    operator_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    feeder_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    feeds: bool = True
    feed_networks: str = "public"
    feeds_allow: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    connections: int = 15_000
    connections_per_address: int = 200
    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    room_idle: float = 30.0
    idle_exit: float = 0.0
    stop_timeout: float = 2.0
    static: Path = STATIC
