"""An operation: its name, what a key must be allowed to, the service, and how the result is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.moments import SECOND, Moment
from domain.people.accounts import Scope
from extensions.mturk.domain.hits import (
    Kind,
    id_of,
    page_token,
    worker_id,
)
from services.act import Act

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes what hangs on the house and on who asks: ids."""

    secret: bytes
    requester: int
    now: Moment

    @classmethod
    def of(cls, act: Act) -> "Writer":
        return cls(act.unit.settings.secret, act.person.id, act.unit.now)

    def id(self, kind: Kind, number: int) -> str:
        return id_of(self.secret, kind, number)

    def worker(self, number: int) -> str:
        return worker_id(self.secret, self.requester, number)

    def token(self, kind: Kind, last: int) -> str:
        """Leads to the page behind `last`."""
        return page_token(self.secret, self.requester, kind, last)

    def page(self, kind: Kind, last: int, name: str, rows: list[Written]) -> Written:
        """A token stands on every page that has rows."""
        token = {"NextToken": self.token(kind, last)} if rows else {}
        return {"NumResults": len(rows), **token, name: rows}


def seconds(moment: Moment) -> int:
    """As the wire has times."""
    return moment // SECOND


def nothing(writer: Writer, result: object) -> Written:
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
    writes: Callable[[Writer, Any], Written] = nothing
    reads: bool = False
    looks: bool = False
    stays: bool = False
