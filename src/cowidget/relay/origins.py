"""Which names a request may call us by, and which pages may connect (PROTOCOL.md A9)."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from cowidget.relay.settings import Settings


def is_loopback(name: str) -> bool:
    """Whether a host name or address means this machine."""
    name = name.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def host_allowed(host: str, settings: Settings) -> bool:
    """Whether a `Host` header names us.

    A page whose DNS name was pointed at us afterwards (DNS rebinding) sends its own name here. An IP
    literal needs no name server, so no page can be rebound to it.
    """
    name = _name(host)
    if name is None:
        return False
    return is_loopback(name) or _address(name) is not None or name in settings.hosts


def origin_allowed(origin: str, host: str, settings: Settings) -> bool:
    """Whether the page at `origin` may connect to what it calls `host`; no origin is no browser."""
    if not origin or origin in settings.origins:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    if parts.netloc.lower() == host.lower() and host_allowed(host, settings):
        return True
    return is_loopback(parts.hostname) and is_loopback(settings.host)


def _name(host: str) -> str | None:
    try:
        parts = urlsplit(f"//{host}")
        # Reading the port checks it.
        return parts.hostname if parts.port is None or parts.port >= 0 else None
    except ValueError:
        return None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
