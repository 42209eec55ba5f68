"""Messages to people: frozen values in `domain/<wing>/messages`, rendered by `handlers/screens`.

A message is stored with the state it describes and rendered when it is sent, perhaps by a later version of the
program: under its wing, name and version; unknown fields are ignored.
"""

from typing import ClassVar


class Message:
    """Base of every message; subclasses are frozen, slotted dataclasses of plain values.

    `version` goes up when a field changes its meaning or a new one has no default.
    """

    __slots__ = ()
    version: ClassVar[int] = 1
    stored_as: ClassVar[str]

    def __init_subclass__(cls) -> None:
        wing = cls.__module__.split(".")[1]
        version = "" if cls.version == 1 else f"@{cls.version}"
        cls.stored_as = f"{wing}.{cls.__name__}{version}"
