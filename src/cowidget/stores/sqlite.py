"""A store in one SQLite file, for one relay on one machine."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from cowidget.core.effects import Entry, Hits, Opened, Ordered, PhotoRecord, Row
from cowidget.core.feeds.changes import FeedChange, KeptRows
from cowidget.core.frames import Page, Search
from cowidget.errors import StoreError, StoreLocked
from cowidget.stores import record
from cowidget.stores.tables import Tables

_Result = TypeVar("_Result")

log = logging.getLogger(__name__)

# Seconds without a call after which words are indexed. Less, and those who write at once wait for it: FTS5 merges now
# and then what it has, which takes ten milliseconds. More, and a room with a fast chart would come to it too late.
QUIET = 0.02


@dataclass(slots=True)
class _Job:
    """One call of the contract on its way to the transaction that it shares with others."""

    work: Callable[[Tables], Any]
    durable: bool
    future: asyncio.Future[Any]


class SqliteStore:
    """Implements `Store` on a file that nobody else may open meanwhile.

    All work runs in one thread of its own. Calls that arrive while a transaction is under way share
    the next one, so that many rooms cost one commit. A transaction that holds log entries is synced to
    the disk; the others survive a kill of the process, not a loss of power.
    """

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        """Use `SqliteStore.connect`."""
        self._connection = connection
        self._tables = Tables(connection)
        self._thread = thread
        self._waiting: list[_Job] = []
        self._busy = False
        # How many transactions, so far.
        self._started = 0
        self._closed = False
        self._synchronous = ""

    @classmethod
    async def connect(cls, path: Path, *, max_bytes: int | None = None, wait: float = 0.0) -> SqliteStore:
        """Open the file, creating it (and its folder) if there is none.

        Args:
            path: the database file; it is readable by its user only.
            max_bytes: how large it may grow; beyond it, calls that write fail with `StoreError`.
            wait: how many seconds to wait for another relay to let go of it.

        Raises:
            StoreLocked: another relay holds it.
            StoreError: it cannot be opened, or belongs to another version of cowidget.
        """
        thread = ThreadPoolExecutor(1, thread_name_prefix="cowidget-store")
        opening = partial(_connect, path, max_bytes, wait)
        try:
            connection = await asyncio.get_running_loop().run_in_executor(thread, opening)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(connection, thread)

    async def open(self, room: str) -> Opened | None:
        """See `Store.open`."""
        return await self._run(lambda tables: tables.open(room))

    async def create(self, room: str) -> Opened:
        """See `Store.create`."""
        return await self._run(lambda tables: tables.create(room))

    async def append(self, room: str, fence: int, entries: Sequence[Entry]) -> list[Ordered]:
        """See `Store.append`."""
        kept = [(entry, record.encode(entry) if record.is_kept(entry) else b"") for entry in entries]
        durable = any(record.is_log(entry) for entry in entries)
        return await self._run(lambda tables: tables.append(room, fence, kept), durable=durable)

    async def save(self, room: str, fence: int, rows: Sequence[Row], removed: Sequence[str], at: int) -> None:
        """See `Store.save`."""
        await self._run(lambda tables: tables.save(room, fence, rows, removed, at))

    async def read_log(self, room: str, page: Page) -> list[Ordered]:
        """See `Store.read_log`."""
        return await self._run(lambda tables: tables.read_log(room, page))

    async def search_log(self, room: str, search: Search) -> Hits:
        """See `Store.search_log`."""
        return await self._run(lambda tables: tables.search_log(room, search))

    async def put_blob(self, room: str, blob: str, data: bytes) -> None:
        """See `Store.put_blob`."""
        await self._run(lambda tables: tables.put_blob(room, blob, data))

    async def get_blob(self, room: str, blob: str) -> bytes | None:
        """See `Store.get_blob`."""
        return await self._run(lambda tables: tables.get_blob(room, blob))

    async def drop_blobs(self, room: str, fence: int, blobs: Sequence[str]) -> None:
        """See `Store.drop_blobs`."""
        await self._run(lambda tables: tables.drop_blobs(room, fence, blobs))

    async def keep_photo(self, room: str, fence: int, record: PhotoRecord, data: bytes, thumb: bytes) -> None:
        """See `Store.keep_photo`."""
        await self._run(lambda tables: tables.keep_photo(room, fence, record, data, thumb))

    async def read_photo(self, room: str, sha256: str) -> bytes | None:
        """See `Store.read_photo`."""
        return await self._run(lambda tables: tables.read_photo(room, sha256))

    async def drop_photos(self, room: str, fence: int, photos: Sequence[str]) -> None:
        """See `Store.drop_photos`."""
        await self._run(lambda tables: tables.drop_photos(room, fence, photos))

    async def keep_feeds(self, room: str, fence: int, changes: Sequence[FeedChange]) -> None:
        """See `Store.keep_feeds`."""
        await self._run(lambda tables: tables.keep_feeds(room, fence, changes))

    async def read_rows(self, room: str, feed: str, first: int, last: int, max_bytes: int) -> list[KeptRows]:
        """See `Store.read_rows`."""
        return await self._run(lambda tables: tables.read_rows(room, feed, first, last, max_bytes))

    async def close_room(self, room: str, fence: int, keep: frozenset[str]) -> None:
        """See `Store.close_room`."""
        await self._run(lambda tables: tables.close_room(room, fence, keep), durable=True)

    async def aclose(self) -> None:
        """See `Store.aclose`. What was called before it is finished first."""
        if self._closed:
            return
        last = self._enqueue(lambda tables: None, durable=False)
        self._closed = True
        await last
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)

    # Group commit.

    async def _run(self, work: Callable[[Tables], _Result], *, durable: bool = False) -> _Result:
        if self._closed:
            raise StoreError("the store is closed")
        return await self._enqueue(work, durable)

    def _enqueue(self, work: Callable[[Tables], _Result], durable: bool) -> asyncio.Future[_Result]:
        future: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(work, durable, future))
        if not self._busy:
            self._start()
        return future

    def _start(self) -> None:
        jobs, self._waiting = self._waiting, []
        self._busy = True
        self._started += 1
        # Not `run_in_executor`: its futures take two more turns of a busy loop.
        self._thread.submit(self._work_off, jobs, asyncio.get_running_loop())

    def _finish(self, jobs: list[_Job], outcomes: list[Any]) -> None:
        self._busy = False
        if self._waiting:
            self._start()
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.future.cancelled():
                continue
            if isinstance(outcome, BaseException):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)
        if not self._busy and self._tables.log.words.is_behind:
            asyncio.get_running_loop().call_later(QUIET, self._index, self._started)

    def _index(self, started: int) -> None:
        if self._started == started and not self._closed:
            self._enqueue(lambda tables: tables.log.words.catch_up_some(), durable=False).add_done_callback(_note)

    # In the store's thread.

    def _work_off(self, jobs: list[_Job], loop: asyncio.AbstractEventLoop) -> None:
        try:
            outcomes = self._commit(jobs)
        except BaseException as error:  # noqa: BLE001 - those who called raise it
            outcomes = [error] * len(jobs)
        loop.call_soon_threadsafe(self._finish, jobs, outcomes)

    def _commit(self, jobs: list[_Job]) -> list[Any]:
        try:
            return self._transact(jobs)
        except sqlite3.Error as error:
            if len(jobs) == 1:
                failure = StoreError(f"the store cannot be written: {error}")
                failure.__cause__ = error
                return [failure]
            # One job that cannot be done must not take the others with it.
            return [outcome for job in jobs for outcome in self._commit([job])]

    def _transact(self, jobs: list[_Job]) -> list[Any]:
        self._synchronize("FULL" if any(job.durable for job in jobs) else "NORMAL")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [self._attempt(job) for job in jobs]
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        self._purge()
        return outcomes

    def _attempt(self, job: _Job) -> Any:
        try:
            return job.work(self._tables)
        except StoreError as error:
            # A stale fence or an unknown room: found before anything was written.
            return error

    def _purge(self) -> None:
        if not self._tables.log.erased:
            return
        try:
            self._tables.log.purge()
        except sqlite3.Error as error:
            # What was erased is not read any more; its bytes leave the file with the next transaction.
            log.warning("what was erased cannot leave the file yet: %s", error)

    def _synchronize(self, mode: str) -> None:
        if mode != self._synchronous:
            self._connection.execute(f"PRAGMA synchronous={mode}")
            self._synchronous = mode


def _note(indexed: asyncio.Future[None]) -> None:
    if not indexed.cancelled() and (error := indexed.exception()) is not None:
        # A search indexes what is missing.
        log.warning("words of messages cannot be indexed now: %s", error)


def _connect(path: Path, max_bytes: int | None, wait: float) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot open {path}: {error}") from error
    try:
        _prepare(connection, max_bytes)
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreLocked(f"another relay holds {path}") from error
        raise StoreError(f"cannot open {path}: {error}") from error
    except StoreError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, max_bytes: int | None) -> None:
    # Exclusive mode before WAL: the lock is held from now on, and no shared memory is needed.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=WAL")
    # What is deleted is overwritten: erased messages leave the file.
    connection.execute("PRAGMA secure_delete=ON")
    tables = Tables(connection)
    connection.execute("BEGIN EXCLUSIVE")
    tables.migrate()
    connection.execute("COMMIT")
    tables.log.purge_left()
    # A burst leaves a large log behind; this cuts it back to 16 MiB at the next checkpoint.
    connection.execute(f"PRAGMA journal_size_limit={16 << 20}")
    if max_bytes is not None:
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute(f"PRAGMA max_page_count={max(1, max_bytes // page_size)}")
