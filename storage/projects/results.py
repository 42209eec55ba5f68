"""Statements of results and submissions, streamed, never loaded whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.results import HubPush
from domain.projects.task_table import TaskFilter, TaskQuery, TaskSort
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, pack
from storage.work.consents import CONSENTED, TAKEN_BACK

ANSWERS = f"""
SELECT count(*), count(*) FILTER (WHERE s.answer IS NULL AND NOT {TAKEN_BACK}),
  count(*) FILTER (WHERE s.state = 'rejected'), min(s.submitted_at), max(s.submitted_at)
FROM submissions s WHERE s.project = :project"""
WORKERS = """
SELECT count(*) FILTER (WHERE answered > 0), coalesce(max(answered), 0), count(*) FILTER (WHERE taken_back = 1)
FROM enrolments WHERE project = :project"""


@dataclass(frozen=True, slots=True)
class WorkDone:
    """`silent` of the `answers` say “can't tell”, some were `rejected`; the `busiest` of the `workers` gave so many;
    so many took theirs back (`withdrawn`). `first` and `last`: when they came, None without any."""

    answers: int
    silent: int
    rejected: int
    first: Moment | None
    last: Moment | None
    workers: int
    busiest: int
    withdrawn: int


class DataSheets:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get_work_done(self, project: ProjectId) -> WorkDone:
        (answers,) = self._db.all(ANSWERS, project=project)
        (workers,) = self._db.all(WORKERS, project=project)
        return WorkDone(*answers, *workers)


_PUSH = columns(HubPush)
ADD = """
INSERT INTO hub_pushes (project, requester, name, public, token, asked_at)
VALUES (:project, :requester, :name, :public, :token, :now)
ON CONFLICT (project) DO UPDATE SET requester = excluded.requester, name = excluded.name, public = excluded.public,
  token = excluded.token, asked_at = excluded.asked_at, tries = 0"""
DUE = f"SELECT {_PUSH} FROM hub_pushes ORDER BY asked_at LIMIT :limit"
TRIED = "UPDATE hub_pushes SET tries = tries + 1 WHERE project = :project"
# One that was asked for anew meanwhile is another.
END = "DELETE FROM hub_pushes WHERE project = :project AND asked_at = :asked_at AND name = :name AND token = :token"


class HubPushes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, project: ProjectId, requester: PersonId, name: str, public: bool, token: str) -> None:
        """Store a push to the hub; it replaces one that waits."""
        columns = {"project": project, "requester": requester, "name": name, "public": int(public), "token": token}
        self._db.changed(ADD, **columns, now=self._now)

    def due(self, limit: int) -> list[HubPush]:
        """Oldest first."""
        return [_push(row) for row in self._db.all(DUE, limit=limit)]

    def try_once(self, project: ProjectId) -> None:
        self._db.changed(TRIED, project=project)

    def end(self, push: HubPush) -> bool:
        """Delete a push. Return False if it is not stored any more."""
        keys = {"project": push.project, "asked_at": push.asked_at, "name": push.name, "token": push.token}
        return self._db.changed(END, **keys) == 1


def _push(row: Row) -> HubPush:
    project, requester, name, public, token, asked_at, tries = row
    return HubPush(
        project=ProjectId(project),
        requester=PersonId(requester),
        name=name,
        public=bool(public),
        token=token,
        asked_at=Moment(asked_at),
        tries=tries,
    )


_MISSING = """LEFT JOIN (
  SELECT gone.task, count(*) AS missing FROM (
    SELECT s.id, s.task FROM rejections r JOIN submissions s ON s.id = r.submission
    WHERE r.project = :project AND r.state <> 'overturned'
    UNION SELECT s.id, s.task FROM enrolments w CROSS JOIN submissions s
    WHERE s.worker = w.worker AND s.project = w.project AND w.project = :project AND w.taken_back = 1) AS gone
  GROUP BY gone.task
) AS n ON n.task = tasks.id"""
_COMPLETE = """
WHERE project = :project
AND batch NOT IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.arriving = 1)"""
_RESULTS = f"\nFROM tasks {_MISSING}{_COMPLETE}"
# Answers that count, rejected ones and those taken back left out; for the few rows of a page each row's answers are
# looked at, not those of the whole project.
_COUNTED = "received - coalesce(n.missing, 0)"
_COUNTED_OF_ROW = f"""
CASE WHEN received > 0 THEN received - (SELECT count(*) FROM submissions s WHERE s.task = tasks.id AND ({TAKEN_BACK}
  OR EXISTS (SELECT 1 FROM rejections r WHERE r.submission = s.id AND r.state <> 'overturned'))) ELSE 0 END"""
_BEHIND = "AND position > :after ORDER BY position LIMIT :limit"
# A cell of a task's content, by its column's name; and what is told of a confidence.
_CELL = {
    "sqlite": "(SELECT value FROM json_each(content) WHERE json_each.key = :{0})",
    "postgresql": "CAST(content AS JSON) ->> CAST(:{0} AS TEXT)",
}
_PATH = {"sqlite": "content ->> :{0}", "postgresql": _CELL["postgresql"]}
_SURE = {"sqlite": "round({0}, 4)", "postgresql": "CAST(round(CAST({0} AS NUMERIC), 4) AS DOUBLE PRECISION)"}
# A task whose consensus held an answer that was taken back is not final until it is drawn anew.
_IS_UNDRAWN = "EXISTS (SELECT 1 FROM redraws d WHERE d.task = tasks.id)"
_STATE = f"CASE WHEN {_IS_UNDRAWN} THEN 'open' ELSE state END"
_DRAWN = f"CASE WHEN {_IS_UNDRAWN} THEN NULL ELSE {{0}} END"
# The answers that a task has, as JSON. No pay, no data.
_FELL = """
CASE WHEN received > 0 THEN (SELECT {0} FROM submissions s WHERE s.task = tasks.id AND s.state <> 'rejected'
  AND s.worker NOT IN (SELECT w.worker FROM enrolments w WHERE w.project = :project AND w.taken_back = 1)) END"""
_TOGETHER = {"sqlite": "json_group_array(s.answer)", "postgresql": "CAST(json_agg(s.answer) AS TEXT)"}
# One row a submission. No pay, no data: a rejected answer is hidden while it is disputed, and left out once final.
_SUBMISSIONS = f"""
SELECT t.key, t.content, t.gold, s.worker, CASE WHEN s.state = 'rejected' THEN NULL ELSE s.answer END, s.milliseconds,
  CASE WHEN s.state = 'rejected' THEN 'disputed' ELSE s.state END, s.submitted_at, s.task, s.version
