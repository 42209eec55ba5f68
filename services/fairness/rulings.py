"""Appeals with too few possible judges go to admins; without an answer in time the worker wins."""

from domain.fairness.appeals import Appeal, AppealId, AppealState
from domain.fairness.messages.appeals import AppealToRule
from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.fairness.review import Rejection
from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.refusals import NotFound, NotYours
from domain.work.submissions import Submission
from services.act import Act, Reply
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
    asked = _case(unit, appeal, project, submission, rejection)
    said = int(appeal.words is not None)
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        if not unit.appeals.is_party(appeal, admin):
            case = f"{cases.ruling(appeal.id)}{said}"
            unit.outbox.tell(admin, asked, key=f"rule:{appeal.id}:{admin}:{said}", live=case)


def show(act: Act, appeal: int) -> Reply:
    """`/admin` leads here: the case once more, where it still waits for a human."""
    unit, known = act.unit, act.unit.appeals.find(appeal)
    rejection = unit.reviews.rejection(known.submission) if known else None
    if known is None or rejection is None or unit.appeals.is_party(known, act.person.id):
        raise NotYours()
    if known.state is not AppealState.OPEN or known.funded:
        raise NotFound(what="stop", name=str(appeal))
    submission = unit.submissions.get(known.submission)
    asked = _case(unit, known, unit.projects.get(submission.project), submission, rejection)
    return cases.shown(cases.ruling(known.id), asked)


def waiting_for(unit: UnitOfWork, admin: PersonId, limit: int) -> list[AppealId]:
    """Those this admin may decide."""
    return [each.id for each in unit.appeals.to_rule(limit) if not unit.appeals.is_party(each, admin)]


def _case(
    unit: UnitOfWork, appeal: Appeal, project: Project, submission: Submission, rejection: Rejection
) -> AppealToRule:
    about = exhibit(unit, project, submission)
    rules = versions.under(unit, project, submission.version).instructions
    return AppealToRule(appeal.id, about, citation(unit, rejection), appeal.words, rules, appeal.due_at)


def close(unit: UnitOfWork, appeal: Appeal, admins: frozenset[int]) -> None:
    """Takes the buttons off every admin's messages about it."""
    cases.close(unit, admins, cases.ruling(appeal.id), closed(unit, appeal))


def closed(unit: UnitOfWork, appeal: Appeal) -> CaseClosed:
    """What became of it."""
    title = unit.projects.get(unit.submissions.get(appeal.submission).project).title
    end = CaseEnd.FOR_WORKER if appeal.state is AppealState.WON else CaseEnd.FOR_REQUESTER
    return CaseClosed(title, end, unit.people.get(appeal.ruled_by).label if appeal.ruled_by else "")
