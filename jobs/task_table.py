"""The dashboard's table of tasks: a page of rows with the cells of the results file."""

from dataclasses import dataclass

from domain.projects.projects import ProjectId
from domain.projects.task_table import LOW_CONFIDENCE, TaskQuery
from formats.result_columns import Value
from jobs import exports
from services.act import Act
from services.projects import projects
from services.projects.results import ALL
from storage.drivers.connection import Row
from storage.projects.results import task_count_of, task_page_of

FIRST_LOOKED_AT = 4_000  # sorted rows that a costly filter looks at, before it looks at all
LEADING_CELLS = 4  # id, position, overlap and sort value, before a row of results


@dataclass(frozen=True, slots=True)
class TaskTableRow:
    """A task and its cells, in the columns of the results file. `value` is what it is sorted by."""

    task: int
    position: int
    overlap: int
    value: float
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of the table. `last`: the project's last submission when it was read."""

    columns: tuple[str, ...]
    rows: tuple[TaskTableRow, ...]
    last: int


def read_task_page(act: Act, number: ProjectId, query: TaskQuery) -> TaskPage:
    """Return a page of the requester's tasks. The cells are those that the results file has before its next refit.
    Raise NotFound if the project is not theirs."""
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    sql, values = task_page_of(unit.connection.dialect, project.columns, query, project.confidence or LOW_CONFIDENCE)
    rows: list[Row] = []
    for most in (FIRST_LOOKED_AT, ALL) if ":most" in sql else (ALL,):
        rows = unit.connection.all(sql, project=project.id, **values, most=most)
        if len(rows) == query.limit:
            break
    columns, scored = exports.get_result_columns(project)
    cells = exports.make_result_cells(project, scored)([row[LEADING_CELLS:] for row in rows])
    task_rows = [
        TaskTableRow(task, position, overlap, value, tuple(row_cells))
        for (task, position, overlap, value, *_), row_cells in zip(rows, cells, strict=True)
    ]
    return TaskPage(columns, tuple(task_rows), unit.submissions.last_of(project.id))


def count_tasks(act: Act, number: ProjectId, query: TaskQuery) -> int:
    """Return how many of the requester's tasks the filters leave. Raise NotFound if the project is not theirs."""
    project = projects.mine(act.unit, act.person, number)
    sql, values = task_count_of(query, project.confidence or LOW_CONFIDENCE)
    return int(act.unit.connection.all(sql, project=project.id, **values)[0][0])
