"""Votes of each task: counts by option, and the crowd's answer where the task is gold."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator

from domain.answers import consensus_of, kind_of
from domain.projects.projects import Project
from domain.quality.aggregation import Vote
from formats.writing import Value
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import RESULTS, VOTES

TRUST = 0.8  # the accuracy of every vote alike: the crowd's answer without weights
RECEIVED = 6  # where a row of results has the number of answers
Fell = Counter[str | None]
NOBODY: Fell = Counter()


async def with_votes(database: Database, project: Project) -> AsyncIterator[list[Row]]:
    """The rows of results, each with its votes, None where there are none: of as many tasks as are read at a time."""
    async for chunk in database.chunks(RESULTS, project=project.id):
        fell = await _votes(database, project, chunk) if any(row[RECEIVED] for row in chunk) else {}
        yield [(*row[:-1], fell[row[0]]) if row[0] in fell else row for row in chunk] if fell else chunk


async def _votes(database: Database, project: Project, chunk: list[Row]) -> dict[int, Fell]:
    """By position."""
    fell: dict[int, Fell] = defaultdict(Counter)
    span = {"first": chunk[0][0], "last": chunk[-1][0]}
    async for position, answer, votes in database.rows(VOTES, project=project.id, **span):
        fell[position][answer] += int(votes)
    return fell


def columns_of(project: Project, fell: Fell, known: str | None) -> list[Value]:
    """The columns: gold answer, crowd's answer there, number of “can't tell”, votes of each option."""
    crowd = _crowd(project, fell) if known else None
    return [known, crowd, fell[None], *(kind_of(project.kind).votes_for(option, fell) for option in project.options)]


def _crowd(project: Project, fell: Fell) -> str | None:
    """Most votes; two that have as many are both named. Other kinds have their own rule."""
    said = Counter({answer: votes for answer, votes in fell.items() if answer is not None})
    if kind_of(project.kind).most_votes_win:
        most = max(said.values(), default=0)
        return "|".join(sorted(answer for answer, votes in said.items() if votes == most)) or None
    votes = [Vote(answer, TRUST) for answer in sorted(said.elements())]
    return consensus_of(project.kind, votes, project.options).answer
