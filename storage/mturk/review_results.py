"""Findings and actions of review policies."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment
from domain.mturk.hits import HitId
from domain.work.assignments import AssignmentId
from storage.drivers.connection import Connection

ACT = """
INSERT INTO turk_review_actions (hit, level, name, assignment, status, at, result)
VALUES (:hit, :level, :name, :assignment, :status, :now, :result)"""
FOUND = """
INSERT INTO turk_review_results (hit, level, assignment, question, name, value)
VALUES (:hit, :level, :assignment, :question, :name, :value)"""
FORGET = "DELETE FROM turk_review_results WHERE hit = :hit AND level = 'HIT'"
_ACTION = "id, hit, level, name, assignment, status, at, result FROM turk_review_actions"
ACTIONS = f"""
SELECT {_ACTION} WHERE hit = :hit AND level IN (:level, :other) ORDER BY id LIMIT :limit"""
INTENDED = f"SELECT {_ACTION} WHERE status = 'Intended' ORDER BY id LIMIT :limit"
END = """
UPDATE turk_review_actions SET status = :status, result = :result, at = :now WHERE id = :id AND status = 'Intended'"""
RESULTS = """
SELECT id, level, assignment, question, name, value FROM turk_review_results
WHERE hit = :hit AND level IN (:level, :other) AND id > :after ORDER BY id LIMIT :limit"""
SCORE = """
SELECT value FROM turk_review_results
WHERE hit = :hit AND level = 'Assignment' AND assignment = :assignment AND name = :name"""


@dataclass(frozen=True, slots=True)
class ReviewAction:
    id: int
    hit: HitId
    level: str
    name: str
    assignment: AssignmentId | None
    status: str
    at: Moment
    result: str


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """`name` is Amazon's Key."""

    id: int
    level: str
    assignment: AssignmentId | None
    question: str | None
    name: str
    value: str


class ReviewResults:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def act(
        self, hit: HitId, level: str, name: str, assignment: AssignmentId | None, status: str, result: str = ""
    ) -> None:
        about = {"hit": hit, "level": level, "name": name, "assignment": assignment}
        self._db.changed(ACT, **about, status=status, result=result, now=self._now)

    def found(
        self, hit: HitId, level: str, assignment: AssignmentId | None, question: str | None, name: str, value: str
    ) -> None:
        about = {"hit": hit, "level": level, "assignment": assignment, "question": question}
        self._db.changed(FOUND, **about, name=name, value=value)

    def forget(self, hit: HitId) -> None:
        """What the HIT's policy found before it had more assignments."""
        self._db.changed(FORGET, hit=hit)

    def score(self, hit: HitId, assignment: AssignmentId, name: str) -> int | None:
        row = self._db.one(SCORE, hit=hit, assignment=assignment, name=name)
        return int(row[0]) if row else None

    def actions(self, hit: HitId, levels: Sequence[str], limit: int) -> list[ReviewAction]:
        about = {"hit": hit, "level": levels[0], "other": levels[-1], "limit": limit}
        return [ReviewAction(*row) for row in self._db.all(ACTIONS, **about)]

    def intended(self, limit: int) -> list[ReviewAction]:
        """Oldest first."""
        return [ReviewAction(*row) for row in self._db.all(INTENDED, limit=limit)]

    def end(self, action: int, status: str, result: str = "") -> bool:
        """False where it has ended."""
        return self._db.changed(END, id=action, status=status, result=result, now=self._now) == 1

    def results(self, hit: HitId, levels: Sequence[str], after: int, limit: int) -> list[ReviewResult]:
        about = {"hit": hit, "level": levels[0], "other": levels[-1], "after": after, "limit": limit}
        return [ReviewResult(*row) for row in self._db.all(RESULTS, **about)]
