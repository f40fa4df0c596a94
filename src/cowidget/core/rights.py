"""What a role may push (PROTOCOL.md A2-A4, E1, L4, P10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cowidget.core import codec, limits
from cowidget.core.access import OWNER, Access
from cowidget.core.bodies import fault_of
from cowidget.core.decisions import is_notebook, is_shielded
from cowidget.core.document import Document, share_of
from cowidget.core.frames import (
    Declare,
    Emit,
    Entrust,
    Grant,
    Lock,
    Notice,
    Post,
    Push,
    Refused,
    Remove,
    Revoke,
    Set,
    Settle,
    Stop,
    Unshare,
)
from cowidget.core.members import Member
from cowidget.core.references import keys_of, without
from cowidget.core.values import Change, Role

_ROLES_OF: dict[type, frozenset[Role]] = {
    Post: frozenset({"viewer", "participant", "host", "owner"}),
    Set: frozenset({"participant", "host", "owner"}),
    Emit: frozenset({"participant", "host", "owner"}),
    Revoke: frozenset({"host", "owner"}),
    Stop: frozenset({"host", "owner"}),
    Lock: frozenset({"host", "owner"}),
    Remove: frozenset({"host", "owner"}),
    Entrust: frozenset({"host", "owner"}),
    Settle: frozenset({"owner"}),
    Declare: frozenset({"owner"}),
    Unshare: frozenset({"owner"}),
    Grant: frozenset({"owner"}),
}


_NEVER = frozenset({"children", "layout", "style", "tooltip"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of a push, and what to say about the rest."""

    push: Push | None
    refused: Refused | None = None
    notices: tuple[Notice, ...] = ()


def never_writable(trait: str) -> bool:
    """Whether a trait of this name is structure, appearance or markup, which no argument opens to guests (A4).

    With it, a guest could run script in the host's notebook. What begins with `$` is no trait, but the
    kernel's account of a model's events (E4).
    """
    return trait.startswith(("_", "$")) or trait in _NEVER or trait.lower().endswith("html")


def judge(push: Push, peer: str, role: Role, document: Document, claims: Collection[str] = ()) -> Verdict:
    """Decide what of a push its author may do. `claims` are the shares that it has declared to no effect yet."""
    if role not in _ROLES_OF[type(push)]:
        return Verdict(
            None,
            Refused(push.id, "role", f"A {role} may not do this ({type(push).__name__.lower()})."),
        )
    match push:
        case Post(body=body):
            fault = fault_of(body)
            return Verdict(None, Refused(push.id, "invalid", fault)) if fault else Verdict(push)
        case Grant(invitation=invitation) if invitation.role == "owner" or invitation.name == OWNER:
            return Verdict(None, Refused(push.id, "role", "No link makes an owner."))
        case Revoke(invitation=name) if name == OWNER:
            return Verdict(None, Refused(push.id, "role", "The owner cannot be sent away."))
        case Emit() if _emit_size(push) > limits.MAX_EMIT_BYTES:
            return Verdict(None, Refused(push.id, "too-large", "This message is too large."))
        case Emit() if push.trait or push.count:
            return _judge_counted(push, peer, role, document, claims)
        case Set() if role != "owner":
            return _judge_set(push, peer, document)
        case Set() | Settle() | Unshare():
            return _judge_owner(push, peer, document, claims)
        case Emit() if role != "owner":
            return _judge_emit(push, peer, role, document)
    return Verdict(push)


def judge_about(push: Remove | Entrust, author: Member, target: Member | None, access: Access) -> Refused | None:
    """Why this author may not change what another peer may do, or None (P10). `target` is that peer, if it is here."""
    if push.peer == author.peer:
        return Refused(push.id, "role", "Nobody changes their own role.")
    if target is not None and is_shielded(access.invitations.get(target.invitation), author.role):
        return Refused(push.id, "role", "The notebook that shares this room cannot be sent away or changed.")
    makes_hosts = author.role == "owner" or is_notebook(access.invitations.get(author.invitation))
    if isinstance(push, Entrust) and push.role == "host" and not makes_hosts:
        return Refused(push.id, "role", "Only the notebook that shares this room can make somebody a host.")
    if not access.decisions.takes(push.peer):
        return Refused(push.id, "too-large", "This room remembers as many people as it can.")
    return None


