"""An operation: its name, what a key must be allowed to, the service, and how the result is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.moments import SECOND, Moment
from domain.people.api_keys import Scope

Written = Mapping[str, Any]


def seconds(moment: Moment) -> int:
    """As the wire has times."""
    return moment // SECOND


def nothing(result: object) -> Written:
    return {}


@dataclass(frozen=True, slots=True)
class Operation:
    """`service(act, **members)` gets what the input's shape knows and the program sent, by the names of its
    parameters; `writes` makes Amazon's members of what it returns (moments as `seconds`).

    `reads`: it changes nothing. `stays`: also for a requester whom an admin has suspended.
    """

    name: str
    scope: Scope
    service: Callable[..., Any]
    writes: Callable[[Any], Written] = nothing
    reads: bool = False
    stays: bool = False
