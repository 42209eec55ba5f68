"""When each requester hears next how their projects went, and what happened since."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from domain.moments import MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import CountedProgress, ProjectId, Setbacks
from domain.work.assignments import SubmissionId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import equals_by_range, single_value

LAST = "SELECT max(id) FROM submissions"
BEGIN = """
INSERT INTO requester_digests (person, next_at, seen) VALUES (:person, :at, :seen) ON CONFLICT (person) DO NOTHING"""
DUE = "SELECT person, seen FROM requester_digests WHERE off = 0 AND next_at <= :now ORDER BY next_at LIMIT :limit"
NEXT = "UPDATE requester_digests SET next_at = :at, seen = :seen WHERE person = :person"
TURN = "UPDATE requester_digests SET off = :off WHERE person = :person"
DROP = "DELETE FROM requester_digests WHERE person = :person AND off = 0"
SINCE = "SELECT count(*) FROM submissions WHERE project = :project AND id > :seen AND id <= :last"


@dataclass(frozen=True, slots=True)
class DueDigest:
    """`seen`: the last answer that the one before told of."""

    person: PersonId
    seen: int


class Digests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def begin(self, person: PersonId, moment: Moment) -> None:
        """Begin the person's digests at this moment, unless they have begun."""
        self._db.changed(BEGIN, person=person, at=moment, seen=self.last_answer())

    def last_answer(self) -> int:
        return int(single_value(self._db.one(LAST), 0) or 0)

    def due(self, limit: int) -> list[DueDigest]:
        return [DueDigest(PersonId(row[0]), int(row[1])) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def schedule_next(self, person: PersonId, moment: Moment, last_answer: int) -> None:
        """Schedule the next digest for this moment, of answers after the submission `seen`."""
        self._db.changed(NEXT, person=person, at=moment, seen=last_answer)

    def end(self, person: PersonId) -> None:
        """Stop the person's digests because no project of theirs runs; a person who declined them stays marked."""
        self._db.changed(DROP, person=person)

    def turn(self, person: PersonId, off: bool) -> None:
        self._db.changed(TURN, person=person, off=int(off))

    def answers_since(self, project: ProjectId, after: int, last: int) -> int:
        return int(single_value(self._db.one(SINCE, project=project, seen=after, last=last)))


SETTLED = 2 * MINUTE  # older submissions are all committed: none with a smaller number comes any more
AT_ONCE, PAGE = 5_000, 500  # answers that are counted at once, and read at once

UP_TO = "SELECT up_to FROM progress_counted WHERE name = 'submissions'"
LOCK = "UPDATE progress_counted SET up_to = up_to WHERE name = 'submissions' RETURNING up_to"
MOVE = "UPDATE progress_counted SET up_to = :up_to WHERE name = 'submissions'"
# A worker's first answer in a project is the one that carries the date of their consent.
LATEST = """
SELECT s.id, s.project, s.gold, s.submitted_at, CASE WHEN e.consented_at = s.submitted_at THEN 1 ELSE 0 END
FROM submissions s LEFT JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE s.id > :after ORDER BY s.id LIMIT :limit"""
MOVED = """
DELETE FROM progress_moves WHERE id IN (SELECT id FROM progress_moves ORDER BY id LIMIT :limit)
RETURNING project, tasks, gold, closed"""
ADD = """
INSERT INTO progress_counts (project, tasks, gold, closed, begun, answers, workers, gold_seen, gold_right)
VALUES (:project, :tasks, :gold, :closed, :begun, :answers, :workers, :gold_seen, :gold_right)
ON CONFLICT (project) DO UPDATE SET tasks = progress_counts.tasks + excluded.tasks,
  gold = progress_counts.gold + excluded.gold,
  closed = progress_counts.closed + excluded.closed, begun = progress_counts.begun + excluded.begun,
  answers = progress_counts.answers + excluded.answers, workers = progress_counts.workers + excluded.workers,
  gold_seen = progress_counts.gold_seen + excluded.gold_seen,
  gold_right = progress_counts.gold_right + excluded.gold_right"""
JUDGED = "SELECT project, gold FROM submissions WHERE id = :submission"

BATCHES = """
SELECT coalesce(sum(ordinary), 0), coalesce(sum(gold), 0) FROM batches WHERE project = :project AND arriving = 0"""
TALLY = """
SELECT tasks, gold, closed, begun, answers, workers, gold_seen, gold_right FROM progress_counts
WHERE project = :project"""
MOVING = """
SELECT coalesce(sum(tasks), 0), coalesce(sum(gold), 0), coalesce(sum(closed), 0) FROM progress_moves
WHERE project = :project"""
# Ordinary tasks and finished ones, of a requester's projects between two numbers.
COUNT_TASKS_BY_PROJECT = """
SELECT p.id,
  coalesce(c.tasks, 0) + (SELECT coalesce(sum(b.ordinary), 0) FROM batches b WHERE b.project = p.id AND b.arriving = 0)
    + (SELECT coalesce(sum(m.tasks), 0) FROM progress_moves m WHERE m.project = p.id),
  coalesce(c.closed, 0) + (SELECT coalesce(sum(m.closed), 0) FROM progress_moves m WHERE m.project = p.id)
FROM projects p LEFT JOIN progress_counts c ON c.project = p.id
WHERE p.requester = :requester AND p.id >= :first AND p.id <= :last"""
COUNTS_SINCE = """
SELECT count(*), count(CASE WHEN e.consented_at = s.submitted_at THEN 1 END), count(s.gold), coalesce(sum(s.gold), 0)
FROM submissions s LEFT JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE s.project = :project AND s.id > :after"""
LIVE = "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active'"
HELD = """
SELECT a.balance FROM projects p JOIN accounts a ON a.name = 'project:' || p.id || ':budget' AND a.currency = p.currency
WHERE p.id = :project"""
RESERVED = """
SELECT a.balance FROM projects p JOIN accounts a ON a.name = 'project:' || p.id || ':topup' AND a.currency = p.currency
WHERE p.id = :project"""
# Between a project and its requester: a few movements, however many answers there are.
GIVEN = """
SELECT coalesce(sum(CASE WHEN c.name LIKE 'project:%' THEN t.amount ELSE -t.amount END), 0)
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.project = :project AND t.kind IN ('launch', 'reserve', 'return', 'unreserve')
AND (d.name LIKE 'requester:%' OR c.name LIKE 'requester:%')"""

# Of what lets the share of finished tasks fall: rejected answers, launches of more tasks, and more answers a task.
SELECT_SETBACKS = """
SELECT (SELECT count(*) FROM rejections WHERE project = :project AND state IN ('standing', 'appealed', 'final')),
  (SELECT count(*) FROM batches WHERE project = :project AND launched = 1),
  (SELECT count(*) FROM transfers WHERE key >= :first_key AND key < :end_key)"""

COUNTED = ("tasks", "gold", "closed", "begun", "answers", "workers", "gold_seen", "gold_right")
PROJECTS_OF = "SELECT count(*) FROM projects WHERE requester = :requester AND arriving = 0"


# Answers of a step of time; and finished ordinary tasks, at the moment of their last answer.
SELECT_ANSWERS_BY_TIME = """
SELECT submitted_at / :step, count(*) FROM submissions WHERE project = :project GROUP BY 1 ORDER BY 1"""
SELECT_FINISHED_BY_TIME = """
SELECT f.finished_at / :step, count(*) FROM (
  SELECT max(s.submitted_at) AS finished_at FROM tasks t JOIN submissions s ON s.task = t.id
  WHERE t.project = :project AND t.state = 'closed' AND t.gold IS NULL GROUP BY t.id) AS f GROUP BY 1 ORDER BY 1"""
_IN_PROJECT = equals_by_range("project", ":project")
SELECT_FIRST_AND_LAST = f"""
SELECT (SELECT submitted_at FROM submissions WHERE {_IN_PROJECT} ORDER BY project, id LIMIT 1),
  (SELECT submitted_at FROM submissions WHERE {_IN_PROJECT} ORDER BY project DESC, id DESC LIMIT 1)"""


class ProgressCounts:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.digests = Digests(connection, now)

    def progress(self, project: ProjectId) -> CountedProgress:
        """Return the exact progress of the project at this moment."""
        counts = dict(zip(COUNTED, self._db.one(TALLY, project=project) or [0] * len(COUNTED), strict=True))
        up_to = single_value(self._db.one(UP_TO), 0)
        for names, statement, values in (
            (("tasks", "gold"), BATCHES, {}),
            (("tasks", "gold", "closed"), MOVING, {}),
            (("answers", "workers", "gold_seen", "gold_right"), COUNTS_SINCE, {"after": up_to}),
        ):
            for name, count in zip(names, self._db.all(statement, project=project, **values)[0], strict=True):
                counts[name] += int(count)
        held_amount = single_value(self._db.one(HELD, project=project), 0)
        reserve = single_value(self._db.one(RESERVED, project=project), 0)
        return CountedProgress(
            tasks=counts["tasks"],
            closed=counts["closed"],
            gold=counts["gold"],
            submissions=counts["answers"],
            begun=counts["begun"],
            workers=counts["workers"],
            gold_right=counts["gold_right"],
            gold_seen=counts["gold_seen"],
            held=Millionths(held_amount),
            reserve=Millionths(reserve),
            spent=Millionths(int(single_value(self._db.one(GIVEN, project=project), 0)) - held_amount - reserve),
            in_hand=single_value(self._db.one(LIVE, project=project), 0),
        )

    def count_tasks_by_project(
        self, requester: PersonId, first: ProjectId, last: ProjectId
    ) -> dict[ProjectId, tuple[int, int]]:
        """Return how many ordinary tasks each of the requester's projects from `first` to `last` has, and how many of
        them are finished."""
        rows = self._db.all(COUNT_TASKS_BY_PROJECT, requester=requester, first=first, last=last)
        return {ProjectId(number): (int(tasks), int(closed)) for number, tasks, closed in rows}

    def get_setbacks(self, project: ProjectId) -> Setbacks:
        """Return what may have let the share of finished tasks fall."""
        # The keys of what was held for more answers (`services/projects/pay_raises.py`); ";" is the sign after ":".
        prefix = f"launch:{project}:overlap"
        keys = {"first_key": f"{prefix}:", "end_key": f"{prefix};"}
        rejected, launches, raises = self._db.all(SELECT_SETBACKS, project=project, **keys)[0]
        return Setbacks(rejected=rejected, tasks_added=launches > 1, answers_added=raises > 0)

    def find_first_and_last(self, project: ProjectId) -> tuple[Moment, Moment] | None:
        """Return when the first and the last answer came, None without any."""
        first, last = self._db.all(SELECT_FIRST_AND_LAST, project=project)[0]
        return None if first is None else (Moment(first), Moment(last))

    def count_by_time(self, project: ProjectId, step: int) -> tuple[list[Row], list[Row]]:
        """Return (number of the step, answers) and (number of the step, finished tasks), for steps with any; `step` is
        in milliseconds."""
        answers = self._db.all(SELECT_ANSWERS_BY_TIME, project=project, step=step)
        return answers, self._db.all(SELECT_FINISHED_BY_TIME, project=project, step=step)

    def projects_of(self, requester: PersonId) -> int:
        return int(single_value(self._db.one(PROJECTS_OF, requester=requester)))

    def fold(self, limit: int = AT_ONCE) -> None:
        """Add the changes to the counts and delete them."""
        after = int(single_value(self._db.one(LOCK), 0))
        counts: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
        up_to = after
        for number, project, gold, _, is_first in self._settled(after, limit):
            up_to, project_counts = number, counts[project]
            project_counts["answers"] += 1
            project_counts["workers"] += is_first
            project_counts["gold_seen"] += gold is not None
            project_counts["gold_right"] += gold or 0
        for project, tasks, gold, closed in self._db.all(MOVED, limit=limit):
            project_counts = counts[project]
            project_counts["tasks"], project_counts["gold"] = (
                project_counts["tasks"] + tasks,
                project_counts["gold"] + gold,
            )
            project_counts["closed"] += closed
        if up_to != after:
            self._db.changed(MOVE, up_to=up_to)
        self._db.many(ADD, ({"project": project, **counts[project]} for project in sorted(counts)))

    def _settled(self, after: int, limit: int) -> Iterator[Row]:
        """Answers behind one that no earlier one can come before any more."""
        settled = later(self._now, -SETTLED)
        while limit > 0:
            page = self._db.all(LATEST, after=after, limit=min(limit, PAGE))
            yield from takewhile(lambda row: row[3] <= settled, page)
            if len(page) < PAGE or page[-1][3] > settled:
                break
            after, limit = page[-1][0], limit - PAGE

    def begun(self, project: ProjectId, tasks: int) -> None:
        """Tasks of a stopped project that have answers, fewer than were asked for."""
        if tasks:
            self._db.changed(ADD, **{**dict.fromkeys(COUNTED, 0), "project": project, "begun": tasks})

    def rejudge(self, submission: SubmissionId, right: bool | None) -> None:
        """Correct the counts of gold before an answer that may be counted already is judged again."""
        project, gold = self._db.all(JUDGED, submission=submission)[0]
        if submission <= int(single_value(self._db.one(LOCK), 0)):
            moved = dict.fromkeys(COUNTED, 0)
            moved["gold_seen"] = (right is not None) - (gold is not None)
            moved["gold_right"] = int(right or 0) - int(gold or 0)
            self._db.changed(ADD, **{**moved, "project": project})
