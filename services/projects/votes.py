"""Votes of each task: counts by option, the crowd's answer where the task is gold, and what models said."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import orjson

from domain.answers import consensus_of, kind_of
from domain.projects.form_answers import Part, parts_of
from domain.projects.projects import Project
from domain.quality.aggregation import Agreement, Vote
from formats.writing import Value
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import results_of
from storage.projects.tasks import ai_from

ALL = 1 << 62  # rows
TRUST = 0.8  # the accuracy of every vote alike: the crowd's answer without weights
CELLS = 4  # where the cells of a row of results begin, with its key
Fell = Counter[str | None]
NOBODY: Fell = Counter()


@dataclass(slots=True)
class Page:
    """Rows behind a cursor, so many at most; `last` is the cursor of the last one, once they were read."""

    after: int = 0
    limit: int = ALL
    last: int = 0
    rows: int = 0

    def read(self, chunk: Sequence[Row]) -> None:
        self.last, self.rows = chunk[-1][0], self.rows + len(chunk)


def with_votes(database: Database, project: Project) -> AsyncIterator[list[Row]]:
    """The rows of results (results_of), some at a time."""
    sql, values = results_of(database.dialect.name, project.columns)
    return database.chunks(sql, project=project.id, **values)


async def page_with_votes(database: Database, project: Project, page: Page) -> AsyncIterator[list[Row]]:
    """The same behind a position."""
    sql, values = results_of(database.dialect.name, project.columns, paged=True)
    async for chunk in database.chunks(sql, project=project.id, after=page.after, limit=page.limit, **values):
        page.read(chunk)
        yield [row[1:] for row in chunk]


def fell_of(answers: str | None) -> Fell:
    """How many gave which answer, of a row's first cell."""
    return Counter(orjson.loads(answers)) if answers else NOBODY


def columns_of(project: Project, fell: Fell, known: str | None) -> list[Value]:
    """The columns: gold answer, crowd's answer there, number of “can't tell”, votes of each option."""
    crowd = _crowd(project, fell) if known else None
    kind = kind_of(project.kind)
    return [
        known and kind.cell(known),
        crowd and kind.cell(crowd),
        fell[None],
        *(kind.votes_for(option, fell) for option in kind.voted(project.options)),
    ]


def completed(project: Project, fell: Fell, known: str) -> Agreement | None:
    """Of a gold task of which gold does not know all; None for other kinds."""
    kind = kind_of(project.kind)
    if not kind.completes_gold:
        return None
    return kind.completed(known, consensus_of(project.kind, _votes_of(fell), project.options), project.options)


def _votes_of(fell: Fell) -> list[Vote]:
    said = Counter({answer: votes for answer, votes in fell.items() if answer is not None})
    return [Vote(answer, TRUST) for answer in sorted(said.elements())]


def _crowd(project: Project, fell: Fell) -> str | None:
    """Most votes; two that have as many are both named. Other kinds have their own rule."""
    said = Counter({answer: votes for answer, votes in fell.items() if answer is not None})
    if kind_of(project.kind).most_votes_win:
        most = max(said.values(), default=0)
        return "|".join(sorted(answer for answer, votes in said.items() if votes == most)) or None
    return consensus_of(project.kind, _votes_of(fell), project.options).answer


def told_by_models(project: Project, packed: str | None, consensus: str | None) -> list[Value]:
    """Of each model its answer, its confidence, and whether it agrees with the consensus; of a form by question."""
    if not project.models:
        return []
    found = ai_from(packed)
    parts = parts_of(project.kind, project.options, found, () if consensus is None else (consensus,))
    return [cell for model in project.models for part in parts for cell in _of_model(part, model)]


def _of_model(of: Part, model: str) -> list[Value]:
    said = next((each for each in of.said if each.model == model), None)
    if said is None:
        return [None, None, None]
    agrees = of.kind.agree(said.answer, of.given[0]) if of.given else None
    return [of.kind.cell(said.answer), said.probability, agrees]
