"""Two real kernels and a real relay: what one does to a message, the other one sees."""

from __future__ import annotations

import pytest

from tests.support.kernels import CellFailed, Kernel
from tests.support.lasting_kernels import LastingKernel

pytestmark = pytest.mark.integration

TEXTS = "[m.text for m in room.chat.messages]"


@pytest.fixture
def host(hosts: LastingKernel) -> Kernel:
    host = hosts.begin()
    host.run("room = cw.share(Counter())")
    return host


@pytest.fixture
def guest(guests: LastingKernel, host: Kernel) -> Kernel:
    guest = guests.begin()
    guest.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana')")
    return guest


@pytest.mark.rule("L5", "L6")
def test_replies_edits_and_reactions_are_seen_by_the_other(host: Kernel, guest: Kernel) -> None:
    guest.run("room.chat.send('helo')")
    host.sees(TEXTS, ["helo"])
    host.run("room.chat.send('hi!', reply=room.chat.messages[0]); room.chat.messages[0].react('👍')")
    guest.sees("[(m.text, m.reply) for m in room.chat.messages]", [["helo", None], ["hi!", 1]])
    guest.run("room.chat.messages[0].edit('hello')")
    host.sees("[(m.text, m.edited) for m in room.chat.messages]", [["hello", True], ["hi!", False]])
    guest.sees("[list(m.reactions) for m in room.chat.messages]", [["👍"], []])
    host.run("room.chat.messages[0].unreact('👍')")
    guest.sees("[list(m.reactions) for m in room.chat.messages]", [[], []])


@pytest.mark.rule("L8")
def test_a_host_erases_what_a_guest_said_and_it_cannot_be_found(host: Kernel, guest: Kernel) -> None:
    guest.run("room.chat.send('a secret'); room.chat.send('no secret')")
    host.sees("len(room.chat.messages)", 2)
    host.run("room.chat.messages[0].erase()")
    guest.sees("[(m.text, m.erased) for m in room.chat.messages]", [["", True], ["no secret", False]])
    guest.sees("[m.text for m in room.chat.search('secret')]", ["no secret"])


@pytest.mark.rule("L6")
def test_what_is_not_ours_is_refused_in_a_sentence(host: Kernel, guest: Kernel) -> None:
    host.run("room.chat.send('mine')")
    guest.sees(TEXTS, ["mine"])
    with pytest.raises(CellFailed, match="may edit this message"):
        guest.run("room.chat.messages[0].edit('yours')")
    with pytest.raises(CellFailed, match="hosts may erase this message"):
        guest.run("room.chat.messages[0].erase()")
    with pytest.raises(CellFailed, match="one emoji"):
        guest.run("room.chat.messages[0].react('ok')")
    host.run("room.chat.messages[0].erase()")
    guest.sees("room.chat.messages[0].erased", True)
    with pytest.raises(CellFailed, match="was erased"):
        guest.run("room.chat.messages[0].react('👍')")


@pytest.mark.rule("L9")
def test_the_whole_history_is_found_and_read(host: Kernel, guest: Kernel) -> None:
    host.run("for n in range(450): room.chat.send(f'Zeile {n}: grün' if n % 100 == 7 else f'line {n}')")
    host.sees("len(room.chat.history())", 450)
    guest.sees("room.chat.messages[-1].text", "line 449")
    guest.run("first = room.chat.search('GRUN zei', count=2)")
    guest.sees("[m.text for m in first]", ["Zeile 407: grün", "Zeile 307: grün"])
    guest.sees(
        "[m.text for m in room.chat.search('zeile', before=first[-1])]", [f"Zeile {n}: grün" for n in (207, 107, 7)]
    )
    guest.sees("[m.text for m in room.chat.history()][::449]", ["line 0", "line 449"])


def test_new_messages_and_changes_are_told(host: Kernel, guest: Kernel) -> None:
    host.run("new, changed = [], []")
    host.run("@room.chat.on_message\ndef note(message): new.append(message.text)")
    host.run("@room.chat.on_change\ndef see(message): changed.append((message.text, message.erased))")
    guest.run("room.chat.send('one')")
    host.sees("new", ["one"])
    guest.run("room.chat.messages[0].edit('two')")
    host.sees("changed", [["two", False]])
    guest.run("room.chat.messages[0].erase()")
    host.sees("changed", [["two", False], ["", True]])
    host.sees("new", ["one"])
