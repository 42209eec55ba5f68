"""What people are told: frozen values in `domain/<wing>/messages`, worded by `handlers/screens`.

A message is stored with the state it speaks of and worded when it is sent, perhaps by a later version of the program:
it is stored under its wing, name and version, and fields that are not known any more are passed over.
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
