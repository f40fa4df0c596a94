"""Output widgets that are filled in the kernel, with each ipykernel that matters and no notebook page open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cowidget.widgets.capture import INTERVAL
from tests.support.ipykernels import VERSIONS, environment
from tests.support.kernels import Kernel, running_kernel

pytestmark = pytest.mark.integration

_PRELUDE = """
import threading, time
from IPython.display import clear_output, display, HTML
from ipywidgets import Output
from cowidget.widgets.capture import listen, unlisten

def texts(output):
    return [o.get('text') or o.get('ename') or o['data']['text/plain'] for o in output.outputs]
"""


@pytest.fixture(scope="module", params=VERSIONS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    home: Path = tmp_path_factory.mktemp("home")
    with running_kernel(home, **environment(request.param)) as kernel:
        kernel.run(_PRELUDE)
        yield kernel


@pytest.fixture
def kernel(running: Kernel) -> Iterator[Kernel]:
    running.run("out = Output(); listen(out)")
    yield running
    running.run("unlisten(out)")
    assert running.value("'send' in vars(get_ipython().kernel.session)") is False


def test_what_is_printed_in_the_context_is_in_the_widget_and_nowhere_else(kernel: Kernel) -> None:
    printed = kernel.run("print('before')\nwith out:\n    print('one'); print('two')\nprint('after')")

    assert printed == "before\nafter\n"
    assert kernel.value("texts(out)") == ["one\ntwo\n"]


def test_all_that_was_printed_is_there_when_the_context_ends(kernel: Kernel) -> None:
    kernel.run("with out:\n    for i in range(200): print(i)\nseen = texts(out)")

    assert kernel.value("seen") == ["".join(f"{i}\n" for i in range(200))]


def test_a_loop_that_prints_is_followed_but_not_line_by_line(kernel: Kernel) -> None:
    kernel.run("""
changes, printed, began = [], 0, time.monotonic()
out.observe(lambda change: changes.append(change['new'][-1]['text'].count('.')), 'outputs')
with out:
    while len(changes) < 5 and time.monotonic() < began + 20:
        print('.', flush=True); printed += 1; time.sleep(0.01)
took = time.monotonic() - began
""")

    counts, printed, took = kernel.value("[changes, printed, took]")
    assert counts[-1] == printed
    assert 5 <= len(counts) <= took / INTERVAL + 1  # the last one when the context ends


def test_pictures_results_and_errors_are_kept_as_they_are(kernel: Kernel) -> None:
    kernel.run("with out:\n    display(HTML('<b>a</b>'))\n    get_ipython().run_cell('6 * 7')\n    1 / 0")

    assert kernel.value("[o['output_type'] for o in out.outputs]") == ["display_data", "execute_result", "error"]
    assert kernel.value("out.outputs[0]['data']['text/html']") == "<b>a</b>"
    assert kernel.value("texts(out)[1:]") == ["42", "ZeroDivisionError"]


def test_decorated_functions_print_into_the_widget(kernel: Kernel) -> None:
    printed = kernel.run("""
@out.capture(clear_output=True)
def work(n): print('worked', n)
work(1); work(2)
""")

    assert printed == ""
    assert kernel.value("texts(out)") == ["worked 2\n"]


def test_clearing_later_replaces_when_something_comes(kernel: Kernel) -> None:
    kernel.run("with out: print('old')")

    kernel.run("out.clear_output(wait=True); kept = texts(out)\nwith out: print('new')")

    assert kernel.value("kept") == ["old\n"]
    assert kernel.value("texts(out)") == ["new\n"]


def test_what_is_appended_between_prints_stays_in_order(kernel: Kernel) -> None:
    kernel.run("with out:\n    print('one', flush=True)\n    out.append_stderr('two')\n    print('three')")

    assert kernel.value("texts(out)") == ["one\n", "two", "three\n"]


def test_the_innermost_output_takes_it(kernel: Kernel) -> None:
    kernel.run("""
inner = Output(); listen(inner)
with out:
    print('a')
    with inner: print('b')
    print('c')
unlisten(inner)
""")

    assert kernel.value("[texts(out), texts(inner)]") == [["a\nc\n"], ["b\n"]]


def test_threads_print_into_the_context_that_is_open(kernel: Kernel) -> None:
    printed = kernel.run("""
def work(): print('from a thread'); display(HTML('<i>too</i>'))
with out:
    thread = threading.Thread(target=work); thread.start(); thread.join()
""")

    assert printed == ""
    assert kernel.value("[o['output_type'] for o in out.outputs]") == ["stream", "display_data"]


def test_an_output_that_is_not_listened_to_is_left_to_the_notebook(kernel: Kernel) -> None:
    printed = kernel.run("alone = Output()\nwith out: print('mine')\nwith alone: print('not mine')")

    assert printed == "not mine\n"
    assert kernel.value("[texts(out), texts(alone)]") == [["mine\n"], []]


def test_it_is_listened_to_until_the_last_one_stops(kernel: Kernel) -> None:
    kernel.run("listen(out); unlisten(out)\nwith out: print('still')")

    assert kernel.value("texts(out)") == ["still\n"]


def test_one_that_is_shared_while_its_context_is_open_has_the_rest(kernel: Kernel) -> None:
    printed = kernel.run(
        "late = Output()\nwith late:\n    print('a', flush=True)\n    listen(late)\n    print('b')\nunlisten(late)"
    )

    assert printed == "a\n"
    assert kernel.value("texts(late)") == ["b\n"]


def test_one_that_is_let_go_while_its_context_is_open_keeps_what_it_had(kernel: Kernel) -> None:
    printed = kernel.run(
        "early = Output(); listen(early)\nwith early:\n    print('a', flush=True)\n    unlisten(early)\n    print('b')"
    )

    assert printed == "b\n"
    assert kernel.value("texts(early)") == ["a\n"]


def test_printing_while_the_widgets_lock_is_held_waits_for_nothing(kernel: Kernel) -> None:
    kernel.run("""
from cowidget.widgets.tee import LOCK
sys.stdout.flush_timeout = 60  # longer than a test waits for a cell: who waits here is not overlooked
with LOCK, out:
    for i in range(30): print(i, flush=True)
""")

    assert kernel.value("texts(out)[0].count(chr(10))") == 30
