"""How a share is described to its room: its models, their code, and what that imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from cowidget.core.limits import MAX_MESSAGE_BYTES
from cowidget.core.packing import pack
from cowidget.core.values import Model, Module, Share
from cowidget.errors import ShareError
from cowidget.widgets.code.modules import code_of, imports_of, packed, packed_hash
from cowidget.widgets.mirror import Mirror
from cowidget.widgets.registry import classic
from cowidget.widgets.tree import Node

# Fewer keys are certainly not too many.
_MANY = 1000
# Of a message, less what is around the description.
_MAX_BYTES = MAX_MESSAGE_BYTES - 1024


@dataclass(frozen=True, slots=True)
class Coded:
    """The code of a share's models.

    Attributes:
        code: the texts of code and style, by model id.
        modules: the texts of what they import, by name.
    """

    code: Mapping[str, tuple[str, str]]
    modules: Mapping[str, str]

    @property
    def blobs(self) -> tuple[bytes, ...]:
        """All of it as it travels (PROTOCOL.md D11), each text once."""
        own = (text for pair in self.code.values() for text in pair)
        return tuple(packed(text) for text in dict.fromkeys((*own, *self.modules.values())) if text)

    @property
    def named(self) -> tuple[Module, ...]:
        """The modules as a share names them."""
        return tuple(Module(name, packed_hash(text)) for name, text in self.modules.items())


def coded(nodes: Sequence[Node]) -> Coded:
    """The code that a page needs for these models. Blocks while some of it is fetched from the network.

    Raises:
        ShareError: some of it cannot be had; says what to do.
    """
    code = {node.widget.model_id: code_of(node.widget) for node in nodes}
    texts = dict.fromkeys(script for script, _ in code.values() if script)
    return Coded(code, imports_of([node.widget for node in nodes], texts))


def described(name: str, order: int, mirrors: Mapping[str, Mirror], nodes: Sequence[Node], code: Coded) -> Share:
    """The share that these mirrors, in the order of their nodes, are of."""
    pairs = zip(nodes, mirrors.values(), strict=True)
    models = tuple(_model(node, mirror, *code.code[node.widget.model_id]) for node, mirror in pairs)
    return Share(name, models, modules=code.named, order=order)


def check_size(share: Share, values: Mapping[str, Any]) -> None:
    """Whether the room can be told of a share, which takes one message.

    Raises:
        ShareError: it has too many models.
    """
    if len(values) < _MANY:
        return
    size = len(msgspec.msgpack.encode(share)) + len(msgspec.msgpack.encode(pack(values).changes))
    if size > _MAX_BYTES:
        raise ShareError(
            f"{share.name!r} has {len(share.models)} models, too many to be shared at once. Share parts of it, each "
            "with its own call, or leave traits out with exclude=."
        )


def _model(node: Node, mirror: Mirror, script: str, style: str) -> Model:
    return Model(
        path=node.path,
        name=type(node.widget).__name__[:64],
        traits=(*node.rights.traits, *mirror.past.tally.keys),
        writable=node.rights.writable,
        local=node.rights.local,
        events=node.rights.events,
        code=packed_hash(script) if script else None,
        style=packed_hash(style) if style else None,
        classic=classic(node.widget),
        messages=node.rights.messages,
    )
