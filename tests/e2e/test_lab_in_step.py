"""The panel in JupyterLab, JupyterLab's own views, guests and Python show the same."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.busy import holding_the_lock, looping
from tests.support.lab import LabPage, Lesson, RoomView, drag, running_lesson

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

DISPLAY = "from IPython.display import display\ndisplay(slider)"
# With and without the chance for other threads to run.
BUSY = {"a loop": looping(), "a C call that holds the GIL": holding_the_lock()}


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    with running_lesson(browser, tmp_path_factory.mktemp("lab"), [DISPLAY, *BUSY.values()]) as lesson:
        lesson.notebook.run(2)
        yield lesson


@pytest.fixture
def lesson(running: Lesson) -> Lesson:
    running.begin()
    expect(running.notebook.native_slider).to_have_value("20")
    return running


@pytest.fixture
def notebook(lesson: Lesson) -> LabPage:
    return lesson.notebook


@pytest.fixture
def ana(lesson: Lesson) -> RoomView:
    return lesson.ana


@pytest.fixture
def ben(lesson: Lesson) -> RoomView:
    return lesson.ben


def test_a_slider_dragged_in_the_panel_moves_for_guests_and_in_python(
    notebook: LabPage, ana: RoomView, ben: RoomView
) -> None:
    notebook.panel.drag(to=60)

    value = int(notebook.panel.slider.input_value())
    assert 58 <= value <= 62
    ana.shows(value)
    ben.shows(value)
    notebook.python_sees("slider.value", value)


def test_a_slider_dragged_by_a_guest_moves_in_the_panel_and_in_jupyterlabs_own_view(
    notebook: LabPage, ana: RoomView, ben: RoomView
) -> None:
    ana.drag(to=45)

    value = int(ana.slider.input_value())
    assert 43 <= value <= 47
    notebook.panel.shows(value)
    expect(notebook.native_slider).to_have_value(str(value))
    ben.shows(value)
    notebook.python_sees("slider.value", value)


def test_a_slider_dragged_in_jupyterlabs_own_view_moves_for_guests_and_in_the_panel(
    notebook: LabPage, ana: RoomView
) -> None:
    drag(notebook.page, notebook.native_slider, 70)

    value = int(notebook.native_slider.input_value())
    assert 68 <= value <= 72
    ana.shows(value)
    notebook.panel.shows(value)
    notebook.python_sees("slider.value", value)


@pytest.mark.parametrize("who", ["a guest", "the panel", "jupyterlab's own view", "python"])
def test_a_value_that_the_kernel_clamps_is_corrected_everywhere(
    notebook: LabPage, ana: RoomView, ben: RoomView, who: str
) -> None:
    match who:
        case "a guest":
            ana.drag(to=97)
        case "the panel":
            notebook.panel.drag(to=97)
        case "jupyterlab's own view":
            drag(notebook.page, notebook.native_slider, 97)
        case "python":
            notebook.python("setattr(slider, 'value', 97)")

    for view in (ana, ben, notebook.panel):
        view.shows(80)
    expect(notebook.native_slider).to_have_value("80")
    notebook.python_sees("slider.value", 80)


@pytest.mark.parametrize("work", BUSY)
def test_while_the_kernel_is_busy_everybody_keeps_seeing_each_other(
    notebook: LabPage, ana: RoomView, ben: RoomView, work: str
) -> None:
    index = 3 + list(BUSY).index(work)
    notebook.start(index)

    ana.drag(to=40)
    by_ana = int(ana.slider.input_value())
    ben.shows(by_ana)
    notebook.panel.shows(by_ana)
    notebook.panel.drag(to=65)
    by_host = int(notebook.panel.slider.input_value())
    ana.shows(by_host)
    ben.say(f"still here in {work}")
    ana.reads(f"still here in {work}")
    notebook.panel.reads(f"still here in {work}")

    notebook.release(index)
    notebook.python_sees("slider.value", by_host)
    expect(notebook.native_slider).to_have_value(str(by_host))


def test_a_busy_kernel_is_told_to_everybody_and_so_is_its_return(notebook: LabPage, ana: RoomView) -> None:
    notebook.start(3)
    ana.drag(to=40)

    expect(ana.status).to_contain_text("kernel busy, 1 waiting")
    expect(notebook.panel.status).to_contain_text("kernel busy, 1 waiting")

    notebook.release(3)
    expect(ana.status).to_contain_text("live")
    expect(notebook.panel.status).to_contain_text("live")
