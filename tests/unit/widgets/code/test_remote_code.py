"""Code that widgets import by address, fetched from a server of our own."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator

import pytest

from cowidget.errors import ShareError
from cowidget.widgets.code import fetching, remote_code
from cowidget.widgets.code.remote_code import modules_for, script_at, style_at
from tests.support.code_server import CodeServer, code_server


@pytest.fixture(scope="module")
def server() -> Iterator[CodeServer]:
    with code_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_was_warned_of() -> None:
    remote_code._left_out.cache_clear()


def importing(*urls: str) -> list[str]:
    return [f'import a from "{url}";' for url in urls]


def test_code_without_remote_imports_asks_nobody(server: CodeServer) -> None:
    assert modules_for(['import a from "./a.mjs"; const b = "https://cdn.test/b";']) == {}


def test_a_module_comes_with_all_that_it_imports(server: CodeServer) -> None:
    top = server.script("/all/top.mjs", 'import b from "./b.mjs"; export default () => import("/all/c.mjs");')
    b = server.script("/all/b.mjs", "export default 2;")
    c = server.script("/all/c.mjs", 'import top from "./top.mjs"; export default 3;')

    assert modules_for(importing(top)) == {
        top: f'import b from "{b}"; export default () => import("{c}");',
        b: "export default 2;",
        c: f'import top from "{top}"; export default 3;',
    }


def test_a_redirected_module_has_its_imports_beside_where_it_ended(server: CodeServer) -> None:
    server.script("/moved/v2/index.mjs", 'export * from "./part.mjs";')
    part = server.script("/moved/v2/part.mjs", "export const a = 1;")
    latest = server.redirect("/moved", "/moved/v2/index.mjs")

    assert modules_for(importing(latest)) == {latest: f'export * from "{part}";', part: "export const a = 1;"}


def test_an_address_is_fetched_once_per_process(server: CodeServer) -> None:
    once = server.script("/once.mjs", "export default 1;")

    modules_for(importing(once))
    modules_for(importing(once, once + "#fragment"))

    assert server.asked["/once.mjs"] == 1


def test_what_cannot_be_fetched_is_left_out_and_named(server: CodeServer, caplog: pytest.LogCaptureFixture) -> None:
    good = server.script("/good.mjs", "export default 1;")

    found = modules_for(importing(good, f"{server.url}/missing.mjs"))

    assert list(found) == [good]
    assert f"{server.url}/missing.mjs is not brought to the guests" in caplog.text
    assert "the server says 404" in caplog.text


def test_what_failed_is_not_asked_for_again_soon(server: CodeServer) -> None:
    modules_for(importing(f"{server.url}/gone.mjs"))
    modules_for(importing(f"{server.url}/gone.mjs"))

    assert server.asked["/gone.mjs"] == 1


def test_a_page_about_an_error_is_no_module(server: CodeServer, caplog: pytest.LogCaptureFixture) -> None:
    page = server.file("/page.mjs", b"<h1>Not found</h1>", "text/html")

    assert modules_for(importing(page)) == {}
    assert "it is text/html, not a script" in caplog.text


def test_a_server_that_never_answers_holds_the_share_up_for_a_bounded_time(
    server: CodeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(remote_code, "SHARE_TIMEOUT", 0.3)
    good = server.script("/quick.mjs", "export default 1;")
    began = time.monotonic()

    found = modules_for(importing(server.stall("/stalled.mjs"), good))

    assert list(found) == [good]
    assert time.monotonic() - began < 2
    assert "/stalled.mjs is not brought" in caplog.text


def test_an_address_that_stalls_is_given_up(server: CodeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FETCH_TIMEOUT", 0.2)

    assert modules_for(importing(server.stall("/stalled-too.mjs"))) == {}


def test_an_address_that_trickles_is_given_up(
    server: CodeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fetching, "FETCH_TIMEOUT", 0.2)

    assert modules_for(importing(server.trickle("/trickle.mjs"))) == {}
    assert "it took longer than" in caplog.text


def test_a_server_that_is_not_there_is_named_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/a.mjs"

        assert modules_for(importing(url)) == {}
    assert "Connection refused" in caplog.text


def test_an_address_that_failed_is_asked_again_later(server: CodeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    modules_for(importing(late := f"{server.url}/late.mjs"))
    server.script("/late.mjs", "export default 1;")
    monkeypatch.setattr(fetching, "_FAILED_FOR", 0)

    assert modules_for(importing(late)) == {late: "export default 1;"}


def test_an_address_without_end_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    assert modules_for(importing("http://127.0.0.1/" + "a" * 2000)) == {}
    assert "its address is too long" in caplog.text


def test_the_modules_of_a_share_are_not_endless(
    server: CodeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(remote_code, "MAX_BYTES", 100)
    small = server.script("/small.mjs", 'export default "' + "s" * 40 + '"; import "./large.mjs"')
    server.script("/large.mjs", "//" + "l" * 90)

    assert list(modules_for(importing(small))) == [small]
    assert "/large.mjs is not brought" in caplog.text


def test_one_address_does_not_fill_the_memory(
    server: CodeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 1000)

    assert modules_for(importing(server.script("/endless.mjs", "//" + "x" * 2000))) == {}
    assert "it has more than" in caplog.text


def test_only_web_addresses_are_read(server: CodeServer, caplog: pytest.LogCaptureFixture) -> None:
    leak = server.redirect("/leak.mjs", "file:///etc/passwd")

    assert modules_for(importing(leak)) == {}
    assert "leak.mjs" in caplog.text


def test_code_that_came_by_https_brings_nothing_by_http() -> None:
    assert not fetching.may_import("https://cdn.test/a", "http://localhost:8888/api/contents")
    assert fetching.may_import("https://cdn.test/a", "https://other.test/b")
    assert fetching.may_import("http://localhost:1/a", "http://localhost:2/b")


def test_the_kept_addresses_are_not_endless(server: CodeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_MAX_KEPT", 60)
    first = server.script("/first.mjs", "//" + "1" * 40)
    second = server.script("/second.mjs", "//" + "2" * 40)

    for url in (first, second, first):
        modules_for(importing(url))

    assert server.asked["/first.mjs"] == 2


def test_a_style_sheet_brings_the_pictures_beside_it(server: CodeServer) -> None:
    server.file("/style/dot.png", b"\x89PNG", "image/png")
    sheet = 'a{background:url(dot.png)} b{background:url("data:,x")} c{background:url(./none.png)}'
    style = server.file("/style/a.css", sheet.encode(), "text/css")

    assert style_at(style) == sheet.replace("url(dot.png)", 'url("data:image/png;base64,iVBORw==")')


def test_code_that_cannot_be_reached_is_an_error_with_its_reason(server: CodeServer) -> None:
    with pytest.raises(ShareError, match=r"/nowhere\.mjs, which this kernel could not fetch: the server says 404"):
        script_at(f"{server.url}/nowhere.mjs")


def test_a_style_sheet_that_cannot_be_reached_is_an_error_with_its_reason(server: CodeServer) -> None:
    with pytest.raises(ShareError, match=r"/nowhere\.css, which this kernel could not fetch: the server says 404"):
        style_at(f"{server.url}/nowhere.css")


def test_a_warning_about_an_address_is_given_once(server: CodeServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    modules_for(importing(f"{server.url}/never.mjs"))
    modules_for(importing(f"{server.url}/never.mjs"))

    assert caplog.text.count("/never.mjs is not brought") == 1
