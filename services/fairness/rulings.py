"""Appeals with too few possible judges go to admins; without an answer in time the worker wins."""

from domain.fairness.appeals import Appeal
from domain.fairness.messages.appeals import AppealToRule
from domain.fairness.review import Rejection
from domain.projects.projects import Project
from domain.work.submissions import Submission
from services.fairness.exhibits import citation, exhibit
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
    asked = AppealToRule(
        appeal.id, about, citation(rejection), appeal.words, tuple(project.instructions), appeal.due_at
    )
    said = int(appeal.words is not None)
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        if not unit.appeals.is_party(appeal, admin):
            unit.outbox.tell(admin, asked, key=f"rule:{appeal.id}:{admin}:{said}")
