"""Which addresses sources may reach. A feed must not become a way into the network that the relay stands in."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from cowidget.errors import UsageError
from cowidget.feeds.failures import SourceError, SourceFailure

# Seconds for a name server to answer.
RESOLVE_TIMEOUT = 10.0
# A name server that hangs holds a thread for long: not those that the other feeds wait for.
RESOLVERS = 32

EVERYTHING = "all"
PUBLIC = "public"

# Looks public, and is what machines at Azure are told their secrets by.
_METADATA = IPv4Address("168.63.129.16")
# IPv6 addresses that a translator turns into IPv4 ones; the last 32 bits are those (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Networks:
    """What sources may reach: everything, or public addresses and what the operator lists.

    Attributes:
        everything: any address. Right when the relay's user is the only one who declares sources.
        allowed: further networks.
        names: hosts that may be asked whatever their addresses are.
    """

    everything: bool = False
    allowed: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, reach: str, allow: Iterable[str] = ()) -> Networks:
        """From settings.

        Args:
            reach: `all` or `public`.
            allow: networks like `10.0.0.0/8`, addresses, and names of hosts.

        Raises:
            UsageError: one of these is none.
        """
        if reach not in (EVERYTHING, PUBLIC):
            raise UsageError(f"feeds may reach {EVERYTHING!r} or {PUBLIC!r}, not {reach!r}")
        networks, names = [], set()
        for each in allow:
            try:
                networks.append(ipaddress.ip_network(each, strict=False))
            except ValueError:
                names.add(_name(each))
        return cls(reach == EVERYTHING, tuple(networks), frozenset(names))

    def check(self, host: str, address: Address) -> None:
        """Check one address of a host.

        Raises:
            SourceError: it must not be reached from here; says what the operator can do.
        """
        if self.everything or host.lower().rstrip(".") in self.names:
            return
        real = _unwrapped(address)
        # A network of the other version contains nothing, which is right.
        if _is_public(real) or any(each in network for network in self.allowed for each in (address, real)):
            return
        raise SourceError(
            "The source is in a private network, which feeds of this relay may not reach; "
            "its operator can allow it with --feeds-allow."
        )

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of a host, each of them checked, to connect to in this order.

        Raises:
            SourceError: one of them must not be reached from here.
            SourceFailure: there is no such host, or no name server answers.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(RESOLVE_TIMEOUT):
                found = await loop.run_in_executor(_resolvers, _look_up, host, port)
        except TimeoutError as error:
            raise SourceFailure("No name server answers for the name in the source's address.") from error
        except (OSError, UnicodeError) as error:
            raise SourceFailure("There is no host of the name in the source's address.") from error
        for text in found:
            self.check(host, ipaddress.ip_address(text))
        return found


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _name(text: str) -> str:
    name = text.strip().lower().rstrip(".")
    if not name or any(letter in "/:@ " for letter in name):
        raise UsageError(f"{text!r} is neither a network like 10.0.0.0/8 nor the name of a host")
    return name


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    local = isinstance(address, IPv6Address) and address.is_site_local
    special = address.is_multicast or address.is_reserved or local or address == _METADATA
    return address.is_global and not special


_resolvers = ThreadPoolExecutor(RESOLVERS, "cowidget-resolve")
