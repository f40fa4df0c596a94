"""The worker's process: `python -m cowidget.photos.worker` cleans the photos on its standard input until that ends.

It is where strangers' bytes meet decoders written in C. So it has no secrets, little priority and bounded memory, and
may be killed at any moment.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import BinaryIO

from PIL import Image

from cowidget.photos.answers import LENGTH, Answer, Ready, Refused, encode
from cowidget.photos.cleaning import clean
from cowidget.photos.photo import MAX_PIXELS
from cowidget.photos.refusal import PhotoRefused, Slug

# Of addresses, where the platform can bound them: the largest photo takes two thirds of it. More would let one photo
# push a small machine into swapping.
MEMORY_BYTES = 2 << 30
# Steps of kindness to everybody else on the machine, on Unix; on Windows, who starts us says so.
NICENESS = 10


def main() -> None:
    """Clean photos until there are no more. Does not return."""
    answers = _own_stdout()
    _give_way()
    _bound_memory()
    # Beside our own limits, and for what is found only while decoding.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    photos: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # A thread, so that we end with whoever started us also in the middle of a photo.
    threading.Thread(target=_listen, args=(sys.stdin.buffer, photos), name="photos", daemon=True).start()
    _write(answers, Ready())
    while True:
        _write(answers, _answer(photos.get()))


def _listen(stdin: BinaryIO, photos: queue.SimpleQueue[bytes]) -> None:
    while len(head := stdin.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        if len(data := stdin.read(length)) < length:
            break
        photos.put(data)
    os._exit(0)


def _answer(data: bytes) -> Answer:
    try:
        return clean(data)
    except PhotoRefused as refused:
        return Refused(refused.slug)
    except MemoryError:
        return Refused(Slug.TOO_SLOW)


def _write(answers: BinaryIO, answer: Answer) -> None:
    answers.write(encode(answer))
    answers.flush()


def _own_stdout() -> BinaryIO:
    """The pipe for the answers; what a library prints goes where errors go."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _give_way() -> None:
    if sys.platform != "win32":
        os.nice(NICENESS)


def _bound_memory() -> None:
    # Windows has no such bounds, and macOS refuses to set this one.
    if sys.platform != "linux":
        return
    import resource  # Unix has it

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    # A crash is told in one line, not in gigabytes.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
