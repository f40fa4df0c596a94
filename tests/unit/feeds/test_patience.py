from __future__ import annotations

import pytest

from cowidget.feeds.patience import CEILING, LONGEST_SILENCE, UNKNOWN_SILENCE, Backoff, Silence


def test_waits_are_drawn_from_an_interval_that_doubles_up_to_the_ceiling() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.lost(0.0) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, CEILING, CEILING, CEILING]
    assert backoff.attempts == 9


def test_a_wait_may_be_anything_down_to_nothing() -> None:
    assert Backoff(lambda: 0.0).lost(0.0) == 0.0


def test_a_host_may_ask_for_more() -> None:
    assert Backoff(lambda: 0.0).lost(12.0) == 12.0


def test_after_a_reset_the_waits_are_short_again() -> None:
    backoff = Backoff(lambda: 1.0)
    backoff.lost(0.0)
    backoff.lost(0.0)
    backoff.reset()
    assert (backoff.attempts, backoff.lost(0.0)) == (0, 0.5)


@pytest.mark.parametrize(("interval", "seconds"), [(0.01, 5.0), (1.0, 5.0), (10.0, 30.0)])
def test_silence_is_three_usual_intervals_and_not_less_than_five_seconds(interval: float, seconds: float) -> None:
    silence = Silence(0.0)
    silence.opened(0.0)
    for count in range(20):
        silence.heard(count * interval)
    assert silence.seconds == pytest.approx(seconds)
    assert silence.deadline == pytest.approx(19 * interval + seconds)


def test_a_pause_is_not_what_is_usual() -> None:
    silence = Silence(0.0)
    for time in (0, 1, 2, 500, 501, 502, 503):
        silence.heard(time)
    assert silence.seconds == 5.0


def test_the_time_without_a_connection_is_no_interval() -> None:
    silence = Silence(0.0)
    for start in (0.0, 3600.0, 7200.0):
        silence.opened(start)
        silence.heard(start + 1)
        silence.heard(start + 2)
    assert silence.seconds == 5.0


def test_a_silence_that_the_user_has_set_holds() -> None:
    silence = Silence(60.0)
    silence.heard(0.0)
    silence.heard(1.0)
    assert silence.deadline == 61.0


def test_as_long_as_it_is_not_known_what_is_usual_silence_is_a_minute() -> None:
    silence = Silence(0.0)
    silence.opened(0.0)
    for count in range(4):
        assert silence.seconds == UNKNOWN_SILENCE
        silence.heard(count * 0.5)
    assert silence.seconds == 5.0


def test_each_silence_is_waited_for_twice_as_long_until_there_is_news() -> None:
    silence = Silence(5.0)
    silence.opened(0.0)
    waits = []
    for _ in range(9):
        waits.append(silence.seconds)
        silence.passed(0.0)
        silence.opened(0.0)
        silence.heard(0.0)  # what everybody is sent who comes
    assert waits == [5, 10, 20, 40, 80, 160, 320, LONGEST_SILENCE, LONGEST_SILENCE]
    silence.heard(1.0)
    assert silence.seconds == 5
