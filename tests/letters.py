"""Letters of any name and facts, and those that wait, as tests of the outbox and the relay need them."""

from typing import Any

from domain.people.accounts import PersonId
from domain.refusals import Refusal
from storage.boxes.outbox import SELECT_LETTERS, Letter, letter_from
from storage.unit import UnitOfWork

DUE = f"{SELECT_LETTERS} WHERE o.state = 'waiting' AND o.due_at <= :now ORDER BY o.lane, o.id LIMIT :limit"
WAITING = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
WHERE = {"lane", "klass", "key", "live", "edits", "assignment", "delay", "expires_in"}


class AnyLetter(Refusal):
    """Stored under `screen` with these `facts`."""

    def __init__(self, screen: str, facts: dict[str, Any]) -> None:
        self.stored_as, self.given = screen, facts  # type: ignore[misc]

    @property
    def facts(self) -> dict[str, Any]:
        return self.given


def say(unit: UnitOfWork, person: PersonId, screen: str, /, **details: Any) -> bool:
    """`details` are the outbox's arguments by their names, and facts."""
    where = {name: value for name, value in details.items() if name in WHERE}
    facts = {name: value for name, value in details.items() if name not in WHERE}
    return unit.outbox.tell(person, AnyLetter(screen, facts), **where)


def due_letters(unit: UnitOfWork, limit: int) -> list[Letter]:
    """Lane by lane."""
    return [letter_from(row) for row in unit.connection.all(DUE, now=unit.now, limit=limit)]


def waiting_letters(unit: UnitOfWork) -> int:
    """Due or not."""
    return int(unit.connection.all(WAITING)[0][0])
