"""An HTTP server with a few modules and files on it, as a CDN for widgets has them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CodeServer:
    """What it serves can be added to at any time.

    with code_server() as server:
        server.script("/a.mjs", "export default 1;")
        modules_for([f'import a from "{server.url}/a.mjs"'])
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: Counter[str] = Counter()
        self._files: dict[str, tuple[int, str, bytes]] = {}
        self._reached = threading.Event()
        self._released = threading.Event()

    def script(self, path: str, code: str) -> str:
        """Serve a module; its address."""
        return self.file(path, code.encode(), "text/javascript; charset=utf-8")

    def file(self, path: str, data: bytes, kind: str) -> str:
        """Serve any file; its address."""
        self._files[path] = (200, kind, data)
        return self.url + path

    def redirect(self, path: str, to: str) -> str:
        """Send whoever asks for `path` on."""
        self._files[path] = (302, to, b"")
        return self.url + path

    def stall(self, path: str) -> str:
        """Do not answer at this path until `release`."""
        self._files[path] = (0, "", b"")
        return self.url + path

    def trickle(self, path: str) -> str:
        """Answer at this path a byte at a time, until `release`."""
        self._files[path] = (1, "", b"")
        return self.url + path

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """What the path asked for gives."""
        self.asked[request.path] += 1
        status, kind, data = self._files.get(request.path, (404, "text/html", b"not here"))
        if status == 0:
            self._reached.set()
            self._released.wait()
            return
        if status == 1:
            self._trickle(request)
            return
        request.send_response(status)
        request.send_header("Location" if status == 302 else "Content-Type", kind)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def _trickle(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/javascript")
        request.end_headers()
        with suppress(OSError):
            while not self._released.wait(0.02):
                request.wfile.write(b" ")

    def wait_reached(self) -> None:
        """Wait until somebody waits for a stalled answer."""
        assert self._reached.wait(10), "nobody asked"

    def release(self) -> None:
        """Let those who wait for an answer go without one."""
        self._released.set()


@contextmanager
def code_server() -> Iterator[CodeServer]:
    """A server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = CodeServer(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), name="code server")
    thread.start()
    try:
        yield server
    finally:
        server.release()
        listening.shutdown()
        listening.server_close()
        thread.join()
