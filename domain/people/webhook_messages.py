"""Messages about webhooks."""

from dataclasses import dataclass

from domain.messages import Message
from domain.people.webhooks import WebhookLine


@dataclass(frozen=True, slots=True)
class Webhooks(Message):
    """A requester's addresses, oldest first; `team`: whose they are, 0 for one's own."""

    hooks: tuple[WebhookLine, ...]
    team: int = 0


@dataclass(frozen=True, slots=True)
class WebhookMade(Message):
    """The secret, this once. `unknown`: nobody knows its host's name at this time."""

    number: int
    url: str
    kinds: tuple[str, ...]
    secret: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class WebhookGone(Message):
    number: int


@dataclass(frozen=True, slots=True)
class WebhookResent(Message):
    """So many calls that did not arrive are tried again."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class WebhookSilent(Message):
    """A call did not arrive for a day; `answer` is what came of the last try."""

    number: int
    host: str
    answer: str
