"""People: one person may be worker, requester and admin at once."""

from typing import NewType

from domain.moments import Moment
from domain.records import record

PersonId = NewType("PersonId", int)
# The roles people have. A route, or an endpoint, is for one of them.
EVERYBODY, WORKER, REQUESTER, ADMIN = "", "worker", "requester", "admin"
ROLES = (WORKER, REQUESTER, ADMIN, EVERYBODY)
ERASED = "? (erased)"  # the label of a person who was erased; readers see it in their language (locales/translator.py)


@record
class Person:
    """`telegram_id` is None once the person is erased; `consented_at` is None until the terms are agreed to; a
    `choosy` one has stored preferences; an admin has taken the requester's role from a `barred` one, and
    stopped a `suspended` one (domain/fairness/stops.py). They act for the team `acts_for`, or for themselves. An
    invitation calls them to the running project `called_to` with their next answer. From `leaving_at` on they wait to
    be erased."""

    id: PersonId
    telegram_id: int | None
    username: str | None
    name: str
    language: str
    consented_at: Moment | None
    requester: bool
    paused: bool
    reachable: bool
    unanswered: int
    choosy: bool = False
    barred: bool = False
    suspended: bool = False
    acts_for: PersonId | None = None
    called_to: int | None = None
    leaving_at: Moment | None = None

    @property
    def is_team(self) -> bool:
        """An account without a chat (domain/people/teams.py)."""
        return self.id < 0

    @property
    def team_name(self) -> str:
        """Empty for a person."""
        return self.name if self.is_team else ""

    @property
    def team_number(self) -> int:
        """As buttons carry it; 0 for a person."""
        return -self.id if self.is_team else 0

    @property
    def is_worker(self) -> bool:
        return self.consented_at is not None

    @property
    def label(self) -> str:
        """How an admin sees this person: @username where there is one."""
        if self.is_team:
            return f"{self.name or '?'} (team-{-self.id})"
        if self.telegram_id is None:
            return ERASED
        return f"@{self.username}" if self.username else f"{self.name or '?'} ({self.telegram_id})"


# After so many pushes left unanswered a worker is not pushed to again until they act.
UNANSWERED_PUSHES = 3
