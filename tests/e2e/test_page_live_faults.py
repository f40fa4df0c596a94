"""Lines that break, relays that die, kernels that are busy or gone: every viewer ends with every row, once."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Visit
from tests.support.hosts import Host, Line
from tests.support.live import LiveChart, Stream
from tests.support.running_relay import RunningRelay

# Seconds. What somebody is behind with has to come over a line of 16 KB/s.
_SLOW = 30.0
# Milliseconds. The page gives a silent relay 10 s (PROTOCOL.md S9); the rest is for a busy machine.
_NOTICED_MS = 25_000
# Rows. `Stream` flows at 400 a second unless told otherwise.
_THREE_SECONDS = 1_200


@pytest.fixture
def stream(host: Host) -> Stream:
    stream = Stream(host)
    stream.push(20_000)
    return stream


def all_hold(stream: Stream, *charts: LiveChart, within: float = 15.0) -> None:
    """The flow ends, and everybody has what Python has."""
    rows = stream.ends()
    crc = charts[0].holds(rows, within)
    assert stream.holds() == [rows, crc]
    assert [chart.holds(rows, within) for chart in charts[1:]] == [crc] * (len(charts) - 1)


def test_a_viewer_who_was_cut_off_gets_exactly_the_rows_that_it_missed(
    host: Host, visit: Visit, line: Line, stream: Stream
) -> None:
    guest = visit("Bob", line.through(host.link))
    ann, bob = LiveChart.of(visit("Ann")), LiveChart.of(guest)
    bob.holds(20_000)
    stream.flows(20_000)
    bob.gains(100)

    line.refuse()
    guest.sees_status("reconnecting")
    end = bob.figures()["end"]
    ann.sees(lambda told: told["end"] >= end + _THREE_SECONDS)
    assert bob.figures()["end"] == end
    line.accept()
    guest.retries()
    bob.gains(_THREE_SECONDS)

    all_hold(stream, ann, bob)


def test_a_line_that_falls_silent_is_noticed_and_nothing_is_lost(
    host: Host, visit: Visit, line: Line, stream: Stream
) -> None:
    ann, bob = LiveChart.of(visit("Ann")), LiveChart.of(visit("Bob", line.through(host.link)))
    bob.holds(20_000)
    stream.flows(20_000)

    line.stall()
    bob.sees_badge("reconnecting", within_ms=_NOTICED_MS)
    line.resume()
    bob.sees_badge("live")

    all_hold(stream, ann, bob)


def test_a_viewer_on_a_slow_line_delays_nobody_and_has_everything_in_the_end(
    host: Host, visit: Visit, line: Line, stream: Stream
) -> None:
    ann, bob = LiveChart.of(visit("Ann")), LiveChart.of(visit("Bob", line.through(host.link)))
    bob.holds(20_000)

    # Too slow for what comes: he falls further and further behind.
    line.limit(16_000, delay=0.2)
    stream.flows(20_000, each=2_000)
    ann.sees(lambda told: told["lagMs"] < 500 and told["end"] >= bob.figures()["end"] + 40_000)

    all_hold(stream, ann, bob, within=_SLOW)


def test_a_relay_that_is_killed_and_started_again_has_every_row(
    host: Host, visit: Visit, relay: RunningRelay, stream: Stream
) -> None:
    ann, bob = LiveChart.of(visit("Ann")), LiveChart.of(visit("Bob"))
    bob.holds(20_000)
    stream.flows(20_000)
    ann.gains(100)

    relay.kill()
    ann.sees_badge("reconnecting")
    relay.start()
    ann.gains(_THREE_SECONDS)

    all_hold(stream, ann, bob)
