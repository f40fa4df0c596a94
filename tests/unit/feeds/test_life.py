from __future__ import annotations

import json
from typing import Any

import pytest

from cowidget.core.feed_values import FeedStatus, Source
from cowidget.feeds.failures import FieldError, SourceError, SourceFailure, SourceRefused
from cowidget.feeds.fields import Row
from cowidget.feeds.life import RECENT, Life
from cowidget.feeds.patience import REFUSED, STEADY

BEGAN = 1_700_000_000.0


class Clocked:
    """A life and the clock that it is told. The draw of each wait is its longest."""

    def __init__(self, url: str = "ws://feeds.test/a", **options: Any) -> None:
        self.now = BEGAN
        self.life = Life(Source(url, **{"fields": {"p": "p"}, **options}), (), BEGAN, lambda: 1.0)

    def after(self, seconds: float) -> Clocked:
        self.now += seconds
        self.life.tick(self.now)
        return self

    def opened(self) -> Clocked:
        self.life.receive_dialing()
        self.life.receive_opened(self.now)
        return self

    def lost(self, text: str = "The source cut the connection.") -> Clocked:
        self.life.receive_lost(SourceFailure(text), self.now)
        return self

    def says(self, *messages: object) -> Clocked:
        for message in messages:
            self.life.receive_message(json.dumps(message), self.now)
        return self

    def rows(self) -> tuple[bool, list[Row]]:
        return self.life.take_rows(self.now)

    def cells(self) -> list[object]:
        return [row.cells[0] for row in self.rows()[1]]

    def status(self) -> FeedStatus:
        """The newest report."""
        self.now += 1.0
        status = self.life.take_report(self.now)
        assert status is not None, "nothing new to report"
        return status


def test_a_life_begins_by_connecting() -> None:
    source = Clocked()
    assert source.life.retry_at == BEGAN
    assert source.status() == FeedStatus("connecting", "Connecting to the source.", BEGAN)


def test_a_source_that_was_opened_is_live_and_says_that_no_row_has_come() -> None:
    status = Clocked().opened().status()
    assert (status.state, status.text) == ("live", "Connected; no row has come yet.")


def test_the_first_row_ends_the_waiting() -> None:
    source = Clocked().opened().says({"p": 1})
    assert (source.cells(), source.status().text) == ([1.0], "")


def test_a_paused_source_is_not_connected() -> None:
    source = Clocked(paused=True)
    assert (source.life.state, source.life.retry_at, source.status().text) == ("idle", None, "Paused.")


def test_fields_that_are_not_understood_are_an_error_at_once() -> None:
    with pytest.raises(FieldError):
        Clocked(fields={"p": "p:nothing"})


# Losing it.


def test_a_lost_connection_is_retried_after_waits_that_grow() -> None:
    source = Clocked().opened().lost()
    assert source.life.retry_at == BEGAN + 0.5
    source.after(0.5).lost()
    assert source.life.retry_at == source.now + 1.0


def test_what_people_see_of_a_lost_connection() -> None:
    status = Clocked().opened().lost().status()
    assert (status.state, status.text, status.attempts, status.errors) == (
        "retrying",
        "The source cut the connection.",
        1,
        1,
    )
    assert [error.text for error in status.recent] == ["The source cut the connection."]


def test_a_connection_that_held_makes_the_next_wait_short() -> None:
    source = Clocked().lost().lost().lost().opened().after(STEADY).lost()
    assert source.life.retry_at == source.now + 0.5


def test_one_that_did_not_hold_does_not() -> None:
    source = Clocked().lost().lost().opened().after(STEADY - 1).lost()
    assert source.life.retry_at == source.now + 2.0


def test_a_host_that_asks_for_patience_gets_it() -> None:
    source = Clocked()
    source.life.receive_lost(SourceFailure("The source answered 429.", retry_after=60), source.now)
    assert source.life.retry_at == source.now + 60


def test_a_refusal_is_failed_and_tried_again_much_later() -> None:
    source = Clocked()
    source.life.receive_lost(SourceRefused("The source answered 401."), source.now)
    assert (source.life.state, source.life.retry_at) == ("failed", source.now + REFUSED)
    assert source.after(REFUSED).opened().status().state == "live"


def test_what_cannot_work_is_failed_for_good() -> None:
    source = Clocked()
    source.life.receive_denied(SourceError("That is a private network."), source.now)
    assert (source.life.state, source.life.retry_at, source.status().text) == (
        "failed",
        None,
        "That is a private network.",
    )


def test_a_source_that_is_over_is_ended() -> None:
    source = Clocked().opened().says({"p": 1})
    source.life.receive_over(source.now)
    assert (source.life.state, source.life.retry_at, source.cells()) == ("ended", None, [1.0])


def test_what_follows_a_lost_connection_comes_after_a_gap() -> None:
    source = Clocked().opened().says({"p": 1})
    assert source.cells() == [1.0]
    source.lost().after(0.5).opened().says({"p": 2})
    assert source.rows() == (True, [Row(BEGAN + 0.5, (2.0,))])


# Silence.


def test_silence_is_stale_and_asks_for_a_new_connection() -> None:
    source = Clocked(stale_after=5.0).opened().says({"p": 1}).after(4.9)
    assert not source.life.wants_cut
    source.after(0.1)
    assert source.life.wants_cut
    assert source.status().text == "No data for 5 s."


