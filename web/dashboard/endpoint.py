"""Endpoints of the dashboard: path, role, input and service. Each page is a module of web/dashboard/pages that declares
its own in `ENDPOINTS`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from domain.people.accounts import EVERYBODY, REQUESTER
from domain.people.teams import Right
from services.act import Act
from services.people import team_spending
from web.api.endpoint import NUMBER_PATTERN, Body

ROOT = "/app/dashboard"
API_ROOT = f"{ROOT}/api"
PAGES = "web.dashboard.pages"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address under API_ROOT. `service(act, **numbers, **query, **body)` answers it; numbers are the parts of `path`
    in braces. A requester's endpoint acts for the team that owns what it is about, if the member has the `right`.
    `writes`: it runs in a transaction. `answer` makes the response of what is no JSON, such as
    a file. `stays`: also for a person whom an admin has suspended, as all that only reads is."""

    method: str
    path: str
    service: Callable[..., Any]
    role: str = REQUESTER
    right: Right = Right.LOOK
    query: type[Body] | None = None
    body: type[Body] | None = None
    answer: Callable[..., Any] | None = None
    stays: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.sub(r"{(\w+)}", rf"(?P<\1>{NUMBER_PATTERN})", API_ROOT + self.path)
        object.__setattr__(self, "pattern", re.compile(pattern))

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def run(self, act: Act, arguments: dict[str, Any]) -> object:
        """Run the service as the chat would: for the account that owns what it is about, for this role alone, charged
        to a team's member. Raise NotAllowed and the service's refusals."""
        if self.role == REQUESTER:
            act = team_spending.act_for_owner(act, self.service, arguments, self.right)
        if self.role != EVERYBODY:
            act.require(self.role, stays=self.stays or not self.writes)
        return team_spending.run_charged(act, lambda: self.service(act, **arguments))


def find_endpoints() -> Iterator[Endpoint]:
    """Yield the endpoints of all pages, by the names of their modules."""
    package = import_module(PAGES)
    for module in sorted(iter_modules(package.__path__, f"{PAGES}."), key=lambda module: module.name):
        yield from import_module(module.name).ENDPOINTS
