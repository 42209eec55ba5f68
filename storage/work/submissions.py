"""Submissions and their pay: credited or pending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, cast

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.eta import LATEST
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId
from domain.work.qualification import PROOF
from domain.work.recaps import GivenAnswer, Run, run_of
from domain.work.submissions import Submission, SubmissionId
from storage.drivers.connection import Connection, Foresight, foresee, read
from storage.drivers.records import columns, each, first, of
from storage.drivers.rows import ABSENT, Held, Table
from storage.projects.projects import PROJECTS
from storage.work.runs import LATEST_OF, RunReading

_SUBMISSION = columns(Submission)
SUBMISSIONS = Table(("submissions",), order=6)
RUNS = Held(("submissions",), lasts=True)  # by worker: the run that their newest answer belonged to

BY_ID = f"SELECT {_SUBMISSION} FROM submissions WHERE id = :id"
OF_ASSIGNMENT = f"SELECT {_SUBMISSION} FROM submissions WHERE assignment = :assignment"
HELD_OF = f"""
SELECT {_SUBMISSION} FROM submissions
WHERE worker = :worker AND project = :project AND held_until IS NOT NULL AND state = 'accepted' ORDER BY id"""
HELD_DUE = f"""
SELECT {_SUBMISSION} FROM submissions WHERE held_until <= :now AND state <> 'rejected'
ORDER BY held_until LIMIT :limit"""
RELEASE = """
UPDATE submissions SET held_until = NULL, state = 'accepted' WHERE id = :id AND held_until IS NOT NULL"""
# Workers whose pay waits for gold where the project has ended, where only gold is left to be given out, or where they
# gave their last answer before `before`, and gold is used up or proved them since; behind one worker and project.
STRANDED = f"""
SELECT DISTINCT s.worker, s.project FROM submissions s JOIN projects p ON p.id = s.project
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE s.held_until IS NOT NULL AND s.state = 'accepted' AND e.qualified = 0
  AND (s.worker > :worker OR (s.worker = :worker AND s.project > :project))
  AND (p.state <> 'running' OR NOT EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0)
    OR ((e.gold_seen >= {PROOF} OR NOT EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 1))
      AND (SELECT max(n.submitted_at) FROM submissions n WHERE n.worker = s.worker AND n.project = s.project)
        <= :before))
ORDER BY s.worker, s.project LIMIT :limit"""
HELD_BY_PROJECT = """
SELECT s.project, p.title, count(*), sum(s.pay), min(s.held_until), min(s.state), p.currency
FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :worker AND s.held_until IS NOT NULL GROUP BY s.project, p.title, p.currency ORDER BY s.project"""
# When the latest came.
_NEWEST_OF_PROJECT = f"{of('s.project', ':project')} ORDER BY s.project DESC, s.id DESC"
_NEWEST_OF_WORKER = f"{of('s.worker', ':worker')} ORDER BY s.worker DESC, s.id DESC"
ARRIVALS = f"SELECT s.submitted_at FROM submissions s WHERE {_NEWEST_OF_PROJECT} LIMIT {LATEST}"
WORKED = "SELECT submitted_at, milliseconds FROM submissions ORDER BY id DESC LIMIT 5000"
LAST_OF = f"SELECT s.id FROM submissions s WHERE {_NEWEST_OF_PROJECT} LIMIT 1"
MEASURABLE = 25
MOST_REMEMBERED = 10_000  # runs, beyond a commit
LATEST_PROJECT = f"SELECT s.project FROM submissions s WHERE {_NEWEST_OF_WORKER} LIMIT 1"
COUNT_OF = "SELECT count(*) FROM submissions WHERE worker = :worker"

# Of the latest hundred: what a task of this project takes, in milliseconds of work.
TIMES = f"SELECT s.worked FROM submissions s WHERE {_NEWEST_OF_PROJECT} LIMIT 100"


@dataclass(frozen=True, slots=True)
class HeldPay:
    """Pay that waits in one project; `review` when it is the requester's word that is missing."""

    project: ProjectId
    title: str
    submissions: int
    amount: int
    until: Moment
    review: bool
    currency: str