FROM submissions s JOIN tasks t ON t.id = s.task
LEFT JOIN rejections r ON r.submission = s.id
{CONSENTED}
WHERE s.project = :project AND (s.state <> 'rejected' OR r.state IN ('standing', 'appealed'))"""
SUBMISSIONS = f"{_SUBMISSIONS} ORDER BY s.id"
# The same behind a submission, each with its number before it.
SUBMISSIONS_AFTER = f"""
{_SUBMISSIONS.replace("SELECT", "SELECT s.id,", 1).strip()} AND s.id > :after ORDER BY s.id LIMIT :limit"""
# Of all that is there, behind a position.
TASKS_AFTER = f"""
SELECT position, key, content, gold, overlap, {_STATE}, received FROM tasks
WHERE project = :project AND position > :after
AND batch NOT IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.arriving = 1)
ORDER BY position LIMIT :limit"""
# Those of one task, each with its number before it; whether gold judged it right, and until when it can be decided on.
SUBMISSIONS_OF_TASK = f"""
{_SUBMISSIONS.replace("SELECT", "SELECT s.id, s.gold, s.held_until,", 1).strip()} AND s.task = :task ORDER BY s.id"""
# For formats in which a task holds its submissions.
SUBMISSIONS_BY_TASK = f"{_SUBMISSIONS} ORDER BY t.position, s.id"
# One row an answer that is a file, of those that count and whose worker consents.
MEDIA = f"""
SELECT s.id, t.key, t.content, s.worker, s.answer, s.milliseconds, s.state, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
{CONSENTED}
WHERE s.project = :project AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected'
ORDER BY s.id LIMIT :limit"""


def results_of(dialect: str, columns: Sequence[str], paged: bool = False) -> tuple[str, dict[str, str]]:
    """Return the statement that reads one row for each task, in the file's order and of complete files only, and its
    values.

    A row has: answers, gold, scores and models' answers; then the cells of every row: key, content, consensus,
    confidence, submissions, state, and the live consensus with its confidence. A page (`paged`) begins with the
    position and has `limit` rows behind the position `after`."""
    if not paged:
        sql, values = _result_columns(dialect, columns, _COUNTED)
        return f"SELECT {sql}{_RESULTS} ORDER BY position", values
    sql, values = _result_columns(dialect, columns, _COUNTED_OF_ROW)
    return f"SELECT position, {sql}\nFROM tasks {_COMPLETE} {_BEHIND}", values


def _result_columns(dialect: str, columns: Sequence[str], counted: str) -> tuple[str, dict[str, str]]:
    """Return the columns of a row of results, with the number of answers that count as `counted`, and their values."""
    cells, values = [], {}
    for index, column in enumerate(columns):
        name, plain = _name(index), not (set(column) & {'"', "\\"} or not column.isprintable())
        cells.append((_PATH if plain else _CELL)[dialect].format(name))
        values[name] = f'$."{column}"' if plain and dialect == "sqlite" else column
    sure, live = (_SURE[dialect].format(column) for column in ("confidence", "live_confidence"))
    consensus, sure, live_answer, live, scores = (
        _DRAWN.format(column) for column in ("consensus", sure, "live", live, "scores")
    )
    columns_sql = ("key", *cells, consensus, sure, counted, _STATE, live_answer, live)
    fell = _FELL.format(_TOGETHER[dialect])
    return f"{fell}, gold, {scores}, ai, {', '.join(columns_sql)}", values


# Tasks without a confidence come last, whichever way they are sorted.
_SURE_SO_FAR = _DRAWN.format("coalesce(confidence, live_confidence)")
_CONFIDENCE = f"coalesce(CASE WHEN gold IS NOT NULL THEN 1.0 ELSE {_SURE_SO_FAR} END, {{0}})"
_SORTED_BY = {TaskSort.POSITION: "position", TaskSort.CONFIDENCE: _CONFIDENCE, TaskSort.VOTES: _COUNTED}
_ANSWERED = """FROM submissions s WHERE s.task = tasks.id AND s.state <> 'rejected'
  AND s.worker NOT IN (SELECT w.worker FROM enrolments w WHERE w.project = :project AND w.taken_back = 1)"""
_ONLY = {
    TaskFilter.CONTESTED: f"received > 1 AND (SELECT min(s.answer) <> max(s.answer) {_ANSWERED})",
    TaskFilter.LOW: f"gold IS NULL AND {_SURE_SO_FAR} < :low",
    TaskFilter.MISSED: "tasks.id IN (SELECT s.task FROM submissions s WHERE s.project = :project AND s.gold = 0)",
    TaskFilter.REJECTED: """
