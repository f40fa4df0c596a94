"""Real kernels for tests: run code in them, read values back, make them busy, restart them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.support.busy import BEGUN

ROOT = Path(__file__).parents[2]
TIMEOUT = 30.0
_MARK = "cowidget-test-value:"
# IPython writes what was run to one file for all kernels. One that holds its interpreter's lock in the middle of that
# would hold up the others for five seconds.
_NO_HISTORY_FILE = "--HistoryManager.hist_file=:memory:"
_PRELUDE = """
import sys, time
sys.path.insert(0, {root!r})
import cowidget as cw
from tests.support.sample_widgets import Box, Counter, Echo, Even, Picture
"""


class CellFailed(AssertionError):
    """A cell ended with an error; its traceback is the text."""


class Kernel:
    """One ipykernel as a notebook has it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._manager = manager
        self._client = client
        self._begun: dict[str, str] = {}
        """What cells that were begun had printed by then; by request."""
        self._unseen: list[dict[str, Any]] = []
        """Messages of comms that came while another one was waited for."""

    def run(self, code: str, cell: str = "") -> str:
        """Run a cell to its end; what it printed."""
        return self.finish(self.start(code, cell))

    def start(self, code: str, cell: str = "") -> str:
        """Start a cell and do not wait; `finish` takes what this returns."""
        # With `stop_on_error`, a kernel that is still busy with the end of a cell that failed passes over the next one.
        content = {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": False,
        }  # fmt: skip
        message = self._client.session.msg("execute_request", content, metadata={"cellId": cell} if cell else {})
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def begin(self, code: str) -> str:
        """Start a cell of tests.support.busy and wait until it is at work; `finish` takes what this returns."""
        running = self.start(code)
        for kind, content in self._published(running, time.monotonic() + TIMEOUT):
            if kind == "error":
                raise _failure(content)
            if kind == "stream" and content["text"].startswith(BEGUN):
                self._begun[running] = content["text"]
                break
        return running

    def finish(self, running: str, within: float = TIMEOUT) -> str:
        """Wait for a cell; what it printed."""
        printed = [self._begun.pop(running, "")]
        failed: CellFailed | None = None
        deadline = time.monotonic() + within
        for kind, content in self._published(running, deadline):
            if kind == "stream" and content["name"] == "stdout":
                printed.append(content["text"])
            elif kind == "error":
                failed = _failure(content)
            elif kind == "status" and content["execution_state"] == "idle":
                break
        self._wait_reply(running, deadline)
        if failed is not None:
            raise failed
        return "".join(printed)

    def _published(self, running: str, deadline: float) -> Iterator[tuple[str, dict[str, Any]]]:
        """What a cell publishes, one message after the other: its type and its content."""
        while True:
            message = self._client.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.01))
            if message["parent_header"].get("msg_id") == running:
                yield message["msg_type"], message["content"]

    def _wait_reply(self, running: str, deadline: float) -> None:
        # ipykernel 7.0 to 7.3 may pass over a request that comes while it sends the reply to the one before.
        while True:
            reply = self._client.get_shell_msg(timeout=max(deadline - time.monotonic(), 0.01))
            if reply["parent_header"].get("msg_id") == running:
                return

    def value(self, expression: str) -> Any:
        """What an expression is in the kernel, by way of JSON."""
        printed = self.run(f"import json as _json; print({_MARK!r} + _json.dumps({expression}))")
        return json.loads(printed.rpartition(_MARK)[2])

    def sees(self, expression: str, expected: Any, timeout: float = TIMEOUT) -> None:
        """Wait until an expression has a value; fails with the last one."""
        deadline = time.monotonic() + timeout
        while (value := self.value(expression)) != expected:
            if time.monotonic() > deadline:
                raise AssertionError(f"{expression} is {value!r}, not {expected!r}")
            time.sleep(0.05)

    def is_alive(self) -> bool:
        """Whether its process runs."""
        return bool(self._manager.is_alive())

    def interrupt(self) -> None:
        """What the stop button does to the running cell."""
        self._manager.interrupt_kernel()

    def restart(self) -> None:
        """What "Restart Kernel" does, and the imports again."""
        self._manager.restart_kernel(now=False)
        self._client.wait_for_ready(timeout=TIMEOUT)
        self.prepare()

    def prepare(self) -> None:
        """Import what tests use."""
        self.run(_PRELUDE.format(root=str(ROOT)))

    def send_comm(self, comm: str, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """A custom message of a widget's view to its model."""
        data = {"method": "custom", "content": content}
        message = self._client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self._client.session.send(self._client.shell_channel.socket, message, buffers=list(buffers))

    def comm_message(self, comm: str, accepts: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message of a comm whose data is accepted, `buffers` among it; those before it are kept."""
        deadline = time.monotonic() + TIMEOUT
        looked = 0
        while True:
            for at, message in enumerate(self._unseen[looked:], looked):
                content = message["content"]
                if content["comm_id"] == comm and accepts(content["data"]):
                    del self._unseen[at]
                    return {**content["data"], "buffers": [bytes(buffer) for buffer in message["buffers"]]}
            looked = len(self._unseen)
            message = self._client.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.01))
            if message["msg_type"] == "comm_msg":
                self._unseen.append(message)


def _failure(content: dict[str, Any]) -> CellFailed:
    return CellFailed("\n".join(content["traceback"]))


@contextmanager
def running_kernel(home: Path, notebook: str = "", **environment: str) -> Iterator[Kernel]:
    """A kernel with its own cowidget home; two with the same home share the relay, not the notebook."""
    env = {**os.environ, "COWIDGET_HOME": str(home), **environment}
    env.pop("JPY_SESSION_NAME", None)
    if notebook:
        env["JPY_SESSION_NAME"] = notebook
    # Over TCP: the buffers of its sockets bridge seconds in which the test does not run. What does not fit into those
    # of a socket that is a file is dropped.
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=env, cwd=str(home), extra_arguments=[_NO_HISTORY_FILE])
    client = manager.blocking_client()
    # What a cell publishes waits here until the test reads it. Of more than a thousand messages, some would be
    # dropped: the end of the cell, for instance.
    client.context.setsockopt(zmq.RCVHWM, 0)
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        kernel = Kernel(manager, client)
        kernel.prepare()
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def end_relay(home: Path) -> None:
    """End the relay that kernels with this home have started."""
    for file in home.glob("*/relay*.json"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(json.loads(file.read_text())["pid"], signal.SIGTERM)
