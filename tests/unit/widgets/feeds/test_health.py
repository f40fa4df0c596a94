"""How a feed is doing."""

from cowidget.widgets.feeds.health import MOST_ERRORS, Diary, Pace, health_of


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_only_the_last_errors_are_kept_and_all_are_counted() -> None:
    diary = Diary()
    for number in range(MOST_ERRORS + 20):
        diary.report(f"error {number}")
    assert (len(diary.errors), diary.errors[-1].text) == (MOST_ERRORS, f"error {MOST_ERRORS + 19}")
    assert diary.status(0).errors == MOST_ERRORS + 20
    assert len(diary.status(0).recent) == 20


def test_a_state_lasts_since_it_began() -> None:
    clock = Clock()
    diary = Diary(clock)
    diary.become("live")
    clock.now += 5
    diary.become("live")
    assert diary.status(0).since == 100.0


def test_changes_of_state_are_told_apart_from_errors() -> None:
    told: list[bool] = []
    diary = Diary()
    diary.on_change = told.append
    diary.become("retrying", "no answer", attempts=1, retry_at=5.0)
    diary.report("no answer")
    diary.become("retrying", "no answer", attempts=1, retry_at=5.0)
    assert told == [True, False]


def test_the_pace_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.add(1000)
    clock.now += 10
    assert pace.rate == 0.0
    for _ in range(5):
        pace.add(10)
        clock.now += 1
    assert pace.rate == 10.0


def test_health_reads_as_a_line() -> None:
    diary = Diary()
    diary.become("retrying", "no answer")
    diary.report("no answer")
    assert str(health_of(diary.status(2), 1200, 480.0, 0.1)) == (
        "retrying: no answer · 1,200 rows · 480 rows/s · 1 error · 2 dropped"
    )
