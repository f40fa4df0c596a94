from __future__ import annotations

import ipaddress

from cowidget.relay.network import network_address


def test_the_address_is_one_that_others_can_use() -> None:
    address = network_address()

    assert address is None or not ipaddress.ip_address(address).is_loopback


def test_a_route_that_stays_on_this_machine_is_no_network() -> None:
    assert network_address(towards="127.0.0.1") is None


def test_without_a_route_there_is_no_address() -> None:
    # The broadcast address is refused like an unreachable network: there is no route for this socket.
    assert network_address(towards="255.255.255.255") is None
