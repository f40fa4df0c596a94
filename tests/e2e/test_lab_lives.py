"""What a room in JupyterLab outlives: the cell run again, a restarted kernel, a reloaded page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.lab import LabPage, Lesson, RoomView, running_lesson

# The first test of a module starts JupyterLab and a kernel: half a minute when the machine is busy.
pytestmark = pytest.mark.timeout(150)

LEFT_OPEN = "[__import__('threading').active_count(), len(__import__('psutil').Process().net_connections('inet'))]"


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    with running_lesson(browser, tmp_path_factory.mktemp("lab")) as lesson:
        yield lesson


@pytest.fixture
def notebook(running: Lesson) -> LabPage:
    running.begin()
    return running.notebook


@pytest.fixture
def ana(running: Lesson) -> RoomView:
    return running.ana


def test_a_restarted_kernel_continues_under_the_same_link_with_the_guests_value(
    notebook: LabPage, ana: RoomView
) -> None:
    link = notebook.link()
    ana.drag(to=60)
    by_ana = int(ana.slider.input_value())
    notebook.python_sees("slider.value", by_ana)

    notebook.restart_and_run_all()

    notebook.panel.is_live()
    assert notebook.link() == link
    notebook.python_sees("slider.value", by_ana)
    notebook.panel.shows(by_ana)


def test_after_a_restart_the_panel_and_the_guests_drive_the_new_widget(notebook: LabPage, ana: RoomView) -> None:
    notebook.restart_and_run_all()
    notebook.panel.is_live()

    notebook.panel.drag(to=50)
    ana.shows(int(notebook.panel.slider.input_value()))
    ana.drag(to=30)

    notebook.panel.shows(int(ana.slider.input_value()))
    notebook.python_sees("slider.value", int(ana.slider.input_value()))


def test_a_guest_is_told_that_the_host_is_away_and_keeps_what_they_set_meanwhile(
    running: Lesson, notebook: LabPage, ana: RoomView
) -> None:
    running.lab.end_kernels()
    expect(ana.status).to_contain_text("host away")
    ana.drag(to=60)
    by_ana = int(ana.slider.input_value())

    notebook.open()
    notebook.share()

    notebook.python_sees("slider.value", by_ana)
    expect(ana.status).not_to_contain_text("host away")


def test_a_cell_that_is_run_again_shows_one_panel_and_one_widget(notebook: LabPage, ana: RoomView) -> None:
    link = notebook.link()
    ana.drag(to=60)
    by_ana = int(ana.slider.input_value())
    notebook.python_sees("slider.value", by_ana)

    notebook.run(1)
    notebook.run(1)

    expect(notebook.panels).to_have_count(1)
    notebook.panel.is_live()
    notebook.panel.shows(by_ana)
    ana.shows(by_ana)
    expect(ana.slider).to_have_count(1)
    notebook.python_sees("slider.value", by_ana)
    assert notebook.python("list(room.widgets)") == ["slider"]
    assert notebook.link() == link


def test_a_cell_that_is_run_again_leaves_no_thread_and_no_socket_behind(notebook: LabPage) -> None:
    notebook.run(1)
    notebook.panel.is_live()
    before = notebook.python(LEFT_OPEN)

    for _ in range(3):
        notebook.run(1)
    notebook.panel.is_live()

    # Not more of either: what an earlier page had open may have been closing before.
    notebook.python_sees(f"[now <= then for now, then in zip({LEFT_OPEN}, {before})]", [True, True])


def test_a_guest_sees_one_host_however_often_the_cell_was_run(notebook: LabPage, ana: RoomView) -> None:
    for _ in range(3):
        notebook.run(1)
    notebook.panel.is_live()

    ana.root.get_by_role("button", name="3 people here").click()
    expect(ana.root.get_by_role("listitem").filter(has_text="Host")).to_have_count(1)


def test_a_reloaded_jupyterlab_has_the_live_panel_again(notebook: LabPage, ana: RoomView) -> None:
    notebook.save()
    ana.drag(to=60)

    notebook.open()

    notebook.panel.is_live()
    notebook.panel.shows(int(ana.slider.input_value()))


def test_two_views_of_the_panel_are_in_step(notebook: LabPage, ana: RoomView) -> None:
    notebook.cell(1).locator(".jp-InputPrompt").click()
    notebook.command("notebook:create-output-view")
    beside = RoomView(notebook.page, notebook.page.locator(".jp-LinkedOutputView .cowidget-panel .app"))

    beside.is_live()
    ana.drag(to=60)

    beside.shows(int(ana.slider.input_value()))
    notebook.panel.shows(int(ana.slider.input_value()))
