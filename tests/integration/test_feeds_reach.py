"""Where sources by URL reach, and where they must not: hosts that cannot be had, certificates, private addresses."""

from __future__ import annotations

import socket
import ssl

import pytest
import trustme

from cowidget.feeds import reach
from cowidget.feeds.networks import Networks
from cowidget.feeds.reach import Reach
from tests.support.feed_servers import http_host, silent_port, socket_host
from tests.support.followed import EVERYTHING, following, hurry


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


# Hosts that cannot be had.


@pytest.mark.parametrize("scheme", ["ws", "http", "sse+http", "ndjson+http"])
async def test_a_host_that_does_not_answer_is_retried(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cowidget.feeds.websocket.CONNECT_TIMEOUT", 0.2)
    monkeypatch.setattr("cowidget.feeds.http.CONNECT_TIMEOUT", 0.1)
    monkeypatch.setattr("cowidget.feeds.http.ANSWER_TIMEOUT", 0.1)
    async with silent_port() as port, following(f"{scheme}://127.0.0.1:{port}/") as chart:
        await chart.shows(lambda: chart.status.state == "retrying")

        assert chart.status.text == "The source does not answer."


@pytest.mark.parametrize("scheme", ["ws", "http", "sse+http", "ndjson+http"])
async def test_a_port_where_nobody_listens_is_retried(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens: nobody else can
        async with following(f"{scheme}://127.0.0.1:{taken.getsockname()[1]}/") as chart:
            await chart.shows(lambda: chart.status.state == "retrying")

            assert chart.status.text == "The source refuses the connection."


@pytest.mark.parametrize("scheme", ["ws", "http"])
async def test_a_name_that_is_nobodys_is_retried(scheme: str) -> None:
    async with following(f"{scheme}://nobody.invalid/", Reach(Networks())) as chart:
        await chart.shows(lambda: chart.status.state == "retrying")

        assert chart.status.text == "There is no host of the name in the source's address."


@pytest.fixture
def tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a host called feeds.test shows, and a context that trusts its authority."""
    authority = trustme.CA()
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(shown)
    trusting = reach.trusted()
    authority.configure_trust(trusting)
    return shown, trusting


@pytest.mark.parametrize("networks", [Networks(everything=True), Networks(names=frozenset({"localhost"}))])
async def test_a_host_with_a_trusted_certificate_is_followed(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], networks: Networks
) -> None:
    shown, trusting = tls
    async with socket_host(shown, "localhost") as sockets, http_host(shown, "localhost") as documents:
        documents.document("/a", {"p": 5})
        async with (
            following(sockets.url, Reach(networks, trusting)) as one,
            following(documents.url + "/a", Reach(networks, trusting)) as other,
        ):
            await sockets.wait_connected()
            await sockets.say({"p": 4})
            await one.shows(lambda: one.cells == [4])
            await other.shows(lambda: other.cells == [5])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("kind", ["wss", "https"])
async def test_a_wrong_certificate_is_said_in_a_sentence(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], kind: str, host: str
) -> None:
    shown, trusting = tls
    # localhost: nobody here knows the authority. 127.0.0.1: it is trusted, but is issued for another name.
    trust = Reach(Networks(everything=True), trusting) if host == "127.0.0.1" else EVERYTHING
    server = socket_host(shown, host) if kind == "wss" else http_host(shown, host)
    async with server as running, following(running.url, trust) as chart:
        await chart.shows(lambda: chart.status.state == "failed")

        assert "The certificate of the source is not trusted: " in chart.status.text


# Where feeds may not go.


PUBLIC = Reach(Networks())


@pytest.mark.parametrize("scheme", ["ws", "http", "sse+http", "ndjson+http"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.1.2.3", "0x7f.1"])
async def test_a_private_address_is_refused(scheme: str, host: str) -> None:
    async with following(f"{scheme}://{host}:80/", PUBLIC) as chart:
        await chart.shows(lambda: chart.status.state == "failed")

        assert "private network" in chart.status.text
        assert chart.status.retry_at == 0


async def test_a_redirect_to_a_private_address_is_refused() -> None:
    allowed = Reach(Networks(names=frozenset({"localhost"})))
    async with http_host(host="localhost") as host, silent_port() as port:
        host.redirect("/a", f"http://127.0.0.1:{port}/")
        async with following(host.url + "/a", allowed) as chart:
            await chart.shows(lambda: chart.status.state == "failed")

            assert "private network" in chart.status.text


async def test_a_websocket_that_redirects_to_a_private_address_is_refused() -> None:
    allowed = Reach(Networks(names=frozenset({"localhost"})))
    async with http_host(host="localhost") as host, silent_port() as port:
        host.redirect("/a", f"ws://127.0.0.1:{port}/")
        async with following(host.url.replace("http", "ws") + "/a", allowed) as chart:
            await chart.shows(lambda: chart.status.state == "failed")

            assert "private network" in chart.status.text


async def test_a_redirect_within_a_host_keeps_the_headers_and_one_to_another_does_not() -> None:
    async with http_host() as first, http_host() as second:
        first.redirect("/a", "/b")
        first.redirect("/b", second.document("/c", {"p": 1}))
        async with following(first.url + "/a", headers={"X-Key": "s3cret"}) as chart:
            await chart.shows(lambda: chart.cells == [1])

    assert [headers.get("x-key") for _, headers in first.asked[:2]] == ["s3cret", "s3cret"]
    assert all("x-key" not in headers for _, headers in second.asked)


async def test_secrets_of_a_source_are_in_no_text() -> None:
    async with http_host() as host:
        host.document("/x", {"p": "Bearer abcdef123456"})
        url = host.url.replace("http://", "http://me:pa55word@") + "/x?token=t0psecret"
        async with following(url, headers={"Authorization": "Bearer abcdef123456"}) as chart:
            await chart.shows(lambda: chart.status.errors > 0)
            text = repr(chart.status)

    assert "•••" in text
    assert not any(secret in text for secret in ("abcdef123456", "pa55word", "t0psecret"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host/a", "begins with ftp://"),
        ("host/a", "begins with nothing"),
        ("ws:///a", "is none"),
        ("ws://host:99999/", "is none"),
        ("ws://ho st/", "is none"),
    ],
)
async def test_an_address_that_cannot_be_followed_is_said(url: str, said: str) -> None:
    async with following(url) as chart:
        await chart.shows(lambda: chart.status.state == "failed")

        assert said in chart.status.text
