"""This machine's address on its network."""

from __future__ import annotations

import ipaddress
import socket

# Reserved for documentation, so nobody's: it stands for "somewhere outside".
_OUTSIDE = "192.0.2.1"
_ANY_PORT = 9


def network_address(towards: str = _OUTSIDE) -> str | None:
    """The IPv4 address that others on this machine's network reach it by; None when it is on no network.

    It is that of the route to the outside. Connecting a UDP socket chooses the route and sends nothing.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((towards, _ANY_PORT))
        except OSError:
            return None  # there is no route
        address: str = probe.getsockname()[0]
    known = ipaddress.ip_address(address)
    return None if known.is_loopback or known.is_unspecified else address
