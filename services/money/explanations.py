"""`/why ID`: explains one operation to the people it concerns; to others it does not exist."""

from dataclasses import replace

from domain.money.explanations import (
    AnswerExplained,
    AppealExplained,
    Explanation,
    KnownAnswer,
    OthersAnswer,
    RejectionExplained,
    Step,
    TopupExplained,
    WhyMenu,
)
from domain.money.ledger import movement_of
from domain.money.payouts import PayoutView
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ENDED, Project
from domain.projects.results import all_shown, shown
from domain.projects.tasks import Task, decision_time_of
from domain.refusals import NotFound
from domain.work.assignments import Submission, SubmissionId
from services.act import Act
from services.fairness.rejections import describe_answer, describe_citation
from services.money.payouts import view
from storage.money.explanations import Operation
from storage.unit import UnitOfWork

WORKER, REQUESTER, ADMIN = "worker", "requester", "admin"
# The worker whose answer an operation is about may read it.
OF_THE_ANSWER = ("reward", "redo", "release", "reject", "appeal", "forfeit", "fee", "feeback")
OF_A_PAYOUT = ("payout", "withhold", "paid", "bounced", "unpaid", "unwithhold")


def menu(act: Act) -> WhyMenu:
    """`/why` alone: lists the explanations there are."""
    return WhyMenu(act.person.is_worker)


def explain(act: Act, operation: int) -> Explanation:
    unit, found = act.unit, act.unit.operations.find(operation)
    accounts = [act.person, *([unit.people.get(act.person.acts_for)] if act.person.acts_for else [])]
    side = next(filter(None, (_side(unit, each, found) for each in accounts)), None) if found else None
    side = side or (ADMIN if ADMIN in act.roles and found else None)
    if found is None or side is None:
        raise NotFound(what="operation", name=str(operation))
    project = unit.projects.get(found.project) if found.project else None
    return Explanation(
        operation=found.id,
        movement=movement_of(found.kind, found.key),
        side=side,
        amount=found.amount,
        currency=found.currency,
        at=found.made_at,
        memo=found.memo,
        accounts=(found.debit, found.credit) if side == ADMIN else None,
        incoming=found.credit.startswith(f"{side}:"),
        project=project.title if project else None,
        about=_about(unit, project, found, side, act.person.id) if project else None,
        payout=_payout(unit, found),
        topup=_topup(unit, project, found) if project else None,
    )


def _payout(unit: UnitOfWork, operation: Operation) -> PayoutView | None:
    """A payout: account, sum paid, sum withheld, state."""
    if operation.kind not in OF_A_PAYOUT:
        return None
    payout = unit.payouts.find(int(operation.key.split(":")[1]))
    return view(unit, payout) if payout else None


def _topup(unit: UnitOfWork, project: Project, operation: Operation) -> TopupExplained | None:
    """A top-up: seconds an answer of the window took, the floor's pay for that, number of answers."""
    if operation.kind != "topup":
        return None
    number, worker = map(int, operation.key.split(":")[2:4])
    window = unit.topups.window(project.id, number)
    answers = dict(unit.topups.earners(project.id, number)).get(PersonId(worker), 0)
    if window is None or not answers:
        return None
    pay = unit.topups.lowest_pay(project.id, number) or project.pay
    return TopupExplained(window.milliseconds, pay + window.each_owed, pay, answers, operation.amount // answers)


def _side(unit: UnitOfWork, person: Person, operation: Operation) -> str | None:
    """The role in which it concerns this person."""
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
    unit: UnitOfWork, project: Project, operation: Operation, side: str, reader: PersonId
) -> AnswerExplained | None:
    """The answer: task, answer, rule, other answers, outcome. What was taken back only its worker reads."""
    if not operation.submission:
        return None
    submission = unit.submissions.get(operation.submission)
    task, judged = unit.tasks.get(submission.task), operation.kind == "judge"
    back = reader != submission.worker and unit.consents.is_taken_back(submission.id)
    hidden = back or (side == REQUESTER and submission.state == "rejected")
    shown = describe_answer(unit, project, submission)
    return AnswerExplained(
        shown=replace(shown, answer=None) if hidden else shown,
        hidden=hidden,
        submitted_at=submission.submitted_at,
        fee=submission.fee,
        until=submission.held_until,
        rule=_rule(project, task, submission, operation),
        gold=None if judged else _gold(project, task, submission, side),
        others=None
        if judged or not _may_see_others(project, task, submission, side)
        else _others(unit, project, submission),
        rejection=None if judged else _rejection(unit, submission),
        history=() if judged else _history(unit, submission, side),
        taken_back=back,
    )


def _may_see_others(project: Project, task: Task, submission: Submission, side: str) -> bool:
    """Return whether this side may see what others answered: once the task is closed. How many answers a task gets
    before it closes differs between check questions and other tasks, so that its worker sees them once the project has
    ended, or the answer was rejected, which no right answer to a check question is."""
    if side == WORKER and submission.state != "rejected":
        return project.state in ENDED
    return task.state != "open"


def _others(unit: UnitOfWork, project: Project, submission: Submission) -> tuple[OthersAnswer, ...]:
    others = unit.operations.others(submission.task, submission.id)
    return tuple(OthersAnswer(shown(project, answer), count) for answer, count in others)


def _rule(project: Project, task: Task, submission: Submission, operation: Operation) -> str:
    """Why a reward went where it went, and why pending pay became available."""
    if operation.kind == "release":
        if operation.made_at >= submission.submitted_at + decision_time_of(task):
            return "silence"
        return "accepted" if project.accept == "review" else "qualified"
    pending = operation.credit.endswith(":pending")
    return ("review" if project.accept == "review" else "probation") if pending else "at_once"


def _gold(project: Project, task: Task, submission: Submission, side: str) -> KnownAnswer | None:
    """Return whether it was a check question. Until the project has ended, a worker learns that of missed ones only."""
    is_secret = side == WORKER and bool(submission.gold) and project.state not in ENDED
    if submission.gold is None or task.gold is None or is_secret:
        return None
    return KnownAnswer(bool(submission.gold), all_shown(project, task.gold))


def _rejection(unit: UnitOfWork, submission: Submission) -> RejectionExplained | None:
    known = unit.reviews.find_rejection(submission.id)
    if known is None:
        return None
    appeal = _appeal(unit, submission)
    return RejectionExplained(
        describe_citation(unit, known), known.state.value, known.rejected_at, known.appeal_until, appeal
    )


def _appeal(unit: UnitOfWork, submission: Submission) -> AppealExplained | None:
    appeal = unit.appeals.find_for_submission(submission.id)
    if appeal is None:
        return None
    votes = unit.appeals.votes(appeal.id) if appeal.state.value != "open" else None
    in_favour, against = (votes.worker, votes.requester) if votes else (None, None)
    ruled = appeal.ruled_by is not None
    return AppealExplained(appeal.state.value, appeal.opened_at, appeal.due_at, in_favour, against, ruled)


def _history(unit: UnitOfWork, submission: Submission, side: str) -> tuple[Step, ...]:
    """Every operation about this answer that concerns them."""
    theirs = (
        ("fee", "feeback", "costs", "extra", "unextra") if side == WORKER else ("release",) if side == REQUESTER else ()
    )
    return tuple(
        Step(each.id, each.kind, each.amount, each.made_at)
        for each in unit.operations.about(submission.id)
        if each.kind not in theirs
    )
