"""The order in which projects get their turn: by a worker's information there and the time since the last answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from domain.moments import Moment
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class ProjectTurn:
    """A project, the moments of its last answer (or launch) and its launch, this worker's information there as a share
    of the average, and whether they are asked later."""

    project: ProjectId
    answered_at: Moment
    launched_at: Moment
    worth: float = 1
    later: bool = False


class TurnOrder:
    """Projects by information and waiting time, the first launched of equals; those where the worker is asked later
    come last. One leaves as soon as no project that was not added yet can come before it.

    Projects of more than average information (`worth` above 1) are added before any other.
    """

    def __init__(self, now: Moment) -> None:
        self._now = now
        self._known: set[ProjectId] = set()
        self._waiting: list[tuple[bool, float, Moment, ProjectId]] = []

    def add(self, turns: Iterable[ProjectTurn]) -> None:
        for turn in turns:
            if turn.project not in self._known:
                self._known.add(turn.project)
                score = turn.worth * self._waited(turn.answered_at)
                heappush(self._waiting, (turn.later, -score, turn.launched_at, turn.project))

    def next(self, unread: Moment | None) -> Iterator[ProjectId]:
        """Those whose turn it is; `unread`: no project still to be added was answered before, None: there is none."""
        while self._waiting and (unread is None or self._is_before(unread)):
            yield heappop(self._waiting)[-1]

    def _is_before(self, unread: Moment) -> bool:
        later, score, *_ = self._waiting[0]
        return not later and -score > self._waited(unread)

    def _waited(self, since: Moment) -> int:
        return max(1, self._now - since)
