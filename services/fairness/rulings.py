"""Appeals with too few possible judges go to admins; without an answer in time the worker wins."""

from domain.fairness.appeals import Appeal, AppealState
from domain.fairness.messages.appeals import AppealToRule
from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.fairness.review import Rejection
from domain.projects.projects import Project
from domain.work.submissions import Submission
from services.fairness.exhibits import citation, exhibit
from services.fairness.oversight import cases
from services.projects.authoring import versions
from storage.unit import UnitOfWork


def ask(
    unit: UnitOfWork,
    appeal: Appeal,
    project: Project,
    submission: Submission,
    rejection: Rejection,
    admins: frozenset[int],
) -> None:
    """Every admin but those it is about."""
    about = exhibit(unit, project, submission)
    rules = versions.under(unit, project, submission.version).instructions
    asked = AppealToRule(appeal.id, about, citation(unit, rejection), appeal.words, rules, appeal.due_at)
    said = int(appeal.words is not None)
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        if not unit.appeals.is_party(appeal, admin):
            case = f"{cases.ruling(appeal.id)}{said}"
            unit.outbox.tell(admin, asked, key=f"rule:{appeal.id}:{admin}:{said}", live=case)


def close(unit: UnitOfWork, appeal: Appeal, admins: frozenset[int]) -> None:
    """Takes the buttons off every admin's messages about it."""
    cases.close(unit, admins, cases.ruling(appeal.id), closed(unit, appeal))


def closed(unit: UnitOfWork, appeal: Appeal) -> CaseClosed:
    """What became of it."""
    title = unit.projects.get(unit.submissions.get(appeal.submission).project).title
    end = CaseEnd.FOR_WORKER if appeal.state is AppealState.WON else CaseEnd.FOR_REQUESTER
    return CaseClosed(title, end, unit.people.get(appeal.ruled_by).label if appeal.ruled_by else "")
