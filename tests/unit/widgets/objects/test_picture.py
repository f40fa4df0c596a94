from __future__ import annotations

import gc
import io
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets import DOMWidget
from PIL import Image

from cowidget.widgets import objects
from cowidget.widgets.objects import moments
from cowidget.widgets.objects.picture import SCALE


@pytest.fixture
def figure() -> Iterator[Any]:
    figure, axes = plt.subplots(figsize=(4, 3), dpi=50)
    axes.plot([1, 2, 3])
    yield figure
    plt.close(figure)


@pytest.fixture
def unpaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking again is never too soon."""
    monkeypatch.setattr(moments, "INTERVAL", 0.0)
    monkeypatch.setattr(moments, "REST", 0.0)


def size(picture: Any) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture.png)).size


def test_a_figure_is_a_picture_with_twice_its_pixels(figure: Any) -> None:
    assert size(objects.adapt(figure)) == (4 * 50 * SCALE, 3 * 50 * SCALE)


def test_the_hosts_sharp_screen_makes_no_larger_picture(figure: Any) -> None:
    figure.canvas._set_device_pixel_ratio(2)

    assert size(objects.adapt(figure)) == (4 * 50 * SCALE, 3 * 50 * SCALE)


def test_a_canvas_of_ipympl_is_its_figure_not_a_widget_of_its_own(figure: Any) -> None:
    kind = type("Canvas", (DOMWidget,), {"__module__": "ipympl.backend_nbagg", "figure": figure})

    canvas = kind()

    assert objects.adapt(canvas) is objects.adapt(figure)
    canvas.layout.close()
    canvas.close()


def test_its_words_are_titles_and_labels(figure: Any) -> None:
    figure.suptitle("Both")
    figure.axes[0].set(title="Growth", xlabel="day", ylabel="cm")
    figure.axes[0].legend(["bean"])

    assert objects.adapt(figure).alt == "Figure: Both; Growth, x day, y cm, legend bean"


def test_axes_lines_and_what_pyplot_returns_are_their_figure(figure: Any) -> None:
    picture = objects.adapt(figure)
    axes = figure.axes[0]

    parts = [axes, axes.lines[0], axes.plot([3]), axes.bar([1, 2], [3, 4]), figure.subplots(2, squeeze=False)]

    assert all(objects.adapt(part) is picture for part in parts)


def test_a_part_of_a_figure_of_figures_is_the_whole(figure: Any) -> None:
    inner = figure.subfigures(1, 2)[0].subfigures(2)[1]

    assert objects.adapt(inner.subplots()) is objects.adapt(figure)


def test_what_lies_beside_the_figure_belongs_to_the_picture(figure: Any) -> None:
    picture = objects.adapt(figure)
    width, height = size(picture)

    figure.axes[0].text(1.3, 0.5, "beside", transform=figure.axes[0].transAxes)
    objects.adapt(figure)

    assert size(picture)[0] > width
    assert size(picture)[1] == height


def test_a_figure_that_became_stale_is_drawn_after_the_cell(figure: Any, shell: InteractiveShell) -> None:
    picture = objects.adapt(figure)
    before = picture.png
    shell.user_ns["axes"] = figure.axes[0]

    shell.run_cell("axes.set_title('new'); axes.set_xlabel('too')")

    assert picture.png != before
    assert picture.alt == "Figure: new, x too"


def test_a_cell_that_leaves_the_figure_alone_draws_nothing(figure: Any, shell: InteractiveShell) -> None:
    objects.adapt(figure)
    figure.savefig = None  # would be called

    shell.run_cell("1 + 1")


@pytest.mark.usefixtures("unpaced")
def test_it_is_drawn_when_the_cell_draws_it(figure: Any) -> None:
    picture = objects.adapt(figure)
    before = picture.png

    figure.axes[0].set_title("new")
    assert picture.png == before
    figure.canvas.draw()

    assert picture.png != before


def test_a_figure_that_is_drawn_all_the_time_is_sent_ten_times_a_second_at_most(
    figure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(moments.time, "monotonic", lambda: now[0])
    picture = objects.adapt(figure)
    sent: list[Any] = []
    picture.observe(sent.append, "png")

    for step in range(60):
        now[0] += 1 / 60
        figure.axes[0].set_title(str(step))
        figure.canvas.draw()

    assert 8 <= len(sent) <= 10


@pytest.mark.usefixtures("unpaced")
def test_saving_a_figure_draws_no_picture_of_another_size(figure: Any) -> None:
    picture = objects.adapt(figure)
    before = size(picture)

    figure.savefig(io.BytesIO(), dpi=300)
    objects.adapt(figure)

    assert size(picture) == before


def test_a_picture_of_a_figure_tells_nobody_and_leaves_it_as_it_was(figure: Any) -> None:
    figure.canvas.draw()
    told: list[Any] = []
    figure.canvas.mpl_connect("draw_event", told.append)
    before = (figure.dpi, tuple(figure.get_size_inches()), figure.canvas, figure.stale)

    objects.adapt(figure)

    assert told == []
    assert (figure.dpi, tuple(figure.get_size_inches()), figure.canvas, figure.stale) == before


def test_whoever_listened_for_stale_still_hears_it_and_closing_gives_it_back(figure: Any) -> None:
    heard: list[Any] = []

    def listener(artist: Any, stale: bool) -> None:
        heard.append((artist, stale))

    figure.stale_callback = listener
    picture = objects.adapt(figure)
    figure.axes[0].set_title("x")
    objects.close(picture)

    assert (figure, True) in heard
    assert figure.stale_callback is listener


def test_who_listens_for_stale_after_us_is_left_in_place(figure: Any) -> None:
    picture = objects.adapt(figure)
    ours = figure.stale_callback
    theirs = lambda artist, stale: ours(artist, stale)  # noqa: E731
    figure.stale_callback = theirs

    objects.close(picture)
    figure.axes[0].set_title("x")

    assert figure.stale_callback is theirs


def test_a_figure_that_pyplot_has_closed_keeps_its_last_picture(figure: Any) -> None:
    picture = objects.adapt(figure)
    before = picture.png

    plt.close(figure)

    assert picture.png == before


def test_a_figure_that_pyplot_has_closed_can_go_on(figure: Any) -> None:
    picture = objects.adapt(figure)
    plt.close(figure)

    figure.suptitle("later")
    objects.adapt(figure)

    assert picture.alt == "Figure: later"


def test_no_window_is_opened(figure: Any) -> None:
    numbers = plt.get_fignums()

    objects.adapt(figure)

    assert plt.get_fignums() == numbers


def test_a_figure_is_drawn_on_the_main_thread_only(figure: Any) -> None:
    picture = objects.adapt(figure)
    picture._moments._loop = loop = Loop()
    before = picture.png
    figure.axes[0].set_title("from a thread")

    thread = threading.Thread(target=figure.canvas.draw)
    thread.start()
    thread.join()

    assert picture.png == before
    assert len(loop.called) == 1


class Loop:
    """A main loop that is busy."""

    def __init__(self) -> None:
        self.called: list[Any] = []

    def is_closed(self) -> bool:
        return False

    def call_soon_threadsafe(self, act: Any) -> None:
        self.called.append(act)


def test_a_figure_and_its_picture_do_not_keep_each_other() -> None:
    figure = plt.figure()
    picture = objects.adapt(figure)
    plt.close(figure)
    gone = weakref.ref(figure)

    del figure
    gc.collect()

    assert gone() is None
    assert picture.png


def test_a_closed_picture_leaves_nothing_on_its_figure(figure: Any) -> None:
    picture = objects.adapt(figure)
    gone = weakref.ref(picture)

    objects.close(picture)
    del picture
    gc.collect()

    assert gone() is None
    assert "draw_event" not in figure.canvas.callbacks.callbacks


def test_two_figures_in_one_list_are_no_figure(figure: Any) -> None:
    other = plt.figure()
    with pytest.raises(Exception, match=r"share\(\*list\)"):
        objects.adapt([figure, other])
    plt.close(other)
