"""Windows of an ordered list: the rows that were read, by their place in it, and the bounds between which none is
missing."""

from bisect import bisect_right, insort
from collections.abc import Container, Sequence
from math import inf
from typing import Generic, TypeVar

from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.records import record

T = TypeVar("T")
Where = tuple[ProjectId, int]  # a project, and whether it is its gold


@record
class Looking:
    """From where a worker looks, in a project, at ordinary tasks or at gold, and at how many places."""

    worker: PersonId
    project: ProjectId
    gold: bool
    cursor: int
    back: int
    few: int

    @property
    def where(self) -> Where:
        return self.project, int(self.gold)

    def asked(self, behind: int, more: int) -> dict[str, int]:
        return {"project": self.project, "gold": int(self.gold), "behind": behind, "few": self.few + more}


class Unread:
    """What has to be read, by project and behind what."""

    def __init__(self) -> None:
        self.asked: dict[tuple[Where, int], dict[str, int]] = {}

    def ask(self, place: Looking, behind: int | None, more: int) -> None:
        if behind is not None:
            asked = place.asked(behind, more)
            known = self.asked.setdefault((place.where, behind), asked)
            known["few"] = max(known["few"], asked["few"])

    def first_only(self, room: int) -> None:
        """Of each project what comes first, with room for `room` more."""
        first = dict[Where, int]()
        for where, behind in sorted(self.asked):
            first.setdefault(where, behind)
        self.asked = {
            at: {**asked, "few": asked["few"] + room} for at, asked in self.asked.items() if first[at[0]] == at[1]
        }


class Window(Generic[T]):
    def __init__(self) -> None:
        self._rows: dict[int, T] = {}
        self._order: list[int] = []
        self._bounds: list[tuple[int, float]] = []  # (behind, up to): all between is known; in order, apart

    def add(self, behind: int, rows: Sequence[tuple[int, T]], asked: int) -> None:
        """The first rows behind a place, of so many that were asked for: fewer are all there are."""
        for at, row in rows:
            if at not in self._rows:
                insort(self._order, at)
            self._rows[at] = row
        self._join(behind, rows[-1][0] if len(rows) >= asked else inf)

    def behind(self, place: int, few: int, gone: Container[T]) -> tuple[list[T], int | None]:
        """The first few behind a place that are not gone; and behind what more has to be read, if it has."""
        order, rows, upto = self._order, self._rows, self._known_from(place)
        found: list[T] = []
        begin, end = bisect_right(order, place), len(order) if upto == inf else bisect_right(order, upto)
        while (lacking := few - len(found)) and begin < end:
            following = order[begin : min(end, begin + lacking)]
            found += [row for at in following if (row := rows[at]) not in gone]
            begin += lacking
        return found, None if len(found) == few or upto == inf else int(upto)

    def _known_from(self, place: int) -> float:
        """Up to where nothing is missing behind a place."""
        number = bisect_right(self._bounds, (place, inf)) - 1
        return max(place, self._bounds[number][1]) if number >= 0 else place

    def _join(self, behind: int, upto: float) -> None:
        apart = [bounds for bounds in self._bounds if bounds[1] < behind or bounds[0] > upto]
        meets = [bounds for bounds in self._bounds if not (bounds[1] < behind or bounds[0] > upto)]
        joined = min([behind, *(low for low, _ in meets)]), max([upto, *(high for _, high in meets)])
        self._bounds = sorted([*apart, joined])
