"""A room that this kernel owns: what the user holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack, get_args

from IPython import get_ipython
from ipywidgets import Widget

from cowidget.client.handle import Handle
from cowidget.client.links import OwnerKey
from cowidget.client.owner import GUESTS
from cowidget.client.peer import Stage
from cowidget.core import values
from cowidget.errors import CowidgetError, LinkError, RoomClosed, ShareError
from cowidget.widgets import main_thread, objects
from cowidget.widgets.gathering import Gathering
from cowidget.widgets.hosting import Hosting
from cowidget.widgets.invitation import Expires, GuestRole, Invitation, SecretUrl, checked_role, lifetime
from cowidget.widgets.messages.part import Part
from cowidget.widgets.names import caller_scopes, share_name, variable
from cowidget.widgets.panel import Panel
from cowidget.widgets.reach import Reach
from cowidget.widgets.registry import MESSAGES, Terms
from cowidget.widgets.shared import Apply, Shared
from cowidget.widgets.showing import Showing
from cowidget.widgets.tree import check_root

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed

_STOP_TIMEOUT = 5.0
_NO_HASH = "0" * 64
# Of the 64 characters of a share's name; the rest is for a number.
_MAX_WISH = 56


class ShareOptions(TypedDict, total=False):
    """How a widget is shared.

    Attributes:
        name: what it is called in the room; default: the caller's variable, else class and number.
        allow: traits that guests may write beside the default ones, also such as would stay in the kernel or be
            each viewer's own by default; "messages" for custom messages.
        exclude: traits that never leave the kernel.
        local: traits that each viewer has for themselves.
        apply: where guests' writes are applied: on the "main" thread between cells (default), or at once
            on a "thread" beside it, where observers then run too.
        restore: False: the widget's values win over what guests had set before a restart.
    """

    name: str | None
    allow: Iterable[str]
    exclude: Iterable[str]
    local: Iterable[str]
    apply: Apply
    restore: bool


class Room(Gathering):
    """A room with its widgets, values, chat and people. Made by `cw.share` and `cw.room`."""

    def __init__(self, hosting: Hosting) -> None:
        super().__init__(hosting.handle, hosting.main)
        self._hosting = hosting
        self._showing = Showing(hosting)
        # The link's thread: panels that show a link, by peer, and which.
        self._asked: dict[str, str] = {}
        self._stopped = False
        self._shared_in: dict[str, str] = {}
        self._order = 0
        self._forget_cells: Callable[[], None] = lambda: None

    # What it is.

    @property
    def name(self) -> str:
        """The room's name, the middle part of its link."""
        return self._hosting.room

    @property
    def url(self) -> SecretUrl:
        """The guests' link: whoever opens it takes part. Its `repr` leaves the secret out.

        Waits up to two seconds for the relay to know it, unless the relay is away.
        """
        self._check_open()
        return self._given(GUESTS)

    @property
    def reach(self) -> Reach:
        """Who can open the room's links: this machine, its network, or everybody; and why."""
        return self._hosting.place.reach

    @property
    def widgets(self) -> Mapping[str, Widget]:
        """What is shared, by name."""
        return MappingProxyType({name: shared.root for name, shared in self._hosting.shared.items()})

    @property
    def status(self) -> str:
        """The connection to the relay: live, connecting, reconnecting or ended, and why if that is known."""
        if self._stopped:
            return "stopped"
        return str(self._hosting.handle.status)

    @property
    def errors(self) -> list[Exception]:
        """What went wrong lately in the background, newest last."""
        return list(self._hosting.errors)

    def __repr__(self) -> str:
        return f"<Room {self.name} · {self.status}>"

    # Sharing.

    def share(self, *things: object, **options: Unpack[ShareOptions]) -> Self:
        """Put widgets and other things into the room, or describe them anew.

        They stay until `unshare`, `stop` or a widget's `close`.

        Args:
            things: widgets, or what can be shown as one: a figure, a table, an object with a rich display.
            options: how they are shared.

        Raises:
            ShareError: something of it cannot be shared; says what to do.
        """
        self._check_open()
        if unknown := options.keys() - ShareOptions.__annotations__.keys():
            raise TypeError(f"share() got an unexpected keyword argument {min(unknown)!r}")
        if options.get("apply", "main") not in get_args(Apply):
            raise ShareError(f"apply={options.get('apply')!r} is none of: {', '.join(map(repr, get_args(Apply)))}.")
        if options.get("name") is not None and len(things) > 1:
            raise ShareError("name= is for one widget; share each one with its own.")
        roots = [check_root(objects.adapt(thing)) for thing in things]
        for thing, root in zip(things, roots, strict=True):
            self._share(thing, root, options)
        self._hosting.owner(lambda owner: owner.renew())
        return self

    def unshare(self, which: object) -> None:
        """Take a widget or thing out of the room.

        Args:
            which: it, or its name.

        Raises:
            ShareError: it is not in the room.
        """
        name = which if isinstance(which, str) else self._name_of(which)
        shared = self._hosting.shared.get(name or "")
        if shared is None:
            called = repr(which) if isinstance(which, str) else f"This {type(which).__name__}"
            raise ShareError(f"{called} is not shared in this room.")
        shared.close_mirrors()
        self._hosting.unshare(shared.name)

    # Links.

    def invite(
        self,
        role: GuestRole = "participant",
        expires: Expires = "7d",
        people: int | None = None,
        name: str | None = None,
    ) -> Invitation:
        """Make another link, with its own role, end and number of people.

        Args:
            role: viewer, participant or host.
            expires: "30m", "2h", "7d", seconds, a timedelta, or None for never.
            people: how many may be here with it at once.
            name: to find it again: the same name gives the same link, also after a restart.

        Raises:
            LinkError: an argument cannot be.
        """
        self._check_open()
        known = self._hosting.read_owner(lambda owner: dict(owner.invitations))
        chosen = name or _free_name(role, known)
        if chosen == GUESTS or not 0 < len(chosen) <= 64 or (people is not None and people < 1):
            raise LinkError("A link needs a name of its own (not “guests”) and room for at least one person.")
        seconds = lifetime(expires)
        until = None if seconds is None else time.time() + seconds
        terms = values.Invitation(name=chosen, role=checked_role(role), hash=_NO_HASH, expires=until, people=people)
        self._hosting.owner(lambda owner: owner.invite(terms))
        end = None if until is None else datetime.fromtimestamp(until, UTC).astimezone()
        return Invitation(chosen, checked_role(role), end, partial(self._given, chosen))

    def revoke(self, invitation: Invitation | str | None = None) -> None:
        """Withdraw a link: who came with it is out within a second.

        Args:
            invitation: which, also by name. None: the guests' link, which is replaced by a new one.
        """
        self._check_open()
        name = invitation.name if isinstance(invitation, Invitation) else invitation or GUESTS
        if name not in self._hosting.read_owner(lambda owner: dict(owner.invitations)):
            raise LinkError(f"This room has no link named {name!r}.")
        self._hosting.owner(lambda owner: owner.revoke(name))
        if name == GUESTS:
            self._hosting.owner(lambda owner: owner.renew())
        self._hosting.thread.call(self._tell_links)

    # Ending.

    def stop(self) -> None:
        """End the room for everybody and let go of its widgets. What was said and set is kept by the relay."""
        if self._stopped:
            return
        self._stopped = True
        self._forget_cells()
        self._hosting.handle.push(lambda replica: replica.stop())
        self._hosting.handle.wait_sent(_STOP_TIMEOUT)
        self._hosting.handle.close()
        # Last: a cell that holds a widget's lock must not keep the guests in.
        self._hosting.close()
        self._showing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Showing.

    def show(self) -> None:
        """Display the room's panel in the running cell, once per run of a cell."""
        if not self._stopped:
            self._showing.show_room()

    def _ipython_display_(self) -> None:
        if get_ipython() is None or self._stopped:
            print(repr(self))  # noqa: T201 - this is how an object displays itself as text
        else:
            self.show()

    # For the functions beside it.

    def _open(self) -> None:
        self._hosting.open(self._answer)
        self._forget_cells = main_thread.on_cells(self._hosting.expect_main, self._end_cell, self._hosting.catch_up)

    def _end_cell(self) -> None:
        self._showing.take_tickets_back()
        self._hosting.refresh_links()

    def _show_widgets(self, widgets: Sequence[object], *, native: bool) -> None:
        self._showing.show_widgets(widgets, native=native)

    def _has(self, widget: Widget) -> bool:
        return not self._stopped and self._name_of(widget) is not None

    def _panel_of(self, widget: Widget, height: int) -> Panel:
        # By itself, for the running cell.
        return self._showing.panel_of(self._take_in(widget), height)

    def _session_for(self, widget: Widget, key: OwnerKey) -> Handle:
        self._take_in(widget)
        return self._hosting.another_session(key)

    def _take_in(self, widget: Widget) -> str:
        # Where nobody has called it anything, it has the name that the notebook gives it.
        if (known := self._name_of(widget)) is not None:
            return known
        name = self._own_name(widget)
        self._share(widget, widget, ShareOptions(name=name))
        return name

    def _own_name(self, widget: Widget) -> str:
        running, shared = main_thread.execution(), self._hosting.shared
        wish = variable(widget, getattr(get_ipython(), "user_ns", {})) or f"cell-{main_thread.cell()}"[:_MAX_WISH]
        # The same in another run of the cell is the one that it made before.
        taken = (f"{wish}-{number}" if number else wish for number in count())
        return next(name for name in taken if name not in shared or self._shared_in.get(name) != running)

    def _process(self) -> int:
        return self._hosting.apply_waiting("main")

    def _answer(self, content: Any, by: str) -> None:
        # The link's thread.
        match content:
            case {"ask": "link"}:
                self._asked[by] = str(content.get("invitation") or GUESTS)
                self._tell_link(by)
            case {"ask": "allow", "key": str(key)}:
                # Beside the main thread: a cell that runs for long must not keep the guests waiting.
                self._hosting.thread.apply(partial(self._allow, key, content.get("what") == MESSAGES, by))
            case {"ask": "stop"}:
                self._hosting.thread.apply(self.stop)
            case _:
                return

    def _allow(self, key: str, messages: bool, by: str) -> None:
        try:
            told = {"allowed": self._hosting.allow(key, messages=messages), "key": key}
        except CowidgetError as error:
            told = {"failed": str(error)}
        self._tell(by, told)

    def _tell(self, peer: str, content: Mapping[str, Any]) -> None:
        self._hosting.handle.push(lambda replica: replica.emit("", dict(content), to=peer))

    def _tell_link(self, peer: str) -> None:
        name = self._asked[peer]
        known = self._hosting.read_owner(lambda owner: owner.invitations.get(name))
        if known is None or known.revoked:
            self._tell(peer, {"link": "", "reach": "This link was withdrawn. Make another one with room.invite()."})
        else:
            self._tell(peer, {"link": str(self._url(name)), "reach": str(self.reach)})

    def _tell_links(self) -> None:
        # A link has changed: whoever shows one is told.
        here = self._hosting.handle.ask(lambda replica: frozenset(replica.people))
        self._asked = {peer: invitation for peer, invitation in self._asked.items() if peer in here}
        for peer in self._asked:
            self._tell_link(peer)

    def _open_to_network(self) -> None:
        self._hosting.place.open_to_network()
        self._hosting.thread.call(self._tell_links)

    def _given(self, invitation: str) -> SecretUrl:
        self._hosting.grants.wait(invitation)
        return self._url(invitation)

    def _url(self, invitation: str) -> SecretUrl:
        return SecretUrl(self._hosting.link(invitation).url, partial(self._show_link, invitation))

    def _show_link(self, invitation: str) -> None:
        if not self._stopped:
            self._showing.show_link(invitation)

    def _name_of(self, thing: object) -> str | None:
        shares = self._hosting.shared.items()
        return next((name for name, shared in shares if shared.root is thing or shared.thing is thing), None)

    def _part_of(self, thing: object) -> Part | None:
        key = self._name_of(thing) or self._hosting.key_of(thing)
        return None if key is None else self._hosting.part_of(key)

    def _feeds_here(self) -> tuple[Feed, ...]:
        return self._hosting.feeds

    def _share(self, thing: object, root: Widget, options: ShareOptions) -> None:
        terms = Terms.of(options.get("allow", ()), options.get("exclude", ()), options.get("local", ()))
        name = self._choose_name(thing, root, options.get("name"))
        previous = self._hosting.shared.get(name)
        if previous is None:
            self._order += 1
        shared = Shared(name, root, terms, previous.order if previous else self._order, self._hosting)
        shared.thing, shared.apply_on = thing, options.get("apply", "main")
        shared.fetch_code()
        # First the new one: what stands for the same object must not be let go of in between.
        declared = shared.open(previous)
        if previous is not None:
            previous.close_mirrors()
        self._hosting.shared[name] = shared
        self._shared_in[name] = main_thread.execution()
        self._hosting.declare(declared, restore=options.get("restore", True))

    def _choose_name(self, thing: object, root: Widget, given: str | None) -> str:
        if given is None and (known := self._name_of(root)) is not None:
            return known
        shared = self._hosting.shared
        name = share_name(thing, given, shared, caller_scopes())
        # The same variable in the same run is a loop that shares several widgets; in another run it is the
        # cell run again, whose new widget continues the old one.
        running = main_thread.execution()
        if given is None and name in shared and running and self._shared_in.get(name) == running:
            return share_name(thing, None, shared, [])
        return name

    def _check_open(self) -> None:
        if self._stopped:
            raise RoomClosed("This room has been stopped. Share again for a new one.")
        if (status := self._hosting.handle.status).stage is Stage.ENDED:
            raise RoomClosed(f"{status.closing.text if status.closing else 'This room has ended.'} Share again.")


def _free_name(role: str, taken: Iterable[str]) -> str:
    number = 1
    while (name := f"{role}-{number}") in taken:
        number += 1
    return name