tasks.id IN (SELECT s.task FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.project = :project AND r.state <> 'overturned')""",
    TaskFilter.SILENT: f"EXISTS (SELECT 1 {_ANSWERED} AND s.answer IS NULL)",
    TaskFilter.GOLD: "gold IS NOT NULL",
    TaskFilter.OPEN: f"{_STATE} IN ('draft', 'open')",
}
_OF_CLASS = f"(gold = :gold OR (gold IS NULL AND {_DRAWN.format('coalesce(consensus, live)')} = :answer))"
_WITH_TEXT = "(lower(content) LIKE :text ESCAPE '!' OR lower(key) LIKE :text ESCAPE '!')"
# These read each task's answers: behind a sort they are asked of the sorted rows one by one, until a page is full.
_COSTLY = (TaskFilter.CONTESTED, TaskFilter.SILENT)
Values = dict[str, str | int | float]


def task_page_of(dialect: str, columns: Sequence[str], query: TaskQuery, low: float) -> tuple[str, Values]:
    """Return the statement of a page of the table of tasks, and its values. A row has the task's id, position, overlap
    and sort value, then a row of results, which are made for the rows of the page alone. `low`: the confidence below
    which a task is listed as unsure. Where filters are costly, the first `most` sorted rows are looked at."""
    sql, cell_values = _result_columns(dialect, columns, _COUNTED_OF_ROW)
    sorted_by = _SORTED_BY[query.sort].format("-1.0" if query.descending else "2.0")
    way, order = ("<", "DESC") if query.descending else (">", "ASC")
    by_position = query.sort is TaskSort.POSITION
    conditions, values = _conditions_of(query, low)
    costly = [] if by_position else [_ONLY[name] for name in query.only if name in _COSTLY]
    cheap = [condition for condition in conditions if condition not in costly]
    if query.after is not None:
        cheap.append(
            f"position {way} :after"
            if by_position
            else f"({sorted_by} {way} :value OR ({sorted_by} = :value AND position > :after))"
        )
        values |= {"after": query.after, "value": query.value}
    ends = f"ORDER BY position {order}" if by_position else f"ORDER BY value {order}, position"
    missing = _MISSING if query.sort is TaskSort.VOTES else ""
    chosen = (
        f"SELECT tasks.id, position, {sorted_by} AS value, received FROM tasks {missing}{_COMPLETE}{_and(cheap)} {ends}"
    )
    page = f"""WITH {_choose_rows(chosen, costly)}
