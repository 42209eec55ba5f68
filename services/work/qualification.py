"""Probation in a project: pay is pending until gold shows that a worker can be trusted, or until no gold can come.

Where no gold can come, agreement with other workers decides; without any, the pay is released.

A worker who sees pending pay become available right after one answer learns that it was a check question. Probation
therefore ends after a batch of answers, where no further task follows, or in a sweep an hour after the worker's last
answer.
"""

from domain.moments import HOUR, later
from domain.money.amounts import Millionths
from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectId
from domain.work import qualification
from domain.work.messages import Qualified
from domain.work.submissions import Enrolment
from services.money import transfers
from services.work import task_selection
from storage.unit import UnitOfWork

AT_ONCE = 25
LEFT = HOUR  # after an answer, the worker is taken to have left the batch unfinished
REACHED = "probation"  # under which is kept how far the sweep has come: worker and project


def qualify_after_answer(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Return whether the reward of the answer that was just counted is available at once. Who has met gold qualifies
    only with the last answer of a batch; where no task follows, `qualify` is called then."""
    if enrolment.gold_seen and not qualification.is_batch_full(enrolment.answered):
        return enrolment.qualified
    return qualify(unit, worker, project, enrolment)


def qualify(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Whether rewards are available at once; a worker who qualifies now gets the pending pay."""
    if enrolment.qualified:
        return True
    if not _has_proven(unit, worker, project, enrolment):
        return False
    unit.enrolments.qualify(worker.id, project.id)
    released = transfers.release_held(unit, worker, project)
    if released:
        amount = Millionths(sum(each.pay for each in released))
        unit.outbox.tell(worker.id, Qualified(project.title, amount, project.currency))
    return True


def end_stranded(unit: UnitOfWork) -> None:
    """Ends the probation of workers who have proven themselves within a batch that they left unfinished an hour ago,
    and of workers whom no gold can reach: it is used up, or the project has ended."""
    reached = unit.settings.get(REACHED)
    worker, project = map(int, (reached or "0 0").split())
    found = unit.submissions.stranded(PersonId(worker), ProjectId(project), later(unit.now, -LEFT), AT_ONCE)
    for number, where in found:
        enrolment = unit.enrolments.find(number, where)
        if enrolment is not None:
            qualify(unit, unit.people.get(number), unit.projects.get(where), enrolment)
    if found or reached not in (None, "0 0"):
        worker, project = found[-1] if len(found) == AT_ONCE else (PersonId(0), ProjectId(0))
        unit.settings.put(REACHED, f"{worker} {project}")


def _has_proven(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    if task_selection.can_meet_gold(unit, enrolment, project):
        return qualification.is_qualified(enrolment, gold_left=True)
    compared, agreeing = unit.skills.agreeing(worker.id, project.id)
    return qualification.is_qualified(enrolment, False, compared, agreeing)
