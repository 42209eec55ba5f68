"""An operation: its name, what a key must be allowed to, the service, and how the result is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.moments import SECOND, Moment
from domain.people.accounts import Scope
from extensions.mturk.domain.hits import (
    Kind,
    encode_id,
    encode_page_token,
    encode_worker_id,
)
from services.act import Act

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writer of results: it knows the secret and the requester that public ids depend on."""

    secret: bytes
    requester: int
    now: Moment

    @classmethod
    def for_act(cls, act: Act) -> "Writer":
        return cls(act.unit.settings.secret, act.person.id, act.unit.now)

    def id(self, kind: Kind, number: int) -> str:
        return encode_id(self.secret, kind, number)

    def worker(self, number: int) -> str:
        return encode_worker_id(self.secret, self.requester, number)

    def token(self, kind: Kind, last: int) -> str:
        """Return the NextToken of the page behind `last`."""
        return encode_page_token(self.secret, self.requester, kind, last)

    def page(self, kind: Kind, last: int, name: str, rows: list[Written]) -> Written:
        """Return a page of rows under `name`. Every page with rows has a NextToken, the last one too."""
        token = {"NextToken": self.token(kind, last)} if rows else {}
        return {"NumResults": len(rows), **token, name: rows}


def seconds(moment: Moment) -> int:
    """Return a moment in seconds since 1970, as answers have times."""
    return moment // SECOND


def write_nothing(writer: Writer, result: object) -> Written:
    return {}


@dataclass(frozen=True, slots=True)
class Operation:
    """`service(act, **members)` gets what the input's shape knows and the program sent, by the names of its
    parameters; `writes(writer, result)` makes Amazon's members of what it returns (moments as `seconds`).

    `reads`: it changes nothing, or, where it `looks`, notes alone what the program has read. `stays`: also for a
    requester whom an admin has suspended.
    """

    name: str
    scope: Scope
    service: Callable[..., Any]
    writes: Callable[[Writer, Any], Written] = write_nothing
    reads: bool = False
    looks: bool = False
    stays: bool = False
