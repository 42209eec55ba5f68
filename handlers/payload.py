"""Everything people can ask for, as typed values: a button carries one in at most 64 bytes, a command is read into one.

A payload authorises nothing: a client can send any data. Rows decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from domain.refusals import BadInput

LIMIT = 64
_KNOWN: "dict[str, type[Payload]]" = {}


@dataclass(frozen=True, slots=True)
class FromWord:
    """Reader of a field from a word of a command; it returns None for an unreadable word. `what` is the key of the
    refusal's text."""

    read: Callable[[str], Any]
    what: str
    expected: tuple[str, ...] = ()
    rest: bool = False  # takes all words that are left
    whole: bool = False  # takes the text as it was typed, command and lines too


def _number(word: str) -> int | None:
    digits = word.lstrip("#")
    return int(digits) if digits.isdecimal() and len(digits) <= 15 else None


NUMBER = FromWord(_number, "number")
WORD = FromWord(str, "word")
Number = Annotated[int, Field(ge=0, lt=2**63), NUMBER]  # the range of a database key
Account = Annotated[int, Field(gt=-(2**63), lt=2**63), NUMBER]  # of a person, or, below zero, of a team
Words = Annotated[str, FromWord(str, "word", rest=True)]
Written = Annotated[str, FromWord(str, "word", rest=True, whole=True)]


class UnknownButton(ValueError):
    """Data that no button of this version carries."""


class Payload(BaseModel):
    """A request that a button or a command makes. `code` stands for the class on the wire: `a:123:0`; without a code it
    is only typed."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # its reader is built at its first use
    code: ClassVar[str]
    names: ClassVar[tuple[str, ...]] = ()
    wired: ClassVar[str] = ""  # `a:%d:%d`

    def __init_subclass__(cls, code: str = "") -> None:
        cls.code = code
        if code and _KNOWN.setdefault(code, cls) is not cls:
            raise TypeError(f"two buttons are called {code}")

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.names = tuple(cls.model_fields)
        cls.wired = ":".join([cls.code, *(["%d"] * len(cls.names))])

    def fields(self) -> dict[str, Any]:
        return dict(self.__dict__)  # pydantic's own, in the order of the fields

    def pack(self) -> str:
        """Return a button's data: the code and the fields in their order, which is that of pydantic's own dictionary.
        Raise ValueError if they are too long."""
        values = self.__dict__.values()
        data = ":".join([self.code, *(str(int(value) if value.__class__ is bool else value) for value in values)])
        size = len(data) if data.isascii() else len(data.encode())
        if size > LIMIT:
            raise ValueError(f"{size} bytes: {data}")
        return data

    @classmethod
    def wire(cls, *numbers: int) -> str:
        """Return what `pack` returns for a class whose fields are all numbers, without the object: for buttons of every
        task. Raise TypeError for more or fewer numbers than fields."""
        return cls.wired % numbers  # TypeError where it has more fields, or fewer

    @classmethod
    def takes(cls, count: int) -> bool:
        """Return whether so many words behind a command can fill the fields."""
        needed = [field for field in cls.model_fields.values() if field.is_required()]
        endless = any(_word_of(field).rest for field in cls.model_fields.values())
        return len(needed) <= count and (endless or count <= len(cls.model_fields))

    @classmethod
    def from_words(cls, words: Sequence[str], usage: str, text: str = "") -> Self:
        """Return the payload, a word for each field in their order. Raise BadInput for the word that cannot be read."""
        values: dict[str, Any] = {}
        remaining_words = list(words)
        for name, field in cls.model_fields.items():
            reader = _word_of(field)
            word = text if reader.whole else " ".join(remaining_words) if reader.rest else "".join(remaining_words[:1])
            remaining_words = [] if reader.rest else remaining_words[1:]
            if not word and not field.is_required():
                continue
            values[name] = reader.read(word) if word else None
            if values[name] is None:
                raise BadInput(what=reader.what, value=word, expected=list(reader.expected) or [usage])
        return cls(**values)


def _word_of(field: FieldInfo) -> FromWord:
    own = next((reader for reader in field.metadata if isinstance(reader, FromWord)), None)
    return own or (NUMBER if field.annotation is int else WORD)


def unpack(data: str) -> Payload:
    """Return the payload of a button's data; an older button may lack the last fields, which have defaults then. Raise
    UnknownButton."""
    code, *values = data.split(":")
    kind = _KNOWN.get(code)
    if kind is None or len(values) > len(kind.names):
        raise UnknownButton(code)
    try:
        return kind.model_validate(dict(zip(kind.names, values, strict=False)))
    except ValidationError:
        raise UnknownButton(code) from None
