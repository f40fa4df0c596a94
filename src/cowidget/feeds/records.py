"""One message to rows: decode it, find its records, take the fields of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from cowidget.core.feed_values import Column, Source
from cowidget.feeds.failures import Mismatch
from cowidget.feeds.fields import MAX_ROWS, TIME, Row, parse_fields
from cowidget.feeds.paths import parse_path


@dataclass(frozen=True, slots=True)
class Read:
    """What a message gave.

    Attributes:
        rows: in the order of its records.
        failed: how many records gave none.
        why: what was wrong with the first of these.
        foreign: it has nothing to do with the fields: an acknowledgement, a heartbeat.
    """

    rows: list[Row]
    failed: int = 0
    why: str = ""
    foreign: bool = False


class Reader:
    """Reads the messages of one source."""

    def __init__(self, source: Source, columns: Sequence[Column]) -> None:
        """What `source` describes, for a feed that has these `columns`.

        Raises:
            FieldError: a field or the path to the records is not understood.
        """
        self._fields = parse_fields(source.fields, columns)
        self._records = parse_path(source.records)
        self.timed = not source.fields or TIME in source.fields

    @property
    def columns(self) -> tuple[Column, ...]:
        """Of the rows; without fields, they grow."""
        return self._fields.columns

    def read(self, message: bytes | str, now: float) -> Read:
        """The rows of a message; `now` is the time of those that have none of their own."""
        try:
            decoded = msgspec.json.decode(message)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return Read([], 1, f"A message is no JSON: {error}.")
        try:
            records = self._list(decoded)
        except Mismatch as error:
            return Read([], 1, f"{error}.", foreign=not self._records.is_there(decoded))
        return self._take(records, now)

    def _list(self, message: Any) -> list[Any]:
        found = self._records.value(message)
        if self._records.inner is not None:
            return [item for part in found for item in (part if isinstance(part, list) else [part])]
        # Without a path to the records, a list is one record when the fields say what to do with it.
        whole = not isinstance(found, list) or (not self._records.steps and self._fields.takes_lists)
        return [found] if whole else found

    def _take(self, records: list[Any], now: float) -> Read:
        rows: list[Row] = []
        failed, why, foreign = 0, "", bool(records)
        for record in records[:MAX_ROWS]:
            try:
                rows += self._fields.rows(record, now)
                foreign = False
            except Mismatch as error:
                failed += 1
                why = why or f"{error}."
                foreign = foreign and error.foreign
        if len(records) > MAX_ROWS:
            failed += len(records) - MAX_ROWS
            why = f"A message has {len(records)} records; {MAX_ROWS} of them were taken."
        return Read(rows, failed, why, foreign)