def locks_out(push: Push, role: Role) -> bool:
    """Whether a locked room refuses this push (P10)."""
    return role == "participant" and isinstance(push, Set | Emit)


def _judge_owner(push: Set | Settle | Unshare, peer: str, document: Document, claims: Collection[str]) -> Verdict:
    """What another kernel has declared is that kernel's, also when both hold the owner's secret (A2)."""
    own = (peer, None)
    denied = [key for key in keys_of(push) if share_of(key) not in claims and document.owner_of(key) not in own]
    if not denied:
        return Verdict(push)
    keys = tuple(dict.fromkeys(denied))
    text = f"{', '.join(dict.fromkeys(map(share_of, keys)))}: another kernel shares this now."
    return Verdict(without(push, keys), Refused(push.id, "not-owner", text, keys))


def _judge_counted(push: Emit, peer: str, role: Role, document: Document, claims: Collection[str]) -> Verdict:
    """A trait's event, or a numbered one, makes up what a model shows: only its own kernel's may (E4)."""
    if role != "owner":
        return Verdict(None, Refused(push.id, "role", f"A {role}'s message has no trait and no count."))
    share = share_of(push.model)
    if share in claims or document.owner_of(push.model) in (peer, None):
        return Verdict(push)
    return Verdict(None, Refused(push.id, "not-owner", f"{share}: another kernel shares this now."))


def _judge_set(push: Set, peer: str, document: Document) -> Verdict:
    allowed: list[Change] = []
    denied: list[str] = []
    for change in push.changes:
        if _may_write(change, document):
            allowed.append(change)
        else:
            denied.append(change.key)
    if not denied:
        return _judge_sizes(push, document)
    keys = tuple(dict.fromkeys(denied))
    text = f"{', '.join(_trait(key) for key in keys)} cannot be changed by guests."
    notices = tuple(_notice(key, peer) for key in keys[: limits.MAX_NOTICES])
    rest = _judge_sizes(Set(push.id, tuple(allowed)), document) if allowed else Verdict(None)
    return Verdict(rest.push, rest.refused or Refused(push.id, "not-writable", text, keys), notices)


def _judge_sizes(push: Set, document: Document) -> Verdict:
    # Without keys: the whole push ends. Its parts belong together, and none of them goes on.
    if any(_too_large(change.value) for change in push.changes):
        return Verdict(None, Refused(push.id, "too-large", "This value is too large to be sent inline."))
    new = [change.key for change in push.changes if change.key.startswith("/") and document.cell(change.key) is None]
    if new and document.shared_keys() + len(new) > limits.MAX_SHARED_KEYS:
        return Verdict(None, Refused(push.id, "too-large", "This room holds as many values as it can."))
    return Verdict(push)


def _judge_emit(push: Emit, peer: str, role: Role, document: Document) -> Verdict:
    if push.model == "":
        if role == "host":
            return Verdict(push)
        return Verdict(None, Refused(push.id, "role", "Only hosts may ask this."))
    if document.listens(push.model):
        return Verdict(push)
    notice = Notice(
        slug="messages",
        text=f"{push.model} does not take messages from guests.",
        key=push.model,
        peer=peer,
        allow='allow={"messages"}',
    )
    return Verdict(
        None,
        Refused(push.id, "not-writable", "This widget takes no messages from guests."),
        (notice,),
    )


def _may_write(change: Change, document: Document) -> bool:
    if change.deleted and not change.key.startswith("/"):
        return False
    return document.writable(change.key)


def _notice(key: str, peer: str) -> Notice:
    trait = _trait(key)
    never = never_writable(trait)
    return Notice(
        slug="not-writable",
        text=f"A guest tried to change {key}." + (" No argument allows that." if never else ""),
        key=key,
        peer=peer,
        allow="" if never else f'allow={{"{trait}"}}',
    )


def _emit_size(push: Emit) -> int:
    return codec.value_size(push.content) + sum(map(len, push.buffers))


def _trait(key: str) -> str:
    return key.rpartition("/")[2]


def _too_large(value: Any) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return False
    return codec.value_size(value) > limits.MAX_INLINE_BYTES
