"""What rooms have in common, one's own and those that were joined: values, chat, people, the lock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cowidget.client.handle import Handle
from cowidget.core.frames import Lock
from cowidget.core.replica import Replica
from cowidget.widgets.chat import Chat
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.messages.archive import archive
from cowidget.widgets.messages.part import Part
from cowidget.widgets.people import Observer, People
from cowidget.widgets.plain_errors import plain_errors
from cowidget.widgets.state import SharedState

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed

_Observer = TypeVar("_Observer", bound=Observer)


class Gathering:
    """A room's values, chat and people."""

    def __init__(self, handle: Handle, main: MainThread) -> None:
        self._gathered = handle
        self._people = People(handle, main)
        self.state = SharedState(handle, main)
        self.chat = Chat(handle, main, self._part_of)

    @property
    def people(self) -> People:
        """Who is here with a page or a notebook's panel, ourselves included; kernels are not listed.

        It is a list that is always as things are now: `room.people["Ada"].entrust("participant")`.
        """
        return self._people

    @property
    def locked(self) -> bool:
        """Whether participants only look on: hosts alone move things. Everybody may still write in the chat."""
        return self._gathered.ask(_locked)

    def lock(self) -> None:
        """Let participants only look on, until `unlock`. It holds over restarts. Returns at once.

        Raises:
            NotAllowed: only hosts may do this.
        """
        self._lock(on=True)

    def unlock(self) -> None:
        """Let participants take part again. Returns at once.

        Raises:
            NotAllowed: only hosts may do this.
        """
        self._lock(on=False)

    def on_people(self, observer: _Observer) -> _Observer:
        """Call `observer(change)` on the main thread when people come, go or change; a decorator.

            @room.on_people
            def note(change):
                print([person.name for person in change.joined])

        Args:
            observer: takes a `PeopleChange`: who `joined`, `left` and `moved`. `room.people.unobserve` undoes it.
        """
        return self._people.observe(observer)

    @plain_errors
    def export(self, path: str | Path) -> Path:
        """Write all that the room keeps into a ZIP file; waits until it is here.

        It holds `messages.jsonl` (one message per line, as it is after edits), `chat.html` (to read and print),
        `photos/` and `pictures/`, `states.json` (all shared values; bytes in `blobs/`), and of one's own charts and
        feeds `feeds/` (CSV). Secrets of links are blacked out. A file of this name is replaced when all is written.

        Args:
            path: the file, such as "room.zip".

        Returns:
            Where it is.

        Raises:
            RelayUnavailable: the relay is away, or does not answer.
            OSError: the file cannot be written.
        """
        return archive(self._gathered, self.chat, self._feeds_here(), Path(path))

    def _part_of(self, thing: object) -> Part | None:
        raise NotImplementedError

    def _feeds_here(self) -> tuple[Feed, ...]:
        return ()

    def _lock(self, *, on: bool) -> None:
        self._people.check_manages("lock the room" if on else "unlock the room")
        self._gathered.push(lambda replica: replica.lock(on=on))


def _locked(replica: Replica) -> bool:
    # What we have asked for is what will be; the room tells before it acknowledges.
    asked = [push.on for push in replica.pushes if isinstance(push, Lock)]
    return asked[-1] if asked else replica.locked
