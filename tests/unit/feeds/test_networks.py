from __future__ import annotations

from ipaddress import ip_address

import pytest

from cowidget.errors import UsageError
from cowidget.feeds.failures import SourceError, SourceFailure
from cowidget.feeds.networks import Networks

PUBLIC = Networks.of("public")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_a_public_address_may_be_reached(address: str) -> None:
    PUBLIC.check("host", ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0",
        "169.254.169.254", "168.63.129.16", "192.0.2.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::",
    ],
)  # fmt: skip
def test_a_private_address_may_not(address: str) -> None:
    with pytest.raises(SourceError, match="private network, which feeds of this relay may not reach"):
        PUBLIC.check("host", ip_address(address))


def test_what_the_operator_lists_may_be_reached() -> None:
    networks = Networks.of("public", ["10.0.0.0/8", "192.168.1.7", "Lab.Test."])
    networks.check("host", ip_address("10.1.2.3"))
    networks.check("host", ip_address("::ffff:10.1.2.3"))
    networks.check("host", ip_address("192.168.1.7"))
    networks.check("lab.test", ip_address("127.0.0.1"))
    with pytest.raises(SourceError):
        networks.check("host", ip_address("192.168.1.8"))
    with pytest.raises(SourceError):
        networks.check("not.lab.test", ip_address("127.0.0.1"))


def test_everything_may_be_reached_where_the_user_is_the_operator() -> None:
    Networks.of("all").check("host", ip_address("127.0.0.1"))


@pytest.mark.parametrize("wrong", ["10.0.0.0/99", "http://host", "host:80", "a b", ""])
def test_what_is_neither_network_nor_name_is_said(wrong: str) -> None:
    with pytest.raises(UsageError, match="neither a network"):
        Networks.of("public", [wrong])


def test_a_reach_that_is_none_is_said() -> None:
    with pytest.raises(UsageError, match="'all' or 'public'"):
        Networks.of("some")


async def test_every_address_of_a_name_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["8.8.8.8", "10.0.0.1"]
    monkeypatch.setattr("cowidget.feeds.networks._look_up", lambda host, port: found)
    with pytest.raises(SourceError):
        await PUBLIC.resolve("rebinding.test", 443)


async def test_a_name_server_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(host: str, port: int) -> list[str]:
        raise TimeoutError

    monkeypatch.setattr("cowidget.feeds.networks._look_up", hang)
    with pytest.raises(SourceFailure, match="No name server answers"):
        await PUBLIC.resolve("slow.test", 443)
