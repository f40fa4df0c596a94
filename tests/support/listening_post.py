"""An address that nobody should ever ask for anything: it keeps what it is sent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ListeningPost:
    """`heard` is how each of those who came began. A connection that says nothing is not counted."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.heard: list[str] = []


@contextmanager
def listening_post() -> Iterator[ListeningPost]:
    """One on a free port of this machine."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if words := self.request.recv(80):
                post.heard.append(words.decode("latin-1"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        post = ListeningPost(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="listening post")
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
