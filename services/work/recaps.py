"""Recaps of a run of tasks: every few answers, and where the run ends."""

from dataclasses import replace

from domain.money.amounts import Millionths
from domain.people.people import Person, PersonId
from domain.work.messages import LastAnswer
from domain.work.recaps import Recap, Run
from domain.work.submissions import Submission
from storage.unit import UnitOfWork

EVERY = 10  # answers in a project


def of_run(unit: UnitOfWork, worker: Person) -> Recap | None:
    """The run of tasks that this worker's newest answer belongs to."""
    return _recap(unit, worker.id, unit.submissions.run_of(worker.id))


def said_with(unit: UnitOfWork, answer: Submission) -> Recap | None:
    """What the message of this answer sums up, as long as it is the newest of its run."""
    run, enrolment = unit.submissions.run_of(answer.worker), unit.enrolments.find(answer.worker, answer.project)
    if run is None or run.last != answer.id or enrolment is None or enrolment.answered % EVERY:
        return None
    return _recap(unit, answer.worker, run)


def _recap(unit: UnitOfWork, worker: PersonId, run: Run | None) -> Recap | None:
    """The run's recap, with what its answers were topped up by now."""
    recap = None if run is None else run.recap(unit.now)
    if run is None or recap is None:
        return None
    topped_up = unit.topups.of_answers(worker, run.start, run.last)
    return replace(recap, earned=Millionths(recap.earned + topped_up), topped_up=topped_up)


def ending(unit: UnitOfWork, worker: Person, last: LastAnswer | None = None) -> LastAnswer | None:
    """Feedback on the last answer where no task follows: with a recap of the run, if there was one."""
    recap = of_run(unit, worker)
    return last if recap is None else replace(last or LastAnswer(), recap=recap)
