"""Draws an appeal's judges by lot from a pool of strangers larger than one person's accounts; a pool too small has no
jury."""

from domain.fairness.appeals import DRAWN, LOOKED_AT, Appeal, Candidate, is_wide, lot
from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.work.submissions import Submission
from services.work.cards.audience import suits
from storage.unit import UnitOfWork

SECRET = "judges"  # noqa: S105 (its name)


def draw(unit: UnitOfWork, appeal: Appeal, project: Project, submission: Submission) -> bool:
    """Whether there are enough; the first are called, and last of all those who could return the author a favour."""
    pool, favoured = _pool(unit, project, submission), unit.juries.favoured(submission.worker)
    if not is_wide(pool):
        return False
    drawn = sorted((each.worker for each in pool), key=lambda worker: worker in favoured)
    unit.juries.draw(appeal.id, drawn)
    return True


def _pool(unit: UnitOfWork, project: Project, submission: Submission) -> list[Candidate]:
    """The workers who may judge it, in an order drawn with the installation's secret."""
    secret, found = unit.secrets.get(SECRET), list[Candidate]()
    waiting = unit.juries.candidates(project, submission)
    for worker in sorted(waiting, key=lambda each: lot(secret, submission.id, each))[:LOOKED_AT]:
        known = unit.juries.history(worker, project, submission)
        if known.is_fit and _would_look(unit, worker, project):
            found.append(known)
        if len(found) == DRAWN:
            break
    return found


def _would_look(unit: UnitOfWork, worker: PersonId, project: Project) -> bool:
    """Whether it is for them, and shows nothing they refused to see elsewhere."""
    unwanted = unit.content_choices.unwanted(worker) if project.content else set()
    return unwanted.isdisjoint(project.content) and suits(unit, unit.people.get(worker), project)
