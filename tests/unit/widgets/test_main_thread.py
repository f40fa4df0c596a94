from __future__ import annotations

from cowidget.widgets.main_thread import Once


def test_what_two_threads_are_asked_for_is_done_by_the_first() -> None:
    done: list[int] = []
    once = Once(lambda: done.append(1))

    once()
    once()

    assert done == [1]
