"""Recaps of a run of tasks: every few answers, and where the run ends."""

from dataclasses import replace

from domain.people.people import Person
from domain.work.messages import LastAnswer
from domain.work.recaps import Recap
from domain.work.submissions import Submission
from storage.unit import UnitOfWork

EVERY = 10  # answers in a project


def of_run(unit: UnitOfWork, worker: Person) -> Recap | None:
    """The run of tasks that this worker's newest answer belongs to."""
    run = unit.submissions.run_of(worker.id)
    return None if run is None else run.recap(unit.now)


def said_with(unit: UnitOfWork, answer: Submission) -> Recap | None:
    """What the message of this answer sums up, as long as it is the newest of its run."""
    run, enrolment = unit.submissions.run_of(answer.worker), unit.enrolments.find(answer.worker, answer.project)
    if run is None or run.last != answer.id or enrolment is None or enrolment.answered % EVERY:
        return None
    return run.recap(unit.now)


def ending(unit: UnitOfWork, worker: Person, last: LastAnswer | None = None) -> LastAnswer | None:
    """Feedback on the last answer where no task follows: with a recap of the run, if there was one."""
    recap = of_run(unit, worker)
    return last if recap is None else replace(last or LastAnswer(), recap=recap)
