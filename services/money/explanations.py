"""`/why ID`: what one operation was, and why, for whom it concerns. An operation of others does not exist for them."""

from typing import Any

from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task
from domain.refusals import NotFound
from domain.work.submissions import Submission, SubmissionId
from services.fairness.rejections import described
from services.money import payouts
from storage.money.operations import Operation
from storage.unit import UnitOfWork

WORKER, REQUESTER, ADMIN = "worker", "requester", "admin"
# Whose answer an operation is about, it concerns.
OF_THE_ANSWER = ("reward", "release", "reject", "appeal", "forfeit", "fee", "feeback")
OF_A_PAYOUT = ("payout", "withhold", "paid", "bounced", "unpaid", "unwithhold")


def menu(unit: UnitOfWork, person: Person) -> None:
    """`/why` alone: what can be asked."""
    unit.outbox.say(person.id, "why.menu", worker=person.is_worker)


def explain(unit: UnitOfWork, person: Person, number: int, admin: bool) -> None:
    operation = unit.operations.find(number)
    side = _side(unit, person, operation) if operation else None
    side = side or (ADMIN if admin and operation else None)
    if operation is None or side is None:
        raise NotFound(what="operation", name=str(number))
    project = unit.projects.get(operation.project) if operation.project else None
    facts: dict[str, Any] = {
        "operation": operation.id,
        "movement": "raise" if operation.key.startswith("raise:") else operation.kind,
        "side": side,
        "moved": operation.amount,
        "currency": operation.currency,
        "at": operation.made_at,
        "memo": operation.memo,
        "accounts": [operation.debit, operation.credit] if side == ADMIN else None,
        "incoming": operation.credit.startswith(f"{side}:"),
        "project": project.title if project else None,
        "about": None,
        "payout": _payout(unit, operation),
        "topup": _topup(unit, project, operation) if project else None,
    }
    if operation.submission and project:
        facts["about"] = _about(unit, project, unit.submissions.get(operation.submission), operation, side)
    unit.outbox.say(person.id, "why.operation", **facts)


def _payout(unit: UnitOfWork, operation: Operation) -> dict[str, Any] | None:
    """Where to, what reaches it, what was kept, and what became of it."""
    if operation.kind not in OF_A_PAYOUT:
        return None
    payout = unit.payouts.find(int(operation.key.partition(":")[2]))
    return payouts.described(unit, payout) if payout else None


def _topup(unit: UnitOfWork, project: Project, operation: Operation) -> dict[str, int] | None:
    """What an answer of the window took, what the minimum asks for that, and for how many answers this is."""
    if operation.kind != "topup":
        return None
    number, worker = map(int, operation.key.split(":")[2:4])
    window = unit.topups.window(project.id, number)
    answers = dict(unit.topups.earners(project.id, number)).get(PersonId(worker), 0)
    if window is None or not answers:
        return None
    pay = unit.topups.lowest_pay(project.id, number) or project.pay
    took = {"milliseconds": window.milliseconds, "needed": pay + window.each_owed, "pay": pay}
    return {**took, "answers": answers, "each": operation.amount // answers}


def _side(unit: UnitOfWork, person: Person, operation: Operation) -> str | None:
    """As whom it concerns this person."""
    names = (operation.debit, operation.credit)
    for side in (WORKER, REQUESTER):
        if any(name.startswith(f"{side}:{person.telegram_id}:") for name in names):
            return side
    if operation.submission and operation.kind in OF_THE_ANSWER and _answered(unit, person, operation.submission):
        return WORKER
    if operation.project and any(name.startswith(f"project:{operation.project}:") for name in names):
        return REQUESTER if unit.projects.get(operation.project).requester == person.id else None
    return None


def _answered(unit: UnitOfWork, person: Person, submission: SubmissionId) -> bool:
    return unit.submissions.get(submission).worker == person.id


def _about(
    unit: UnitOfWork, project: Project, submission: Submission, operation: Operation, side: str
) -> dict[str, Any]:
    """The answer: what was asked and said, the rule, what others said, what became of it."""
    task = unit.tasks.get(submission.task)
    judged = operation.kind == "judge"
    hidden = side == REQUESTER and submission.state == "rejected"
    closed = task.state != "open"
    told = {**described(unit, project, submission), **_rule(unit, project, submission, operation)}
    return {
        **told,
        "answer": None if hidden else submission.answer,
        "hidden": hidden,
        "submitted_at": submission.submitted_at,
        "fee": submission.fee,
        "state": submission.state,
        "until": submission.held_until,
        "gold": None if judged else _gold(project, task, submission, side),
        "others": unit.operations.others(task.id, submission.id) if closed and not judged else None,
        "rejection": None if judged else _rejection(unit, submission),
        "history": [] if judged else _history(unit, submission, side),
    }


def _rule(unit: UnitOfWork, project: Project, submission: Submission, operation: Operation) -> dict[str, Any]:
    """Why a reward went where it went."""
    pending = operation.credit.endswith(":pending")
    return {"rule": ("review" if project.accept == "review" else "probation") if pending else "at_once"}


def _gold(project: Project, task: Task, submission: Submission, side: str) -> dict[str, Any] | None:
    """Whether it was a known question. Of one that still checks people only whoever missed it knows, or made it."""
    live = task.state == "open" and project.state is ProjectState.RUNNING
    if submission.gold is None or task.gold is None or (side == WORKER and live and submission.gold):
        return None
    return {"right": bool(submission.gold), "known": list(task.gold)}


def _rejection(unit: UnitOfWork, submission: Submission) -> dict[str, Any] | None:
    known = unit.reviews.rejection(submission.id)
    if known is None:
        return None
    facts: dict[str, Any] = {"line": known.line, "clause": known.clause, "reason": known.reason}
    facts |= {"state": known.state.value, "at": known.rejected_at, "until": known.appeal_until, "appeal": None}
    appeal = unit.appeals.of(submission.id)
    if appeal is not None:
        votes = unit.appeals.votes(appeal.id)
        decided = appeal.state.value != "open"
        facts["appeal"] = {"state": appeal.state.value, "at": appeal.opened_at, "due": appeal.due_at}
        facts["appeal"] |= {"for": votes.worker, "against": votes.requester} if decided else {}
    return facts


def _history(unit: UnitOfWork, submission: Submission, side: str) -> list[dict[str, Any]]:
    """Every operation about this answer that concerns them."""
    theirs = ("fee", "feeback", "costs") if side == WORKER else ("release",) if side == REQUESTER else ()
    return [
        {"operation": each.id, "movement": each.kind, "amount": each.amount, "at": each.made_at}
        for each in unit.operations.about(submission.id)
        if each.kind not in theirs
    ]