SELECT tasks.id, position, overlap, chosen.value, {sql}
FROM chosen CROSS JOIN tasks WHERE tasks.id = chosen.id {ends}"""
    return page, {**values, **cell_values, "limit": query.limit}


def _choose_rows(chosen: str, costly: Sequence[str]) -> str:
    """Return the table `chosen` of a page's ids and sort values, by the statement that sorts the rows."""
    if not costly:
        return f"chosen AS MATERIALIZED (SELECT id, value FROM ({chosen} LIMIT :limit) AS few)"
    return f"""sorted AS MATERIALIZED ({chosen} LIMIT :most),
chosen AS MATERIALIZED (SELECT id, value FROM sorted AS tasks WHERE {" AND ".join(costly)} LIMIT :limit)"""


def task_count_of(query: TaskQuery, low: float) -> tuple[str, Values]:
    """Return the statement that counts the rows of the table with these filters, and its values."""
    conditions, values = _conditions_of(query, low)
    return f"SELECT count(*) FROM tasks {_COMPLETE}{_and(conditions)}", values


def _conditions_of(query: TaskQuery, low: float) -> tuple[list[str], Values]:
    """Return the conditions of the filters, and their values."""
    conditions = [_ONLY[name] for name in query.only]
    values: Values = {"low": low}
    if query.answer:
        conditions.append(_OF_CLASS)
        values |= {"answer": query.answer, "gold": pack([query.answer])}
    if query.text:
        conditions.append(_WITH_TEXT)
        values["text"] = f"%{_escape_pattern(query.text)}%"
    return conditions, values


def _and(conditions: Sequence[str]) -> str:
    return "".join(f" AND {condition}" for condition in conditions)


def _escape_pattern(text: str) -> str:
    """Return a text as it stands in stored JSON, in small letters, for LIKE."""
    stored = pack(text.lower())[1:-1]
    return re.sub("[!%_]", r"!\g<0>", stored)


def _name(index: int) -> str:
    """Return a name of letters for the value of a column."""
    return f"cell_{chr(97 + index // 26)}{chr(97 + index % 26)}"
