"""The dashboard's table of tasks: a page of rows with the cells of the results file."""

from dataclasses import dataclass

from domain.projects.projects import ProjectId
from domain.projects.task_table import LOW_CONFIDENCE, TaskQuery
from formats.result_columns import Value
from jobs import exports
from services.act import Act
from services.projects import projects
from storage.projects.results import task_page_of

LEADING_CELLS = 4  # id, position, overlap and sort value, before a row of results


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task and its cells, in the columns of the results file. `value` is what it is sorted by."""

    task: int
    position: int
    overlap: int
    value: float
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of the table; `total` counts all its rows and is told with the first page only."""

    columns: tuple[str, ...]
    rows: tuple[TaskRow, ...]
    total: int | None


def read_task_page(act: Act, number: ProjectId, query: TaskQuery) -> TaskPage:
    """Return a page of the requester's tasks. The cells are those that the results file has before its next refit.
    Raise NotFound if the project is not theirs."""
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    low = project.confidence or LOW_CONFIDENCE
    page, counted, values = task_page_of(unit.connection.dialect, project.columns, query, low)
    rows = unit.connection.all(page, project=project.id, **values)
    columns, scored = exports.get_result_columns(project)
    cells = exports.make_result_cells(project, scored)([row[LEADING_CELLS:] for row in rows])
    total = unit.connection.all(counted, project=project.id, **values)[0][0] if query.after is None else None
    task_rows = [
        TaskRow(row[0], row[1], row[2], row[3], tuple(row_cells)) for row, row_cells in zip(rows, cells, strict=True)
    ]
    return TaskPage(columns, tuple(task_rows), total)
