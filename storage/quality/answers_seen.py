"""Answers to check questions, as evidence of how right a project's answers are."""

from domain.projects.authoring.foresight import Seen
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import of
from storage.work.consents import TAKEN_BACK

LATEST = f"""
SELECT CAST(sum(few.gold) AS BIGINT), count(*) FROM (
  SELECT s.task, s.gold FROM submissions s
  WHERE {of("s.project", ":project")} AND s.gold IS NOT NULL AND s.state <> 'rejected' AND NOT {TAKEN_BACK}
  ORDER BY s.project DESC, s.id DESC LIMIT :limit) AS few GROUP BY few.task ORDER BY few.task"""


class AnswersSeen:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, project: ProjectId, limit: int, most: int) -> Seen:
        """The latest so many, by their tasks; where one has more than `most` it tells as much as one that has so
        many."""
        found = self._db.all(LATEST, project=project, limit=limit)
        return Seen(tuple(_scaled(int(right), int(answers), most) for right, answers in found))


def _scaled(right: int, answers: int, most: int) -> tuple[int, int]:
    return (right, answers) if answers <= most else (round(right * most / answers), most)