class Submissions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, submission: SubmissionId) -> Submission | None:
        row = self._db.one(BY_ID, id=submission)
        return Submission(*row) if row else None

    def of_assignment(self, assignment: AssignmentId) -> Submission | None:
        row = self._db.one(OF_ASSIGNMENT, assignment=assignment)
        return Submission(*row) if row else None

    def get(self, submission: SubmissionId) -> Submission:
        return Submission(*self._db.all(BY_ID, id=submission)[0])

    def add(
        self,
        assignment: AssignmentId,
        project: Project,
        task: TaskId,
        worker: PersonId,
        answer: str | None,
        gold: bool | None,
        milliseconds: int,
        state: str,
        held_until: Moment | None,
        now: Moment,
        version: int = 1,
        worked: int | None = None,
    ) -> SubmissionId:
        """Store an answer; `worked` is its working time, `milliseconds` where it is not said."""
        worked = milliseconds if worked is None else worked
        number = SubmissionId(self._db.number(SUBMISSIONS))
        self._db.add(
            SUBMISSIONS,
            number,
            ABSENT,
            id=number,
            assignment=assignment,
            project=project.id,
            pay=project.pay,
            fee=project.fee,
            task=task,
            worker=worker,
            answer=answer,
            gold=None if gold is None else int(gold),
            state=state,
            held_until=held_until,
            submitted_at=now,
            version=version,
            milliseconds=milliseconds,
            worked=worked,
        )
        known = self._db.get(RUNS, worker)
        if known is not ABSENT:
            given = GivenAnswer(number, now, milliseconds, worked, project.pay, project.currency)
            self._db.put(RUNS, worker, run_of([given], known))
        return number

    def held_of(self, worker: PersonId, project: ProjectId) -> list[Submission]:
        """What is in the database and not released since, unless they answer twice in one commit."""
        about, pending = {"worker": worker, "project": project}, self._db.pending(SUBMISSIONS)
        if any(row["worker"] == worker for row in pending.added.values()):
            return [Submission(*row) for row in self._db.all(HELD_OF, **about)]
        return [Submission(*row) for row in self._db.peek(HELD_OF, **about) if row[0] not in pending.changed]

    def held_due(self, now: Moment, limit: int) -> list[Submission]:
        return [Submission(*row) for row in self._db.all(HELD_DUE, now=now, limit=limit)]

    def stranded(
        self, worker: PersonId, project: ProjectId, before: Moment, limit: int
    ) -> list[tuple[PersonId, ProjectId]]:
        rows = self._db.all(STRANDED, worker=worker, project=project, before=before, limit=limit)
        return [(PersonId(row[0]), ProjectId(row[1])) for row in rows]

    def release(self, submission: SubmissionId) -> bool:
        return self._db.changed(RELEASE, id=submission) == 1

    def release_held(self, held: Iterable[Submission]) -> None:
        """The same of what `held_of` found."""
        for each_held in held:
            self._db.change(SUBMISSIONS, each_held.id, ABSENT, held_until=None, state="accepted")

    def held_by_project(self, worker: PersonId) -> list[HeldPay]:
        rows = self._db.all(HELD_BY_PROJECT, worker=worker)
        return [
            HeldPay(p, title, count, int(amount), until, state == "submitted", currency)
            for p, title, count, amount, until, state, currency in rows
        ]

    def median_milliseconds(self, project: ProjectId) -> int | None:
        """None before 25 submissions: too few to be measured by."""
        return cast(int | None, read(self._db, self.measure(project))[0])

    def measure(self, project: ProjectId) -> Foresight[int | None]:
        """The same, beside other readings."""
        ((rows,),) = yield [(TIMES, [{"project": project}])]
        return int(median(each(rows))) if len(rows) >= MEASURABLE else None

    def arrivals(self, project: ProjectId) -> list[Moment]:
        """The moments of a project's latest answers, newest first."""
        return each(self._db.all(ARRIVALS, project=project))

    def worked(self) -> list[tuple[Moment, int]]:
        """The moments and times of the latest answers of all, newest first."""
        return [(Moment(row[0]), int(row[1])) for row in self._db.all(WORKED)]

    def last_of(self, project: ProjectId) -> int:
        """The id of a project's newest submission, 0 before the first."""
        return int(first(self._db.one(LAST_OF, project=project), 0))

    def run_of(self, worker: PersonId) -> Run | None:
        """The run of tasks that this worker's newest answer belongs to: read as far as it goes, then carried on."""
        known = self._db.get(RUNS, worker)
        if known is ABSENT:
            ((read,),) = foresee(self._db, self._read_runs([worker]))
            pending = self._db.pending(SUBMISSIONS).added.values()
            known = run_of(reversed([self._given(row) for row in pending if row["worker"] == worker]), read)
            self._db.put(RUNS, worker, known)
        return cast(Run | None, known)

    def foresee_runs(self, workers: Sequence[PersonId]) -> Foresight[None]:
        """Holds their runs. Nothing of theirs is pending."""
        unknown = [worker for worker in workers if self._db.get(RUNS, worker) is ABSENT]
        runs = yield from self._read_runs(unknown)
        for worker, run in zip(unknown, runs, strict=True):
            self._db.keep(RUNS, worker, run)

    def _read_runs(self, workers: Sequence[PersonId]) -> Foresight[list[Run | None]]:
        """As they are in the database, and remembered: only what follows has to be read."""
        remembered = self._db.remembered
        runs = [RunReading(worker, remembered.get((RUNS, worker))) for worker in workers]
        while asked := [reading for reading in runs if not reading.is_done]:
            (found,) = yield [(LATEST_OF, [reading.asked() for reading in asked])]
            for reading, rows in zip(asked, found, strict=True):
                reading.add(rows)
        if len(remembered) + len(runs) > MOST_REMEMBERED:
            remembered.clear()
        remembered.update({(RUNS, reading.worker): reading.run for reading in runs})
        return [reading.run for reading in runs]

    def _given(self, row: Mapping[str, Any]) -> GivenAnswer:
        currency = str(self._db.get(PROJECTS, row["project"]).currency)
        return GivenAnswer(row["id"], row["submitted_at"], row["milliseconds"], row["worked"], row["pay"], currency)

    def latest_project(self, worker: PersonId) -> ProjectId | None:
        """Of this worker's newest answer."""
        found = first(self._db.one(LATEST_PROJECT, worker=worker))
        return None if found is None else ProjectId(found)

    def count_of(self, worker: PersonId) -> int:
        return int(each(self._db.all(COUNT_OF, worker=worker))[0])
