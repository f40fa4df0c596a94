"""The room's shared state: last writer wins per key, and the owner decides (PROTOCOL.md D1-D8).

Entries come in the store's order and are applied by the same rules everywhere, so that every relay and
every restart holds the same document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.effects import Entry, Row
from cowidget.core.frames import Declare, Patch, Set, Settle, Unshare
from cowidget.core.references import share_blobs
from cowidget.core.values import Change, KeyState, Model, Settlement, Share

KEY_ROW, SHARE_ROW, TOMBSTONE_ROW, HORIZON_ROW = "k", "s", "t", "h"


class Held(Struct, frozen=True, omit_defaults=True):
    """A value with who wrote it; `person` when that was not the owner."""

    by: str
    value: Any = None
    blob: str | None = None
    size: int = 0
    person: bool = False

    def same_value(self, other: Held) -> bool:
        """Both hold the same value, whoever wrote it."""
        return (self.blob, self.value) == (other.blob, other.value)


class Cell(Struct, frozen=True, omit_defaults=True):
    """A key: what is shown; while that is pending, whether a person wrote what was decided last."""

    shown: Held
    version: int
    touched: int
    id: int = 0
    pending: bool = False
    over_person: bool = False


class Described(Struct, frozen=True):
    """A share and when it was last declared."""

    share: Share
    touched: int


@dataclass(slots=True)
class Applied:
    """What one entry did: names touched (keys, shares, gone), and the writers whose value was rejected."""

    touched: set[str] = field(default_factory=set)
    rejected: list[tuple[str, int, Settlement]] = field(default_factory=list)


class Document:
    """State keys and shares of one room."""

    def __init__(self) -> None:
        # Each dict is in the order of the last touch, so that a diff is read from its end.
        self._cells: dict[str, Cell] = {}
        self._shares: dict[str, Described] = {}
        self._tombstones: dict[str, int] = {}
        self._horizon = 0
        self._blobs: Counter[str] = Counter()
        self._dirty: set[str] = set()

    # What is known.

    def cell(self, key: str) -> Cell | None:
        """The key's cell, or None."""
        return self._cells.get(key)

    def share(self, name: str) -> Share | None:
        """The share of this name, or None."""
        described = self._shares.get(name)
        return described.share if described else None

    def owner_of(self, key: str) -> str | None:
        """The peer that decides about this key, or None for a key without an owner."""
        share = self.share(share_of(key))
        return share.by if share else None

    def writable(self, key: str) -> bool:
        """Whether people may write this key: one without an owner, or a trait its share lists (A4)."""
        name = share_of(key)
        if not name:
            return True
        model, trait = _split(key)
        return not trait.startswith(("_", "$")) and any(trait in m.writable for m in self._models(model))

    def shared_keys(self) -> int:
        """How many keys without an owner there are."""
        return sum(1 for key in self._cells if key.startswith("/"))

    def has_model(self, model_key: str) -> bool:
        """Whether a share holds this model."""
        return any(self._models(model_key))

    def listens(self, model_key: str) -> bool:
        """Whether people may send messages to this model."""
        return any(model.messages for model in self._models(model_key))

    def holds_blob(self, blob: str) -> bool:
        """Whether a key or a share refers to this blob."""
        return self._blobs[blob] > 0

    def blobs(self) -> frozenset[str]:
        """Every blob that a key or a share refers to."""
        return frozenset(blob for blob, count in self._blobs.items() if count > 0)

    def _models(self, model_key: str) -> list[Model]:
        name = share_of(model_key)
        share = self.share(name)
        return [] if share is None else [m for m in share.models if _model_key(name, m.path) == model_key]

    # Ordered entries.

    def apply(self, at: int, entry: Entry) -> Applied:
        """Apply an entry at its position. Entries without an effect on the document touch nothing."""
        applied = Applied()
        match entry.push:
            case Set(changes=changes):
                for change in changes:
                    self._apply_change(at, entry, change, applied)
            case Settle(settlements=settlements):
                for settlement in settlements:
                    if self.owner_of(settlement.key) == entry.author:
                        self._apply_settlement(at, entry, settlement, applied)
            case Declare() as declare:
                self._apply_declare(at, entry, declare, applied)
            case Unshare(share=name) if self.owner_of(name) == entry.author:
                self._apply_unshare(at, name, applied)
        return applied

    def _apply_change(self, at: int, entry: Entry, change: Change, applied: Applied) -> None:
        name, by_owner = share_of(change.key), entry.role == "owner"
        owner = self.owner_of(change.key)
        if name and (owner is None or (owner != entry.author if by_owner else not self.writable(change.key))):
            return  # unshared, declared anew without it or by another owner, while the write was on its way
        if change.deleted and change.key not in self._cells:
            return  # a tombstone for what never was would cost another its place
        applied.touched.add(change.key)
        if change.deleted:
            self._bury(at, change.key)
            return
        held = Held(entry.author, change.value, change.blob, change.size, person=not by_owner)
        previous = self._cells.get(change.key)
        pending = bool(name) and not by_owner
        over_person = pending and previous is not None and _by_person(previous)
        self._put(change.key, Cell(held, at, at, id=entry.id, pending=pending, over_person=over_person))

    def _apply_settlement(self, at: int, entry: Entry, settlement: Settlement, applied: Applied) -> None:
        cell = self._cells.get(settlement.key)
        if cell is None or not cell.pending or cell.version != settlement.version:
            return
        applied.touched.add(settlement.key)
        owners = Held(entry.author, settlement.value, settlement.blob, settlement.size, cell.over_person)
        match settlement.outcome:
            case "commit":
                self._put(settlement.key, Cell(cell.shown, cell.version, at))
            case "rebase":
                # Still the person's wish, as far as the owner could follow it.
                held = replace(owners, by=cell.shown.by, person=cell.shown.person)
                self._put(settlement.key, Cell(held, at, at))
            case "reject":
                applied.rejected.append((cell.shown.by, cell.id, settlement))
                self._put(settlement.key, Cell(owners, at, at))

    def _apply_declare(self, at: int, entry: Entry, declare: Declare, applied: Applied) -> None:
        share = replace(declare.share, by=entry.author)
        self._raise_share(at, share)
        applied.touched.add(share.name)
        declared = {change.key for change in declare.changes if share_of(change.key) == share.name}
        for key in [k for k in self._cells if share_of(k) == share.name and k not in declared]:
            self._bury(at, key)
            applied.touched.add(key)
        for change in declare.changes:
            if change.key in declared:
                applied.touched.add(change.key)
                self._put(change.key, self._declared_cell(at, entry, declare, change))

    def _declared_cell(self, at: int, entry: Entry, declare: Declare, change: Change) -> Cell:
        owners = Held(entry.author, change.value, change.blob, change.size)
        previous = self._cells.get(change.key)
        kept = declare.restore and previous is not None and previous.shown.person and self.writable(change.key)
        if previous is None or not kept or previous.shown.same_value(owners):
            person = bool(previous and kept)
            return Cell(replace(owners, person=person), version=at, touched=at)
        return Cell(previous.shown, version=at, touched=at, id=previous.id, pending=True)

    def _apply_unshare(self, at: int, name: str, applied: Applied) -> None:
        if self._shares.pop(name, None) is None:
            return
        self._recount()
        for key in [k for k in self._cells if share_of(k) == name]:
            self._bury(at, key)
            applied.touched.add(key)
        self._mark_gone(at, name)
        applied.touched.add(name)

    # Patches.

    def patch(self, at: int, names: Iterable[str]) -> Patch:
        """The present state of these names, as of `at`."""
        wanted = set(names)
        return Patch(
            at=at,
            keys=tuple(_key_state(key, self._cells[key]) for key in sorted(wanted & self._cells.keys())),
            shares=tuple(self._shares[name].share for name in sorted(wanted & self._shares.keys())),
            gone=tuple(sorted(wanted & self._tombstones.keys())),
        )

    def patches(self, at: int, names: Iterable[str]) -> Iterator[Patch]:
        """The same in the order of the last touch and in pages; none without names."""
        touched = sorted((self._touch_of(name), name) for name in names)
        return self._pages(at, touched) if touched else iter(())

    def bridges(self, since: int) -> bool:
        """Whether a diff since this position is exact: no tombstone after it has been dropped."""
        return since >= self._horizon

    def page(self, since: int, top: int, *, reset: bool) -> Patch:
        """The first page of what was touched after `since`, complete up to its `at`; `more` if that is below `top`."""
        return replace(next(self._pages(top, self._touched_after(since))), reset=reset)

    def _pages(self, top: int, touches: Iterable[tuple[int, str]]) -> Iterator[Patch]:
        names: list[str] = []
        size, at = 0, top
        for touched, name in touches:
            if size > limits.PATCH_BYTES and touched != at:
                yield replace(self.patch(at, names), more=True)
                names, size = [], 0
            names.append(name)
            at = touched
            size += self._weight(name)
        yield self.patch(top, names)

    def _touch_of(self, name: str) -> int:
        held = self._cells.get(name) or self._shares.get(name)
        return self._tombstones.get(name, 0) if held is None else held.touched

    def _touched_after(self, since: int) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for items in (
            ((described.touched, name) for name, described in reversed(self._shares.items())),
            ((cell.touched, key) for key, cell in reversed(self._cells.items())),
            ((touched, name) for name, touched in reversed(self._tombstones.items())),
        ):
            found.extend(_while_after(since, items))
        return sorted(found)

    def _weight(self, name: str) -> int:
        cell = self._cells.get(name)
        if cell is None:
            return 256 * len(self._shares[name].share.models) if name in self._shares else len(name)
        return len(name) + 64 + (0 if cell.shown.blob else len(msgspec.msgpack.encode(cell.shown.value)))

    # Saved state.

    def take_rows(self) -> tuple[list[Row], list[str]]:
        """What changed since the last call: rows to replace, names of rows to remove."""
        rows: list[Row] = []
        removed: list[str] = []
        tables: dict[str, Mapping[str, object]] = {
            KEY_ROW: self._cells,
            SHARE_ROW: self._shares,
            TOMBSTONE_ROW: self._tombstones,
        }
        for name in sorted(self._dirty):
            for kind, table in tables.items():
                if name in table:
                    rows.append(Row(kind + name, msgspec.msgpack.encode(table[name])))
                else:
                    removed.append(kind + name)
        if rows or removed:
            rows.append(Row(HORIZON_ROW, msgspec.msgpack.encode(self._horizon)))
        self._dirty.clear()
        return rows, removed

    def load(self, rows: Iterable[Row]) -> None:
        """Take the saved rows of keys, shares and tombstones; others are ignored."""
        cells, shares, tombstones = {}, {}, {}
        for row in rows:
            kind, name = row.name[0], row.name[1:]
            if kind == KEY_ROW:
                cells[name] = msgspec.msgpack.decode(row.value, type=Cell)
            elif kind == SHARE_ROW:
                shares[name] = msgspec.msgpack.decode(row.value, type=Described)
            elif kind == TOMBSTONE_ROW:
                tombstones[name] = msgspec.msgpack.decode(row.value, type=int)
            elif kind == HORIZON_ROW:
                self._horizon = msgspec.msgpack.decode(row.value, type=int)
        self._cells = dict(sorted(cells.items(), key=lambda item: item[1].touched))
        self._shares = dict(sorted(shares.items(), key=lambda item: item[1].touched))
        self._tombstones = dict(sorted(tombstones.items(), key=lambda item: item[1]))
        self._recount()

    # Changing cells.

    def _put(self, key: str, cell: Cell) -> None:
        previous = self._cells.pop(key, None)
        self._blobs.subtract(_cell_blobs(previous))
        self._blobs.update(_cell_blobs(cell))
        self._cells[key] = cell
        self._tombstones.pop(key, None)
        self._dirty.add(key)

    def _bury(self, at: int, key: str) -> None:
        self._blobs.subtract(_cell_blobs(self._cells.pop(key)))
        self._mark_gone(at, key)

    def _raise_share(self, at: int, share: Share) -> None:
        self._shares.pop(share.name, None)
        self._shares[share.name] = Described(share, at)
        self._tombstones.pop(share.name, None)
        self._dirty.add(share.name)
        self._recount()

    def _mark_gone(self, at: int, name: str) -> None:
        self._tombstones.pop(name, None)
        self._tombstones[name] = at
        self._dirty.add(name)
        while len(self._tombstones) > limits.MAX_TOMBSTONES:
            oldest = next(iter(self._tombstones))
            self._horizon = max(self._horizon, self._tombstones.pop(oldest))
            self._dirty.add(oldest)

    def _recount(self) -> None:
        self._blobs = Counter(blob for cell in self._cells.values() for blob in _cell_blobs(cell))
        for described in self._shares.values():
            self._blobs.update(share_blobs(described.share))


def share_of(key: str) -> str:
    """The name of the share that a key belongs to; empty for a key without an owner."""
    return key.partition("/")[0]


def _model_key(share: str, path: str) -> str:
    return f"{share}/{path}" if path else share


def _split(key: str) -> tuple[str, str]:
    model, _, trait = key.rpartition("/")
    return model, trait


def _by_person(cell: Cell) -> bool:
    return cell.over_person if cell.pending else cell.shown.person


def _cell_blobs(cell: Cell | None) -> list[str]:
    return [cell.shown.blob] if cell is not None and cell.shown.blob else []


def _key_state(key: str, cell: Cell) -> KeyState:
    shown = cell.shown
    return KeyState(key, cell.version, shown.by, shown.value, shown.blob, shown.size, cell.pending)


def _while_after(since: int, items: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for touched, name in items:
        if touched <= since:
            return
        yield touched, name
