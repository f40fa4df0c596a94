"""The relay's port as browsers and proxies see it: the page, assets, health, names, limits."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cowidget.core import closing
from cowidget.relay.server import serve
from cowidget.relay.settings import Settings
from tests.support.running_relay import RunningRelay, running_relay
from tests.support.wire_client import owner_client, wire_client


@pytest.fixture(scope="module")
def relay() -> Iterator[RunningRelay]:
    with running_relay() as relay:
        yield relay


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(relay: RunningRelay, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/healthz", "/user/ada/proxy/8123/healthz"])
def test_health_is_told_under_any_prefix(relay: RunningRelay, path: str) -> None:
    answer = ask(relay, path)
    report = json.loads(answer.body)
    assert (answer.status, report["name"], report["protocol"]) == (200, "cowidget", 1)


def test_the_answer_to_head_has_no_body(relay: RunningRelay) -> None:
    answer = ask(relay, "/healthz", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 10


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_not_allowed(relay: RunningRelay, method: str) -> None:
    answer = ask(relay, "/r/lab", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/r/", "/x", "/assets/../../../etc/passwd", "/assets/nothing.js", "/r/lab/x"])
def test_what_is_not_there_is_not_found(relay: RunningRelay, path: str) -> None:
    answer = ask(relay, path)
    assert answer.status == 404
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_get_of_the_websockets_address_is_told_what_it_is(relay: RunningRelay) -> None:
    assert ask(relay, "/ws").status == 426


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("192.168.1.20:8000", 200),
        ("lab.localhost", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("a b", 421),
    ],
)
def test_only_our_own_names_are_answered(relay: RunningRelay, host: str, status: int) -> None:
    assert ask(relay, "/healthz", Host=host).status == status


def test_the_operator_may_add_names() -> None:
    with running_relay(allow_host="lab.example") as relay:
        assert ask(relay, "/healthz", Host="lab.example:8000").status == 200


def test_a_request_line_without_end_is_cut(relay: RunningRelay) -> None:
    assert ask(relay, "/" + "x" * 20_000).status == 414


async def test_the_websocket_is_found_under_a_prefix(relay: RunningRelay) -> None:
    async with owner_client(relay.websocket.replace("/ws", "/user/ada/proxy/8123/ws")) as owner:
        assert owner.welcome.role == "owner"


# The page. These relays run in the test's own event loop, with folders of their own.


@pytest.fixture
def static(tmp_path: Path) -> Path:
    files = {
        "page.html": "<!doctype html><script src=../assets/page.1.js></script>",
        "page.1.js": "'page'" * 100,
        "sandbox.1.html": "<!doctype html>",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "secret.txt").write_text("not listed")
    manifest = {"page": "page.html", "assets": {"page.js": "page.1.js", "sandbox.html": "sandbox.1.html"}, "parts": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


async def fetch(port: int, path: str, **headers: str) -> Answer:

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    status, *fields = head.decode().split("\r\n")
    return Answer(int(status.split()[1]), dict(field.split(": ", 1) for field in fields), body)


async def test_the_page_has_a_strict_policy(static: Path) -> None:
    async with serve(Settings(static=static)) as server:
        answer = await fetch(server.port, "/user/x/r/lab")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy


async def test_the_sandbox_has_an_origin_of_its_own_wherever_it_is_opened(static: Path) -> None:
    async with serve(Settings(static=static)) as server:
        answer = await fetch(server.port, "/assets/sandbox.1.html")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts;")


async def test_an_asset_is_cached_for_ever_and_packed_for_who_can_unpack_it(static: Path) -> None:

    async with serve(Settings(static=static)) as server:
        plain = await fetch(server.port, "/p/assets/page.1.js")
        packed = await fetch(server.port, "/p/assets/page.1.js", **{"Accept-Encoding": "br, gzip"})
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(packed.body) < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body


async def test_only_what_the_manifest_lists_is_served(static: Path) -> None:
    async with serve(Settings(static=static)) as server:
        assert (await fetch(server.port, "/assets/secret.txt")).status == 404
        assert (await fetch(server.port, "/assets/page.1.js.gz")).status == 404
        assert (await fetch(server.port, "/assets/manifest.json")).status == 404


async def test_a_page_that_was_not_built_says_so(tmp_path: Path) -> None:
    async with serve(Settings(static=tmp_path)) as server:
        answer = await fetch(server.port, "/r/lab")
    assert answer.status == 503
    assert b"make build" in answer.body


async def test_too_many_connections_from_one_address_are_told_why() -> None:
    settings = Settings(proxies=frozenset(), connections_per_address=2)
    async with serve(settings) as server:
        url = server.url.replace("http", "ws") + "/ws"
        async with wire_client(url), wire_client(url), wire_client(url) as third:
            assert await third.closed() == (closing.BUSY.code, "busy")
            assert (await fetch(server.port, "/healthz")).status == 503
        async with wire_client(url) as again:
            await again.send_message(b"\xc1")
            assert await again.closed() == (closing.UNDECODABLE.code, "undecodable")
