"""The order in which projects get their turn: by a worker's information there and the time since the last answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from domain.moments import Moment
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class ProjectTurn:
    """A project, the moment of its last answer (or launch), this worker's information there as a share of the average,
    and whether they are asked later."""

    project: ProjectId
    answered_at: Moment
    worth: float = 1
    later: bool = False


class Reached(NamedTuple):
    """How far projects were read, by their last answer, then by number."""

    answered_at: Moment
    project: ProjectId


class TurnOrder:
    """Projects by information and waiting time, the first by number of equals; those where the worker is asked later
    come last. One leaves as soon as no project that was not added yet can come before it: of many that were launched at
    one moment few are read.

    Projects of more than average information (`worth` above 1) are added before any other.
    """

    def __init__(self, now: Moment) -> None:
        self._now = now
        self._known: set[ProjectId] = set()
        self._waiting: list[tuple[bool, float, ProjectId]] = []

    def add(self, turns: Iterable[ProjectTurn]) -> None:
        for turn in turns:
            if turn.project not in self._known:
                self._known.add(turn.project)
                score = turn.worth * self._waited(turn.answered_at)
                heappush(self._waiting, (turn.later, -score, turn.project))

    def next(self, unread: Reached | None) -> Iterator[ProjectId]:
        """Those whose turn it is; all projects still to be added come behind `unread`, None: there is none."""
        while self._waiting and (unread is None or self._is_before(unread)):
            yield heappop(self._waiting)[-1]

    def _is_before(self, unread: Reached) -> bool:
        """Of equals the order is known unless they were answered a moment ago: there all count as the same moment."""
        later, score, project = self._waiting[0]
        most = self._waited(unread.answered_at)
        return not later and (-score > most or (-score == most > 1 and project <= unread.project))

    def _waited(self, since: Moment) -> int:
        return max(1, self._now - since)
