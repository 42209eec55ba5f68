"""The base of all refusals, and those that belong to no wing."""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """Its fields are JSON values; the screen of the same name words them. Amounts are millionths."""

    stored_as: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.stored_as = f"refusals.{cls.__name__}"

    @property
    def facts(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.facts}"


@dataclass(eq=False)
class NotAllowed(Refusal):
    role: str


@dataclass(eq=False)
class NotFound(Refusal):
    what: str
    name: str


@dataclass(eq=False)
class BadInput(Refusal):
    what: str
    value: str
    expected: list[str] = field(default_factory=list)


class MustConsent(Refusal):
    pass


class OwnMatter(Refusal):
    """An admin's own project, person, report or decision, where another admin can decide."""


@dataclass(eq=False)
class TooManyComplaints(Refusal):
    most: int
    waiting: int


@dataclass(eq=False)
class Suspended(Refusal):
    """`stop` is the suspension's number; `appeal`: it can be appealed still; what they are: a `worker`, one who `asks`
    for projects."""

    reason: str
    stop: int
    appeal: bool
    worker: bool = True
    asks: bool = False


class IsAdmin(Refusal):
    """Who runs the house is not suspended in it."""


@dataclass(eq=False)
class TooManyWebhooks(Refusal):
    most: int


class NoPages(Refusal):
    """PUBLIC_URL is not set: no page of the Mini App can be opened."""


class NoSecretsKey(Refusal):
    """SECRETS_KEY is not set: what must be kept readable cannot be."""


@dataclass(eq=False)
class NoHub(Refusal):
    """What pushes to the hub of data sets is not installed."""

    number: int


@dataclass(eq=False)
class TooManyKeys(Refusal):
    most: int


@dataclass(eq=False)
class DearerByNow(Refusal):
    """A launch that costs more than when its owner asked for it, in millionths."""

    needed: int
    asked: int
    currency: str


@dataclass(eq=False)
class KeyLimit(Refusal):
    """A launch that a program asked for, which its key cannot pay: in millionths, what it costs and what is left to
    the key. `hint` is empty where the key was revoked."""

    hint: str
    needed: int
    left: int
    currency: str


@dataclass(eq=False)
class TooManyLaunchRequests(Refusal):
    """That programs may ask one person for within a day."""

    most: int
