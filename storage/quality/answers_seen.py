"""What a project's answers show of how right they are: check questions, and how answers to its pilot's tasks split."""

from collections import defaultdict

from domain.projects.projects import ProjectId
from domain.quality.foresight import Seen
from storage.drivers.connection import Connection

JUDGED = "FROM submissions s WHERE s.task = t.id AND s.gold IS NOT NULL AND s.state <> 'rejected'"
GOLD = f"""
SELECT (SELECT coalesce(sum(s.gold), 0) {JUDGED}), (SELECT count(*) {JUDGED}) FROM tasks t
WHERE t.project = :project AND t.gold IS NOT NULL AND t.received > 0 ORDER BY t.id LIMIT :limit"""
SPLIT = """
SELECT s.task, count(*) FROM pilots f JOIN tasks t ON t.project = f.project AND t.position <= f.last AND t.gold IS NULL
JOIN submissions s ON s.task = t.id
WHERE f.project = :project AND s.answer IS NOT NULL AND s.state <> 'rejected'
GROUP BY s.task, s.answer ORDER BY s.task, count(*) DESC LIMIT :limit"""


class AnswersSeen:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, project: ProjectId, limit: int, most: int) -> Seen:
        """Of so many tasks; where one has more than `most` answers it tells as much as one that has so many."""
        gold = [
            _scaled(int(right), int(answers), most)
            for right, answers in self._db.all(GOLD, project=project, limit=limit)
        ]
        split: dict[int, list[int]] = defaultdict(list)
        for task, count in self._db.all(SPLIT, project=project, limit=limit):
            split[task].append(int(count))
        others = tuple(tuple(counts) for counts in split.values() if sum(counts) <= most)
        return Seen(tuple(gold), others)


def _scaled(right: int, answers: int, most: int) -> tuple[int, int]:
    return (right, answers) if answers <= most else (round(right * most / answers), most)
