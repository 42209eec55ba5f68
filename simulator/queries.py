"""Callback queries: each press waits 15 seconds for its one answer."""

from dataclasses import dataclass, field
from itertools import count

from simulator.errors import bad_request
from simulator.values import Clock

ANSWER_WITHIN = 15.0
EXPIRED = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button, still unanswered."""

    id: str
    person: int
    at: float


@dataclass(slots=True)
class Queries:
    clock: Clock
    open: dict[str, Press] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(4_000_000_000_000_000_001))

    def ask(self, person: int) -> Press:
        self._forget_old()
        press = Press(str(next(self._ids)), person, self.clock())
        self.open[press.id] = press
        return press

    def answer(self, query_id: str) -> Press:
        """Takes the press out; a second answer, like a late one, finds nothing."""
        press = self.open.pop(query_id, None)
        if press is None or self.clock() - press.at > ANSWER_WITHIN:
            raise bad_request(EXPIRED)
        return press

    def _forget_old(self) -> None:
        oldest = self.clock() - 10 * ANSWER_WITHIN
        for press in list(self.open.values()):
            if press.at >= oldest:
                return
            del self.open[press.id]
