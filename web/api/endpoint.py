"""An endpoint: what is asked, what for, and the service that answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from domain.people.api_keys import Scope

ROOT = "/api/v1"
PART = r"[0-9]{1,15}"


def _check_digits(value: object) -> object:
    """Returns a number of an address. Raises ValueError for a text that is no digits alone, such as 1_000 or +1."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,16}", value):
        raise ValueError("digits alone")
    return value


DIGITS = BeforeValidator(_check_digits)


class Body(BaseModel):
    """What a program sends: JSON, or the query of an address. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}


class Way(Enum):
    """How an endpoint is answered."""

    SERVICE = "service"  # in one transaction
    UPLOAD = "upload"  # a file is read, in many
    FILE = "file"  # a file is made


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`service(act, **numbers, **body, **query)` answers with an `answers`; numbers are the parts of `path` in braces.

    A key needs this `scope`. `writes`: a GET that notes that something was looked at. `stays`: also for a person whom
    an admin has suspended.
    """

    method: str
    path: str
    scope: Scope
    means: str
    service: Callable[..., Any]
    answers: Any = None
    body: type[Body] | None = None
    query: type[Body] | None = None
    way: Way = Way.SERVICE
    status: int = 200
    stays: bool = False
    writes: bool = False
    tag: str = ""
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"{(\w+)}", rf"(?P<\1>{PART})", ROOT + self.path))
        object.__setattr__(self, "pattern", pattern)

    @property
    def reads(self) -> bool:
        """Whether it can be answered beside the writer."""
        return self.method == "GET" and not self.writes

    @property
    def name(self) -> str:
        """Of the operation, in OpenAPI."""
        words = [word.strip("{}") for word in self.path.split("/") if word]
        return "_".join([self.method.lower(), *words])
