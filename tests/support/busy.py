"""Cells that keep a kernel busy until a test lets them end: how long the test takes on a slow machine is no matter.

notebook.start(index)  # a cell of `looping("gate")`
...
release(folder / "gate")
"""

from pathlib import Path

GATE = "gate"
BEGUN = "begun"


def looping(gate: str = GATE) -> str:
    """A loop in Python until the file is there; it prints `begun`, and takes the file away at its end."""
    return (
        f"import time\nfrom pathlib import Path\nprint({BEGUN!r}, flush=True)\n"
        f"while not Path({gate!r}).exists(): time.sleep(0.001)\nPath({gate!r}).unlink()"
    )


def holding_the_lock(gate: str = GATE) -> str:
    """One call into C that never lets go of the interpreter's lock: not even the kernel's link thread runs.

    It waits for somebody to open the named pipe `gate` for writing.
    """
    # A flush hands the text to the thread that sends; once the next one is through, it has been sent.
    return (
        f"import ctypes, os\nos.mkfifo({gate!r})\nprint({BEGUN!r}, flush=True)\nprint(end='', flush=True)\n"
        f"ctypes.PyDLL(None).open({gate!r}.encode(), os.O_RDONLY)\nos.unlink({gate!r})"
    )


def release(gate: Path) -> None:
    """Let the cell end."""
    gate.write_bytes(b"")
