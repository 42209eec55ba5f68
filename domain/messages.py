"""Messages to people: frozen values in `domain/<wing>/messages`, rendered by `handlers/<area>/<topic>.py`.

A message is stored with the state it describes and rendered when it is sent, perhaps by a later version of the
program: under its wing, name and version; unknown fields are ignored.
"""

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform


class Message:
    """Base of every message; subclasses are frozen, slotted dataclasses of plain values.

    `version` goes up when a field changes its meaning or a new one has no default.
    Of an extension the wing is its package's `WING`, else its name.
    """

    __slots__ = ()
    version: ClassVar[int] = 1
    stored_as: ClassVar[str]

    def __init_subclass__(cls) -> None:
        layer, wing = cls.__module__.split(".")[:2]
        wing = getattr(sys.modules.get(f"{layer}.{wing}"), "WING", wing)
        version = "" if cls.version == 1 else f"@{cls.version}"
        cls.stored_as = f"{wing}.{cls.__name__}{version}"


@dataclass(frozen=True, slots=True)
class Note:
    """Part of a card that an extension adds: a message's name and fields, painted by that message's screen."""

    name: str
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, message: Message) -> "Note":
        """Return the message as a note."""
        return cls(message.stored_as, asdict(message))  # type: ignore[call-overload]


__all__ = ["changed", "record"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace as changed
else:

    def changed(old, /, **changes):
        """A copy with other values in some of its fields."""
        new = type(old)(*_values(type(old))(old))
        for name, value in changes.items():
            setattr(new, name, value)
        return new


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A dataclass with slots and at least two fields, all of them arguments."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@cache
def _values(cls: type[Any]) -> "attrgetter[Any]":
    return attrgetter(*(field_.name for field_ in fields(cls)))
