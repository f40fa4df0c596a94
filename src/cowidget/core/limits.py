"""Sizes and rates, each with its reason, and the bucket that meters them."""

from __future__ import annotations

from dataclasses import dataclass

from cowidget.core.values import Role

KIB = 1024
MIB = 1024 * KIB

# Before the hello nobody is known: enough for the longest hello and challenge, not for work.
MAX_GREETING_BYTES = 8 * KIB
MAX_GREETING_MESSAGES = 3
HELLO_TIMEOUT = 5.0
# Larger messages would hold up the pings behind them on a slow line (1 MiB is 8 s at 1 Mbit/s).
MAX_MESSAGE_BYTES = 1 * MIB
# A value that is larger would be sent again whole with every snapshot; as a blob it is fetched once.
MAX_INLINE_BYTES = 64 * KIB
CHUNK_BYTES = 256 * KIB
PULL_WINDOW_BYTES = 1 * MIB
# Seconds that the relay keeps a blob that nothing names. Longer: a chart that changes every second piles up on the
# disk. Shorter: a kernel whose line broke while it shared a widget sends all of its code again.
BLOB_GRACE = 10.0
# Two of these hold the largest relay frame; a client that lags further is resynchronised instead.
OUTBOX_BYTES = 1 * MIB
SLOW_TIMEOUT = 20.0
# Gone within 10 s of a browser's death: two pings missed, and one tick.
PING_INTERVAL = 4.0
SILENCE_TIMEOUT = 8.5
# A kernel cannot answer during a C call that holds the GIL, and is not away for that. A kernel that dies closes
# its line at once; only one whose network vanishes is missed this late.
KERNEL_SILENCE_TIMEOUT = 60.0
# A kernel is told of changes at once, then 20 times a second: to wake up costs it more than to apply, and a drag at
# 60 Hz would take a tenth of a core. Longer: its validation corrects what people see later.
KERNEL_INTERVAL = 0.05
# Presence is fanned out to everybody; 2 KiB holds a pointer, a selection and a status.
MAX_ABOUT_BYTES = 2 * KIB
MAX_ABOUT_ENTRIES = 16
PRESENCE_INTERVAL = 0.033
# Everybody is told of everybody, so a tick costs the square of the people: with 200 of them 12 ticks a second are as
# lively as what they send. Longer: pointers jump. Shorter: a full room takes more of a phone's line than of its eye.
PRESENCE_INTERVAL_PER_PERSON = 0.0004
MAX_PRESENCE_INTERVAL = 0.1
# The journal is replayed when a room opens: short enough for milliseconds, rare enough to be cheap.
SAVE_INTERVAL = 1.0
MAX_JOURNAL_ENTRIES = 500
# A patch page: several fit the outbox, so that a large room is sent in steps.
PATCH_BYTES = 256 * KIB
MAX_TOMBSTONES = 5000
MAX_EVENTS = 1000
MAX_EVENT_BYTES = 1 * MIB
LOG_TAIL = 200
# A page holds 256 KiB: four of them bridge a break without the store, and 200 pictures would be 25 MiB of a room.
LOG_TAIL_BYTES = 1 * MIB
LOG_ON_JOIN = 50
MAX_PARKED = 2048
# Shared values are names that people type; a room that needs more wants a widget.
MAX_SHARED_KEYS = 2000
MAX_NAME = 64
# Peers that hosts have removed or entrusted with a role; each is a row of 100 bytes. Nobody manages more in a room, and
# a host's script must not fill the store.
MAX_DECISIONS = 5000
# Nobody's widget is deeper, and a value that is takes down whoever walks it.
MAX_DEPTH = 64
# In base64 this is 960 KiB: what remains of a message holds the frame around it, also in JSON.
MAX_EMIT_BYTES = 720 * KIB
# Each goes to the owner and the hosts: one push must not fill their outboxes.
MAX_NOTICES = 5
# A person's page tells each failure once: a burst holds every widget of a large room. More is noise to the kernel,
# and what a guest's loop makes up must not fill the kernel's outbox.
FAILURES_PER_SECOND = 1.0
FAILURES_BURST = 30.0
# A notebook with more feeds has one feed of many columns. Each costs the relay its pyramid and its newest chunks.
MAX_FEEDS = 64
MAX_WATCHES = 64
# Rows of one incoming block: enough for half a second at 100 kHz. More: one frame holds up the others for longer.
MAX_BLOCK_ROWS = 1 << 16
MAX_BLOCK_BYTES = 512 * KIB
# A sealed chunk is what a store reads and a client fetches at once: a millisecond to encode. Larger ones drop more
# rows than `keep` says, smaller ones cost more per row in the store.
CHUNK_ROWS = 1 << 14
CHUNK_RAW_BYTES = 480 * KIB
# Sealed bytes of one feed in memory: two million rows of a few columns. Older ones are read from the store.
FEED_MEMORY_BYTES = 16 * MIB
# Rows of a feed, whatever its owner wishes: the pyramid costs one byte per row and column, in memory.
MAX_KEPT_ROWS = 1 << 26
# Twice the pixels of a usual chart; each bin is drawn as one line. More is paint that nobody sees, later.
OVERVIEW_BINS = 2400
# Half of a frame's limit, so that a wide feed's overview is not what a newcomer waits for.
OVERVIEW_BYTES = 256 * KIB
# What a watcher may have undrawn: two blocks of the largest producers, or a quarter of a second at any rate. More
# is seconds of old data in a phone's line, less makes a fast viewer stutter on a slow path.
CREDIT_BYTES = 256 * KIB
CREDIT_SECONDS = 0.25
MAX_ROWS_BEHIND = 8192
# One answer to a fetch. The largest single chunk may exceed it; more would hold up pings and people on a slow line.
FETCH_BYTES = 256 * KIB
# Fetches that wait, of one connection: an honest client has two of each feed it watches.
MAX_FETCHES = 2 * MAX_WATCHES

