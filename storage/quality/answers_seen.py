"""Answers to check questions, as evidence of how right a project's answers are."""

from domain.projects.authoring.foresight import Seen
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection

JUDGED = "FROM submissions s WHERE s.task = t.id AND s.gold IS NOT NULL AND s.state <> 'rejected'"
GOLD = f"""
SELECT (SELECT coalesce(sum(s.gold), 0) {JUDGED}), (SELECT count(*) {JUDGED}) FROM tasks t
WHERE t.project = :project AND t.gold IS NOT NULL AND t.received > 0 ORDER BY t.id LIMIT :limit"""


class AnswersSeen:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, project: ProjectId, limit: int, most: int) -> Seen:
        """Of so many tasks; where one has more than `most` answers it tells as much as one that has so many."""
        found = self._db.all(GOLD, project=project, limit=limit)
        return Seen(tuple(_scaled(int(right), int(answers), most) for right, answers in found))


def _scaled(right: int, answers: int, most: int) -> tuple[int, int]:
    return (right, answers) if answers <= most else (round(right * most / answers), most)
