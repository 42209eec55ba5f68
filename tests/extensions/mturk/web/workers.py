"""People who answer HITs, by the services that their presses and words call."""

import json

from domain.people.accounts import Person
from domain.work.assignments import SubmissionId
from services.work import dispatch, submit
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

SHORT = {"animal": "A cat", "why": 'It purrs, and it\'s "small" < 1 & more'}


def take(unit: UnitOfWork, worker: Person) -> int | None:
    """The next task; its assignment."""
    return dispatch.dispatch_next_task(unit, worker, Lane.REPLY)


def answer(unit: UnitOfWork, worker: Person, *said: str) -> SubmissionId:
    """Answers to the questions of the task in hand, or of the next one, in their order."""
    number = take(unit, worker) if unit.assignments.active_for(worker.id) is None else None
    assignment = unit.assignments.active_for(worker.id)
    assert assignment is not None, number
    submit.submit_answer(unit, worker, assignment.id, json.dumps(list(said or SHORT.values())), None)
    found = unit.submissions.of_assignment(assignment.id)
    assert found is not None
    return found.id
