"""Sources by URL against real hosts, without a relay: what comes of them, and what people read when they fail."""

from __future__ import annotations

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.feed_servers import http_host, socket_host
from tests.support.followed import following, hurry


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


# WebSockets.


async def test_a_websocket_is_subscribed_to_and_followed() -> None:
    async with (
        socket_host() as host,
        following(host.url, subscribe=('{"op": "trades"}',), headers={"X-Key": "s3cret"}) as chart,
    ):
        await host.wait_heard(1)
        await host.say({"result": None, "id": 1}, {"p": 1.5}, {"p": "2.25"})
        await chart.shows(lambda: chart.cells == [1.5, 2.25])
        await chart.shows(lambda: chart.status.state == "live")

        assert host.heard == ['{"op": "trades"}']
        assert host.headers[0]["x-key"] == "s3cret"
        assert chart.status.errors == 0


async def test_a_cut_connection_comes_back_after_a_gap() -> None:
    async with socket_host() as host, following(host.url) as chart:
        await host.wait_connected()
        await host.say({"p": 1})
        await chart.shows(lambda: chart.cells == [1])
        await host.cut()
        await host.wait_connected(2)
        await host.say({"p": 2})
        await chart.shows(lambda: chart.cells == [1, None, 2])
        await chart.says("cut the connection")


async def test_a_host_that_closes_once_a_day_is_followed_again() -> None:
    async with socket_host() as host, following(host.url) as chart:
        await host.wait_connected()
        await host.say({"p": 1})
        await chart.shows(lambda: chart.cells == [1])
        await host.close(1001, "24 hours are over")
        await host.wait_connected(2)
        await host.say({"p": 2})
        await chart.shows(lambda: chart.cells == [1, None, 2])
        await chart.says("(1001: 24 hours are over)")


async def test_garbage_is_counted_and_the_rest_goes_on() -> None:
    async with socket_host() as host, following(host.url) as chart:
        await host.wait_connected()
        await host.say({"p": 1}, "\x00{{{", '{"p": "many"}', "[" * 5000, {"p": 2})
        await chart.shows(lambda: chart.cells == [1, 2] and chart.status.errors == 3)

        assert chart.status.state == "live"
        assert any("is no number" in error for error in chart.errors)
        assert any("is no JSON" in error for error in chart.errors)


async def test_a_silent_socket_is_stale_and_opened_anew() -> None:
    async with socket_host() as host:
        # Who comes back finds it still silent, and is stale until the time after that.
        host.greeting = lambda number: {"p": number} if number % 2 else None
        async with following(host.url, stale_after=0.5) as chart:
            await chart.shows(lambda: chart.states[-2:] == ["stale", "live"])
            await chart.shows(lambda: len(chart.cells) > 2)

    assert chart.cells[1] is None


async def test_a_message_of_50_mb_is_refused_and_the_rest_goes_on() -> None:
    async with socket_host() as host, following(host.url) as chart:
        await host.wait_connected()
        await host.say({"p": 1})
        await chart.shows(lambda: chart.cells == [1])
        with suppress(ConnectionClosed):
            await host.say('{"p": 9, "junk": "' + "x" * 50_000_000 + '"}')
        await host.wait_connected(2)
        await host.say({"p": 2})
        await chart.shows(lambda: chart.cells == [1, None, 2])
        await chart.says("A message of more than 8 MB was refused.")


async def test_new_names_in_messages_add_columns() -> None:
    async with socket_host() as host, following(host.url, fields={}) as chart:
        await host.wait_connected()
        await host.say({"temp": 20.5})
        await chart.shows(lambda: len(chart.rows) == 1)
        await host.say({"temp": 21, "humidity": 40, "place": "roof"})
        await chart.shows(lambda: len(chart.rows) == 2)

        assert [column.name for column in chart.columns] == ["temp", "humidity"]
        assert [row.cells for row in chart.rows if row] == [(20.5,), (21.0, 40.0)]


async def test_times_that_go_back_are_dropped_until_they_have_caught_up() -> None:
    async with socket_host() as host, following(host.url, fields={"t": "t", "price": "p"}) as chart:
        await host.wait_connected()
        await host.say({"t": 1000, "p": 1})
        await chart.shows(lambda: chart.cells == [1])
        await host.say({"t": 400, "p": 2}, {"t": 401, "p": 3}, {"t": 1001, "p": 4})
        await chart.shows(lambda: chart.cells == [1, 4] and chart.status.dropped == 2)
        await chart.says("went back by 10 min")


async def test_rows_missed_while_away_are_filled_in_without_a_gap() -> None:
    async with http_host() as history, socket_host() as host:
        history.document("/since", [{"t": 1, "p": 1}, {"t": 2, "p": 2}, {"t": 3, "p": 3}])
        backfill = history.url + "/since?from={since_ms}"
        async with following(host.url, fields={"t": "t", "price": "p"}, backfill=backfill) as chart:
            await host.wait_connected()
            await host.say({"t": 1, "p": 1})
            await chart.shows(lambda: chart.cells == [1])
            await host.cut()
            await host.wait_connected(2)
            await host.say({"t": 3, "p": 3}, {"t": 4, "p": 4})
            await chart.shows(lambda: chart.cells == [1, 2, 3, 4])

    assert history.asked[0][0] == "/since?from=1000"


