"""Bytes to lines, whatever pieces they come in; a line that is too long is passed over and never held."""

from __future__ import annotations


class LineReader:
    """Lines end with LF, CR LF or CR. Pure: it is fed pieces and returns what is complete."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._after_cr = False

    def receive(self, piece: bytes) -> list[bytes | None]:
        """The lines that end in this piece, without their ends; None for one that was longer than the limit."""
        if not piece:
            return []  # it stands between nothing: a CR before it may still have its LF after it
        if self._after_cr and piece.startswith(b"\n"):
            piece = piece[1:]  # the second half of a line's end
        self._after_cr = piece.endswith(b"\r")
        lines = []
        for line in piece.splitlines(keepends=True):
            content = line.rstrip(b"\r\n")
            self._size += len(content)
            if self._size > self._limit:
                self._parts.clear()
            else:
                self._parts.append(content)
            if len(content) < len(line):
                lines.append(self._end())
        return lines

    def finish(self) -> list[bytes | None]:
        """The last line, when nothing follows: it needs no end."""
        return [self._end()] if self._size else []

    def _end(self) -> bytes | None:
        line = b"".join(self._parts) if self._size <= self._limit else None
        self._parts.clear()
        self._size = 0
        return line
