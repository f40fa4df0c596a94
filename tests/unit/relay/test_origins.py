import pytest

from cowidget.relay.origins import host_allowed, is_loopback, origin_allowed
from cowidget.relay.settings import Settings

LOCAL = Settings()
OPEN = Settings(host="0.0.0.0", hosts=frozenset({"lab.example"}), origins=frozenset({"https://hub.example"}))


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_these_are_this_machine(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize("name", ["", "localhost.example", "10.0.0.1", "0.0.0.0", "example.com"])
def test_these_are_not_this_machine(name: str) -> None:
    assert not is_loopback(name)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:1", "10.1.2.3", "[fe80::1]:80", "lab.example:443"])
def test_a_relay_is_called_by_addresses_and_listed_names(host: str) -> None:
    assert host_allowed(host, OPEN)


@pytest.mark.parametrize("host", ["", "evil.example", "lab.example.evil", "lab.example:x", "lab.example:99999", "[::1"])
def test_a_relay_is_not_called_by_other_names(host: str) -> None:
    assert not host_allowed(host, OPEN)


@pytest.mark.parametrize(
    ("origin", "host", "settings"),
    [
        ("", "127.0.0.1:9", LOCAL),
        ("http://localhost:8888", "127.0.0.1:9", LOCAL),
        ("http://127.0.0.1:9", "127.0.0.1:9", LOCAL),
        ("http://10.0.0.7:9", "10.0.0.7:9", OPEN),
        ("http://127.0.0.1:9", "127.0.0.1:9", OPEN),
        ("https://lab.example", "lab.example", OPEN),
        ("https://hub.example", "lab.example", OPEN),
    ],
)
def test_these_pages_may_connect(origin: str, host: str, settings: Settings) -> None:
    assert origin_allowed(origin, host, settings)


@pytest.mark.parametrize(
    ("origin", "host", "settings"),
    [
        ("null", "127.0.0.1:9", LOCAL),
        ("file://", "127.0.0.1:9", LOCAL),
        ("https://evil.example", "127.0.0.1:9", LOCAL),
        ("http://evil.example:9", "evil.example:9", LOCAL),
        ("http://localhost:8888", "lab.example", OPEN),
        ("https://hub.example.evil", "lab.example", OPEN),
        ("http://[", "lab.example", OPEN),
        ("http://10.0.0.7:10", "10.0.0.7:9", OPEN),
    ],
)
def test_these_pages_may_not_connect(origin: str, host: str, settings: Settings) -> None:
    assert not origin_allowed(origin, host, settings)