# A photo as it is sent; phones write 2 to 8 MB, and a page has made it smaller before. More: upload time, memory.
MAX_PHOTO_BYTES = 10_000_000
# Photos of one person that come at a time. More: the first of them is there later. Fewer: a fast line idles while
# one is being cleaned.
UPLOADS_AT_ONCE = 3
# That wait for these. A page asks one after the other; beyond this somebody scripts.
MAX_UPLOADS_WAITING = 50
# Bytes of a room's photos that are coming, being cleaned, or left behind by a break. More: memory. Less: a class
# that sends photos together waits.
UPLOAD_BYTES = 64 * MIB
# Of one pull: what a line brings in about half a second, so that `at` tells how far it is and a break costs little.
LEAST_PULL_BYTES = 32 * KIB
FIRST_PULL_BYTES = 128 * KIB
PULL_SECONDS = (0.25, 1.0)
# Seconds that a broken upload waits for its owner: the length of a tunnel. Longer: memory for those who do not return.
UPLOAD_GRACE = 120.0
# What one person may bring in an hour, and a room may hold. More: one guest fills the host's disk.
PHOTOS_PER_HOUR = 60
PHOTO_BYTES_PER_HOUR = 200 * MIB
ROOM_PHOTO_BYTES = 1024 * MIB
# Seconds that a photo is kept that no message shows. Shorter: a message that waits for its line loses its photos.
PHOTO_GRACE = 3600.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a role may send.

    Attributes:
        messages: per second, and `burst` of them at once.
        bytes: per second, and ten times that at once.
        blob: size of the largest blob.
    """

    messages: float
    burst: float
    bytes: float
    blob: int


# A person drags at 60 Hz and points at 20 Hz; a kernel may stream many widgets.
_PERSON = Allowance(messages=120, burst=400, bytes=2 * MIB, blob=8 * MIB)
_KERNEL = Allowance(messages=4000, burst=8000, bytes=64 * MIB, blob=256 * MIB)

ALLOWANCES: dict[Role, Allowance] = {
    "viewer": _PERSON,
    "participant": _PERSON,
    "host": _PERSON,
    "owner": _KERNEL,
    "feeder": _KERNEL,
}


class Bucket:
    """A token bucket: `burst` at once, refilled at `rate` per second."""

    __slots__ = ("_burst", "_level", "_rate", "_since")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._since = now

    def give(self, amount: float) -> None:
        """Add `amount`; what is over `burst` is lost with the next take."""
        self._level += amount

    def take(self, amount: float, now: float) -> bool:
        """Take `amount` if it is there. A refused take leaves the level as it was."""
        self._level = min(self._burst, self._level + max(0.0, now - self._since) * self._rate)
        self._since = now
        if amount > self._level:
            return False
        self._level -= amount
        return True