# Polled documents.


async def test_a_polled_document_gives_a_row_when_it_changes() -> None:
    async with http_host() as host:
        host.document("/score.json", {"p": 1}, ETag='"one"')
        async with following(host.url + "/score.json", every=0.02) as chart:
            await host.wait_asked(4)
            host.document("/score.json", {"p": 2}, ETag='"two"')
            await chart.shows(lambda: chart.cells == [1, 2])
            asked = len(host.asked)
            await host.wait_asked(asked + 3)

            assert host.asked[-1][1]["if-none-match"] == '"two"'
            assert chart.cells == [1, 2]
            await chart.shows(lambda: chart.status.state == "live")


async def test_a_list_that_repeats_itself_gives_each_row_once() -> None:
    async with http_host() as host:
        host.document("/list", {"rows": [{"t": 1, "p": 1}, {"t": 2, "p": 2}]})
        options = {"every": 0.02, "records": "rows", "fields": {"t": "t", "price": "p"}}
        async with following(host.url + "/list", **options) as chart:
            await chart.shows(lambda: chart.cells == [1, 2])
            host.document("/list", {"rows": [{"t": 3, "p": 3}, {"t": 2, "p": 2}, {"t": 1, "p": 1}]})
            await chart.shows(lambda: chart.cells == [1, 2, 3])

            assert chart.status.dropped == 0


async def test_an_answer_of_50_mb_is_refused_and_the_next_one_is_taken() -> None:
    async with http_host() as host:
        host.document("/big", b'{"p": "' + b"x" * 50_000_000 + b'"}')
        async with following(host.url + "/big", every=0.02) as chart:
            await chart.shows(lambda: chart.status.errors > 0)
            host.document("/big", {"p": 1})
            await chart.shows(lambda: chart.cells == [1])
            await chart.says("An answer of more than 8 MB was refused.")


async def test_a_server_error_is_retried_and_a_refusal_waits() -> None:
    async with http_host() as host:
        host.document("/a", b"", 503)
        async with following(host.url + "/a", every=0.02) as chart:
            await chart.shows(lambda: chart.status.state == "retrying" and chart.status.attempts >= 2)
            assert "answered 503 Service Unavailable." in chart.status.text
            host.document("/a", b"", 401)
            await chart.shows(lambda: chart.status.state == "failed")

            assert "answered 401 Unauthorized." in chart.status.text
            assert chart.status.retry_at > chart.status.since + 200


# Events.


async def test_events_are_followed_and_continued_from_the_last_id() -> None:
    async with http_host() as host:
        stream = host.stream("/events", "text/event-stream")
        async with following("sse+" + host.url + "/events") as chart:
            await stream.wait_read()
            await stream.send(
                'retry: 20\nid: 7\ndata: {"p":\ndata: 1}\n\n: a comment\n\nid: 8\r\ndata: {"p": 2}\r\n\r\n'
            )
            await chart.shows(lambda: chart.cells == [1, 2])
            stream.cut()
            await host.wait_asked(2)
            await stream.wait_read()
            await stream.send('data: {"p": 3}\n\n')
            await chart.shows(lambda: chart.cells == [1, 2, None, 3])

            assert host.asked[0][1].get("last-event-id") is None
            assert host.asked[1][1]["last-event-id"] == "8"


async def test_a_stream_of_events_ends_when_its_host_says_so() -> None:
    async with http_host() as host:
        host.document("/over", b"", 204)
        async with following("sse+" + host.url + "/over") as chart:
            await chart.shows(lambda: chart.status.state == "ended")


async def test_a_page_is_no_stream_of_events() -> None:
    async with http_host() as host:
        host.document("/page", b"<p>", Content_Type="text/html")
        async with following("sse+" + host.url + "/page") as chart:
            await chart.shows(lambda: chart.status.state == "failed")

            assert "sends text/html, which is no event stream" in chart.status.text


# Lines.


async def test_lines_are_followed_and_one_of_50_mb_is_passed_over() -> None:
    async with http_host() as host:
        stream = host.stream("/lines", "application/x-ndjson")
        async with following("ndjson+" + host.url + "/lines") as chart:
            await stream.wait_read()
            await stream.send('{"p": 1}\n{"p"')
            await stream.send(': 2}\n{"junk": "')
            for _ in range(50):
                await stream.send(b"x" * 1_000_000)
            await stream.send('"}\n{"p": 3}\n')
            await chart.shows(lambda: chart.cells == [1, 2, 3])
            await chart.says("A line of more than 8 MB was refused.")


async def test_a_file_of_lines_ends() -> None:
    async with http_host() as host:
        host.document("/file", b'{"p": 1}\n{"p": 2}')
        async with following("ndjson+" + host.url + "/file") as chart:
            await chart.shows(lambda: chart.status.state == "ended")

            assert chart.cells == [1, 2]
