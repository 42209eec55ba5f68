"""Where too few strangers could judge, admins are asked; if nobody answers in time, silence is for the worker."""

from typing import Any

from domain.fairness.appeals import Appeal
from domain.fairness.review import Rejection
from domain.projects.projects import Project
from domain.work.submissions import Submission
from services.fairness.rejections import described
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
    cited: dict[str, Any] = {"line": rejection.line, "clause": rejection.clause, "reason": rejection.reason}
    cited |= {"appeal": appeal.id, "until": appeal.due_at, "instructions": list(project.instructions)}
    cited |= {"words": appeal.words, **described(unit, project, submission)}
    said = int(appeal.words is not None)
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        if not unit.appeals.is_party(appeal, admin):
            unit.outbox.say(admin, "appeals.rule", key=f"rule:{appeal.id}:{admin}:{said}", **cited)
