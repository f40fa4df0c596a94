"""Messages on their way from this notebook into the room. Belongs to the link's thread, but for `Sending.done`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from cowidget.client.handle import Handle
from cowidget.client.peer import StatusChanged
from cowidget.core.notes import Effect, Ended, LogGrown, Note, RefusedPush, Welcomed
from cowidget.core.phase import Phase
from cowidget.core.replica import Replica
from cowidget.core.values import LogEntry, Photo
from cowidget.errors import CowidgetError, NotAllowed, RoomClosed
from cowidget.widgets.messages.drafts import Draft


@dataclass(slots=True, eq=False)
class Sending:
    """Messages that were sent together.

    Attributes:
        drafts: those that are not posted yet.
        done: their entries when the room has them all, or what went wrong.
        posted: the ids of their pushes, and their entries as far as the room has them.
    """

    drafts: list[Draft]
    done: Future[list[LogEntry]] = field(default_factory=Future)
    posted: dict[int, LogEntry | None] = field(default_factory=dict)
    upload: asyncio.Future[list[Photo]] | None = None

    @property
    def is_posted(self) -> bool:
        """Whether all of it will arrive by itself."""
        return not self.drafts

    def fail(self, error: BaseException) -> None:
        """Nobody waits for more of it."""
        self.drafts.clear()
        if self.upload is not None:
            self.upload.cancel()
        if not self.done.done():
            self.done.set_exception(error)

    def settle(self) -> None:
        """Tell, if the room has all of it."""
        if not self.drafts and not self.done.done() and None not in self.posted.values():
            self.done.set_result([entry for entry in self.posted.values() if entry is not None])


class Posting:
    """Uploads photos and posts messages, in the order in which they were sent."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        # Those that are not posted whole: the first one's photos are on their way.
        self._queue: list[Sending] = []
        # Those that the room does not have whole.
        self._awaited: list[Sending] = []
        self._peer = ""
        handle.listen(self._receive)

    def begin(self, sending: Sending) -> None:
        """Send messages. From any thread; returns at once."""
        self._handle.push(lambda replica: self._begin(sending, replica))

    def give_up(self, sending: Sending) -> None:
        """Send no more of it than is posted. From any thread."""
        self._handle.push(lambda replica: self._fail(sending, RoomClosed("It was given up."), replica))

    def _begin(self, sending: Sending, replica: Replica) -> list[Effect]:
        if replica.phase is Phase.ENDED:
            sending.fail(RoomClosed("The room has ended: nothing more can be said in it."))
            return []
        self._queue.append(sending)
        self._awaited.append(sending)
        return self._advance(replica)

    def _advance(self, replica: Replica) -> list[Effect]:
        """Post what can be posted."""
        effects: list[Effect] = []
        while self._queue:
            sending = self._queue[0]
            while sending.drafts:
                draft = sending.drafts[0]
                if draft.pictures and not self._is_uploaded(sending, draft):
                    return effects
                photos = [] if sending.upload is None else sending.upload.result()
                sending.upload = None
                effects += replica.post(draft.body(photos))
                sending.drafts.pop(0)
                sending.posted[replica.pushes[-1].id] = None
            self._queue.pop(0)
        return effects

    def _is_uploaded(self, sending: Sending, draft: Draft) -> bool:
        if sending.upload is None:
            uploads = (self._handle.uploading.upload(picture.data) for picture in draft.pictures)
            sending.upload = asyncio.gather(*uploads)
            sending.upload.add_done_callback(lambda upload: self._receive_upload(sending, upload))
        return sending.upload.done()

    def _receive_upload(self, sending: Sending, upload: asyncio.Future[list[Photo]]) -> None:
        if upload.cancelled():
            return
        error = upload.exception()
        if error is None:
            self._handle.push(self._advance)
        else:
            self._handle.push(lambda replica: self._fail(sending, error, replica))

    def _fail(self, sending: Sending, error: BaseException, replica: Replica) -> list[Effect]:
        sending.fail(error)
        self._forget(sending)
        return self._advance(replica)

    def _forget(self, sending: Sending) -> None:
        for sendings in (self._queue, self._awaited):
            if sending in sendings:
                sendings.remove(sending)

    # What the room says.

    def _receive(self, note: Note | StatusChanged) -> Sequence[Effect]:
        match note:
            case Welcomed(renumbered=renumbered):
                self._renumber(renumbered)
            case LogGrown() if self._awaited:
                self._handle.push(lambda replica: self._receive_grown(note, replica))
            case RefusedPush(refused=refused):
                self._refuse(refused.id, NotAllowed(refused.text))
            case Ended(closing=closing):
                for sending in tuple(self._awaited):
                    sending.fail(RoomClosed(closing.text))
                    self._forget(sending)
        return ()

    def _receive_grown(self, grown: LogGrown, replica: Replica) -> list[Effect]:
        ours = {entry.id: entry for entry in grown.entries if entry.by == replica.peer}
        waiting = {push.id for push in replica.pushes}
        for sending in tuple(self._awaited):
            for id, entry in tuple(sending.posted.items()):
                if id in ours:
                    sending.posted[id] = ours[id]
                elif grown.reset and entry is None and id not in waiting:
                    # The room has it, and more since than it brings to those who come back.
                    del sending.posted[id]
            sending.settle()
            if sending.done.done():
                self._forget(sending)
        return []

    def _renumber(self, renumbered: Mapping[int, int]) -> None:
        for sending in self._awaited:
            sending.posted = {
                id if entry is not None else renumbered.get(id, id): entry for id, entry in sending.posted.items()
            }

    def _refuse(self, id: int, error: CowidgetError) -> None:
        for sending in tuple(self._awaited):
            if sending.posted.get(id, sending) is None:
                sending.fail(error)
                self._forget(sending)
