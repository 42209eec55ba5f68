"""Every button's payload: typed, at most 64 bytes, checked when packed and when pressed.

A payload is a hint: a client can send any data, from a button long gone. The rows decide.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LIMIT = 64
Number = Annotated[int, Field(ge=0, lt=2**63)]  # what a database's key can be
_KNOWN: "dict[str, type[Payload]]" = {}


class UnknownButton(ValueError):
    """Data that no button of this version carries."""


class Payload(BaseModel):
    """`code` stands for the class on the wire: `a:123:0`."""

    model_config = ConfigDict(frozen=True)
    code: ClassVar[str]

    def __init_subclass__(cls, code: str) -> None:
        cls.code = code
        if _KNOWN.setdefault(code, cls) is not cls:
            raise TypeError(f"two buttons are called {code}")

    def pack(self) -> str:
        data = ":".join([self.code, *(str(value) for value in self.model_dump().values())])
        if len(data.encode()) > LIMIT:
            raise ValueError(f"{len(data.encode())} bytes: {data}")
        return data


def unpack(data: str) -> Payload:
    code, *values = data.split(":")
    kind = _KNOWN.get(code)
    if kind is None or len(values) != len(kind.model_fields):
        raise UnknownButton(code)
    try:
        return kind.model_validate(dict(zip(kind.model_fields, values, strict=True)))
    except ValidationError:
        raise UnknownButton(code) from None
