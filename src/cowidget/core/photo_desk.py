"""What a room does about photos: takes them, has them cleaned and kept, shows them (PROTOCOL.md U1-U9)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.acts import PHOTO_NOT_HERE
from cowidget.core.effects import CleanPhoto, DropPhotos, Effect, FetchBlob, KeepPhoto, Ordered, PhotoRecord, Send
from cowidget.core.frames import Absent, Chunk, Declined, Pass, Post, Pull, Push, Refused, Upload, Uploaded
from cowidget.core.members import Member, Members
from cowidget.core.photo_frames import Decline
from cowidget.core.photo_pass import HOUR, PhotoPass, hour_of
from cowidget.core.photo_quota import PhotoQuota
from cowidget.core.photo_table import PhotoTable
from cowidget.core.uploads import Upload as Uploading, Uploads
from cowidget.core.values import Invitation, Photo, Photos

_TOO_LARGE = (
    f"This photo is larger than {limits.MAX_PHOTO_BYTES // 1_000_000} MB. Make it smaller, or send a screenshot of it."
)
# What is no fault of the photo: the same may work a moment later (U3).
_PASSING = ("busy", "failed")
_NOTHING = "This file is empty. Export or download it again, and send that."
_OTHER_BYTES = "This photo has changed while it was being sent. Send it again."
_TOO_MANY = "Too many of your photos wait already. Send this one when they are there."
_ROOM_FULL = "This room holds as many photos as it can. Erase messages with photos, and send this one again."
_NOT_KEPT = "The relay cannot save photos right now. Send this one again in a moment."


class PhotoDesk:
    """Takes the frames of photos from members, and tells them what has become of their photos.

    Args:
        records: what the store holds.
        members: who is here.
        invitations: those of the room, by name; passes stand with them.
        room: its name.
        relay_key: the relay's own secret, which makes passes.
    """

    def __init__(
        self,
        records: Iterable[PhotoRecord],
        members: Members,
        invitations: Mapping[str, Invitation],
        room: str,
        relay_key: bytes,
    ) -> None:
        self._table = PhotoTable(records)
        self._uploads = Uploads()
        self._quota = PhotoQuota()
        self._members = members
        self._invitations = invitations
        self._room = room
        self._relay_key = relay_key
        # The hour of the passes that people have.
        self._hour: int | None = None
        # Since when somebody who left may have made room for others.
        self._left: float | None = None

    # Who is here.

    def pass_of(self, member: Member, now: float) -> str:
        """The pass for somebody who has just been let in."""
        if self._hour is None or len(self._members) == 1:
            self._hour = hour_of(now)
        return self._pass(member.invitation, now)

    def admits(self, text: str, now: float) -> bool:
        """Whether this pass lets its bearer get photos."""
        given = PhotoPass.read(text, self._room, self._relay_key)
        return given is not None and given.stands(self._invitations, now)

    def leave(self, peer: str, now: float) -> None:
        """Somebody is away."""
        self._uploads.leave(peer, now)
        self._left = now if self._uploads.are_waiting else None

    # Frames of members.

    def takes(self, member: Member, frame: Upload | Pull | Chunk | Absent) -> bool:
        """Whether this is about a photo, and not about what a push or a share names."""
        match frame:
            case Upload():
                return True
            case Pull(blob=blob):
                return blob in self._table
        return self._uploads.knows(member.peer, frame.blob)

    def receive(self, member: Member, frame: Upload | Pull | Chunk | Absent, now: float) -> list[Effect]:
        """A frame that this takes.

        Raises:
            FrameError: a part of a photo that was not asked for.
        """
        match frame:
            case Upload():
                return self._receive_upload(member, frame, now)
            case Pull():
                return [FetchBlob(member.connection, frame)]
            case Chunk():
                return self._receive_chunk(member, frame, now)
            case Absent(blob=blob):
                self._uploads.end(member.peer, blob)
                return self._begin(now)

    def _receive_upload(self, member: Member, upload: Upload, now: float) -> list[Effect]:
        peer, blob = member.peer, upload.blob
        if (photo := self._table.made_of(blob, now)) is not None:
            self._uploads.end(peer, blob)
            return [Send((member.connection,), Uploaded(blob, photo))]
        if not self._uploads.is_under_way(peer, blob):
            if (declined := self._fault_of(peer, upload, now)) is not None:
                return [Send((member.connection,), declined)]
            self._quota.take(peer, upload.size, now)
        self._uploads.ask(peer, blob, upload.size)
        return self._begin(now)

    def _receive_chunk(self, member: Member, chunk: Chunk, now: float) -> list[Effect]:
        answer = self._uploads.receive_chunk(member.peer, chunk, now)
        if answer is None:
            return []
        if isinstance(answer, Pull):
            return [Send((member.connection,), answer)]
        if not answer.genuine:
            self._uploads.end(member.peer, chunk.blob)
            return [Send((member.connection,), Declined(chunk.blob, "hash", _OTHER_BYTES)), *self._begin(now)]
        data = self._uploads.complete(answer)
        return [] if data is None else [CleanPhoto(chunk.blob, data)]

    # What becomes of them.

    def receive_clean(self, raw: str, photo: Photo, data: bytes, thumb: bytes, now: float) -> list[Effect]:
        """The photo has been cleaned."""
        # One that is here already must not be swept while it is kept again.
        self._table.touch(photo.sha256, now)
        return [KeepPhoto(PhotoRecord(photo, (raw,), now), data, thumb)]

    def receive_unfit(self, raw: str, slug: Decline, text: str, now: float) -> list[Effect]:
        """There is no photo in these bytes, or nobody could look into them."""
        ended = self._uploads.end_all(raw)
        if slug in _PASSING:
            for upload in ended:
                self._quota.give_back(upload.peer, upload.size)
        return [*self._tell(ended, Declined(raw, slug, text)), *self._begin(now)]

    def receive_kept(self, record: PhotoRecord, now: float) -> list[Effect]:
        """The store has a photo: it can be posted."""
        self._table.add(record)
        (raw,) = record.raws
        return [*self._tell(self._uploads.end_all(raw), Uploaded(raw, record.photo)), *self._begin(now)]

    def receive_keep_failed(self, record: PhotoRecord, now: float) -> list[Effect]:
        """The store cannot keep a photo."""
        (raw,) = record.raws
        return self.receive_unfit(raw, "failed", _NOT_KEPT, now)

    # Messages.

    def fill(self, push: Push, now: float) -> Push | Refused:
        """The push; if it is a message that shows photos, with what the room knows of them."""
        if not isinstance(push, Post) or not isinstance(push.body, Photos):
            return push
        filled = self._table.fill(push.body, now)
        return Refused(push.id, "unknown", PHOTO_NOT_HERE) if filled is None else replace(push, body=filled)

    def receive_ordered(self, ordered: Ordered) -> list[Effect]:
        """The store has an entry of the log."""
        push = ordered.entry.push
        if ordered.at is not None and isinstance(push, Post) and isinstance(push.body, Photos):
            self._table.post(push.body)
        gone = self._table.remove(ordered.gone)
        return [DropPhotos(gone, erased=True)] if gone else []

    # HTTP.

    def mime_of(self, sha256: str) -> str | None:
        """The media type of a photo or a thumbnail of this room; None for all else."""
        return self._table.mime_of(sha256)

    # Time.

    def deadline(self) -> float | None:
        """When `tick` has something to do, or None."""
        renewal = (self._hour + 1) * HOUR if self._hour is not None and len(self._members) else None
        due = (self._table.deadline(), self._uploads.deadline(), renewal, self._left)
        return min((moment for moment in due if moment is not None), default=None)

    def tick(self, now: float) -> list[Effect]:
        """Forget what nobody wants, and renew the passes."""
        due = self.deadline()
        if due is None or now < due:
            return []
        self._left = None
        self._uploads.sweep(now)
        self._quota.sweep(now)
        swept = self._table.sweep(now)
        return [*([DropPhotos(swept)] if swept else []), *self._begin(now), *self._renew(now)]

    def _renew(self, now: float) -> list[Effect]:
        if self._hour is None or hour_of(now) <= self._hour:
            return []
        self._hour = hour_of(now)
        return [Send((member.connection,), Pass(self._pass(member.invitation, now))) for member in self._members]

    def _pass(self, invitation: str, now: float) -> str:
        known = self._invitations.get(invitation)
        return "" if known is None else PhotoPass.of(known, now).text(self._room, self._relay_key)

    def _fault_of(self, peer: str, upload: Upload, now: float) -> Declined | None:
        blob, size = upload.blob, upload.size
        if size > limits.MAX_PHOTO_BYTES:
            return Declined(blob, "too-large", _TOO_LARGE)
        if size == 0:
            return Declined(blob, "broken", _NOTHING)
        if self._table.bytes + size > limits.ROOM_PHOTO_BYTES:
            return Declined(blob, "quota", _ROOM_FULL)
        if self._uploads.waiting(peer) >= limits.MAX_UPLOADS_WAITING:
            return Declined(blob, "busy", _TOO_MANY)
        if wait := self._quota.wait(peer, size, now):
            return Declined(blob, "quota", _later(wait))
        return None

    def _begin(self, now: float) -> list[Effect]:
        """Pull those whose turn it is."""
        turns = ((self._members.of(peer), pull) for peer, pull in self._uploads.turns(now))
        return [Send((member.connection,), pull) for member, pull in turns if member is not None]

    def _tell(self, uploads: Iterable[Uploading], answer: Uploaded | Declined) -> list[Effect]:
        here = (self._members.of(upload.peer) for upload in uploads)
        return [Send((member.connection,), answer) for member in here if member is not None]


def _later(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    within = "a minute" if minutes <= 1 else f"{minutes} minutes"
    return (
        f"You have sent as many photos as one person may in an hour: {limits.PHOTOS_PER_HOUR}, "
        f"or {limits.PHOTO_BYTES_PER_HOUR // limits.MIB} MB. The next one can go in {within}."
    )