def test_a_new_connection_is_stale_until_it_says_something() -> None:
    source = Clocked(stale_after=5.0).opened().says({"p": 1}).after(5)
    source.life.receive_cut(source.now)
    assert source.life.retry_at == source.now
    assert source.opened().life.state == "stale"
    assert source.says({"p": 2}).life.state == "live"


def test_a_sign_of_life_is_no_silence_unless_the_user_says_how_long_it_may_be() -> None:
    usual, strict = Clocked().opened(), Clocked(stale_after=60.0).opened()
    for source in (usual, strict):
        source.says({"p": 1}).after(40)
        source.life.receive_alive(source.now)
        source.after(30)
    assert (usual.life.state, strict.life.state) == ("live", "stale")


def test_a_polled_source_is_silent_after_three_polls() -> None:
    source = Clocked("https://feeds.test/a", every=60.0).opened().says({"p": 1}).after(179)
    assert source.life.state == "live"
    assert source.after(1).life.state == "stale"


# Errors.


def test_an_answer_to_the_subscription_is_no_error() -> None:
    source = Clocked(subscribe=("{}",)).opened().says({"result": None}, {"event": "subscribed"})
    source.says({"p": 1}, {"type": "heartbeat"})
    assert source.status().errors == 0


def test_messages_that_never_have_the_fields_are_errors() -> None:
    source = Clocked().opened()
    for _ in range(10):
        source.says({"price": 1})
    status = source.status()
    assert status.errors == 7
    assert [error.text for error in status.recent] == ["there is no 'p' in the message: it is an object with price."]


def test_errors_are_all_counted_and_the_last_ones_listed() -> None:
    source = Clocked().opened()
    for number in range(50):
        source.says({"p": f"x{number}"})
    status = source.status()
    assert (status.errors, len(status.recent)) == (50, RECENT)
    assert "'x49'" in status.recent[-1].text


def test_rows_that_came_too_late_are_counted() -> None:
    source = Clocked(fields={"t": "t", "p": "p"}, late=1.0).opened().says({"t": 100, "p": 1}).after(6)
    source.rows()
    status = source.says({"t": 50, "p": 2}).status()
    assert status.dropped == 1
    assert "went back by 50.0 s" in status.recent[-1].text


def test_no_secret_is_in_a_status() -> None:
    source = Clocked("ws://me:hunter22@feeds.test/?key=abcd1234", headers={"X-Key": "s3cret-value"}).opened()
    source.says({"p": "s3cret-value"}, {"p": "abcd1234"}).lost("feeds.test said: hunter22")
    shown = repr(source.status())
    assert not any(secret in shown for secret in ("s3cret-value", "abcd1234", "hunter22"))


# Reports.


def test_at_most_two_reports_are_made_in_a_second() -> None:
    source = Clocked().opened()
    reports = []
    for count in range(100):
        source.says({"p": "x" * count}).after(0.01)
        reports.append(source.life.take_report(source.now))
    assert sum(report is not None for report in reports) == 2


def test_nothing_new_is_not_reported() -> None:
    source = Clocked().opened().says({"p": 1})
    source.status()
    assert source.life.take_report(source.now + 10) is None


def test_the_deadline_is_when_something_is_next_to_be_done() -> None:
    source = Clocked().lost()
    source.opened()
    assert source.life.deadline(source.now) <= source.now  # type: ignore[operator]  # a report is due
    source.status()
    assert source.life.deadline(source.now) == BEGAN + STEADY


# Times.


def test_a_clock_that_was_set_back_does_not_stop_rows_without_times_of_their_own() -> None:
    source = Clocked().opened().says({"p": 1})
    source.rows()
    source.now -= 3600
    source.says({"p": 2})
    assert source.rows() == (False, [Row(BEGAN, (2.0,))])


# Filling in.


def test_rows_wait_while_those_that_were_missed_are_asked_for() -> None:
    options = {"fields": {"t": "t", "p": "p"}, "backfill": "https://feeds.test/since/{since}", "late": 0.0}
    source = Clocked(**options).opened()
    assert source.life.wants_backfill is None
    source.says({"t": 1, "p": 1}).rows()
    source.lost().opened()
    assert source.life.wants_backfill == 1.0
    source.says({"t": 3, "p": 3})
    assert source.rows() == (False, [])

    source.life.receive_backfill(b'[{"t": 2, "p": 2}]', source.now)
    assert source.rows() == (False, [Row(2, (2.0,)), Row(3, (3.0,))])


def test_rows_go_on_after_a_gap_when_the_missed_ones_cannot_be_had() -> None:
    options = {"fields": {"t": "t", "p": "p"}, "backfill": "https://feeds.test/since/{since}", "late": 0.0}
    source = Clocked(**options).opened().says({"t": 1, "p": 1})
    source.rows()
    source.lost().opened().says({"t": 3, "p": 3})
    source.life.receive_backfill(None, source.now)
    assert source.rows() == (True, [Row(3, (3.0,))])


def test_an_earlier_life_is_filled_in_from_its_last_row_on() -> None:
    source = Clocked(fields={"t": "t", "p": "p"}, backfill="https://feeds.test/since/{since}")
    source.life.receive_resumed(99.0)
    assert source.opened().life.wants_backfill == 99.0
