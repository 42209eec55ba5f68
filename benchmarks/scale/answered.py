"""A project whose tasks all have answers, for the export of its results."""

from bot.clock import wall_clock
from domain.projects.projects import ProjectId
from domain.quality.refit import opening_model
from storage.database import one_transaction
from storage.quality.models import Fitted
from tests.house import House

ANSWERS = 3  # of each task
ASSIGNED = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT project, id, :worker, 'submitted', 1, 2 FROM tasks WHERE project = :project
ON CONFLICT DO NOTHING"""
SUBMITTED = """
INSERT INTO submissions (assignment, project, task, worker, answer, milliseconds, state, submitted_at, pay, fee)
SELECT id, project, task, worker, CASE WHEN id * 7919 % 13 < 8 THEN 'positive' ELSE 'negative' END, 3000, 'accepted', 5,
  1, 0
FROM assignments WHERE project = :project
ON CONFLICT DO NOTHING"""
AGREED = """
UPDATE tasks SET received = :answers, consensus = 'positive', confidence = 0.87654321, live = 'positive',
  live_confidence = 0.7654321
WHERE project = :project"""


def answer(url: str, project: ProjectId, house: House) -> None:
    """Estimates are taken to be up to date: relearning them is measured elsewhere."""
    with one_transaction(url, wall_clock()) as unit:
        for worker in house.workers[:ANSWERS]:
            unit.connection.changed(ASSIGNED, worker=worker, project=project)
        unit.connection.changed(SUBMITTED, project=project)
        unit.connection.changed(AGREED, answers=ANSWERS, project=project)
        last = unit.submissions.last_of(project)
        unit.models.keep(project, opening_model(2), Fitted(1, last, unit.now), ())
