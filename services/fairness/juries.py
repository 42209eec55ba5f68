"""Draws an appeal's judges by lot from a pool of strangers larger than one person's accounts; a pool too small has no
jury."""

from dataclasses import asdict

from domain.fairness.appeals import (
    DRAWN,
    JUDGING_TIME,
    LOOKED_AT,
    Appeal,
    AppealToJudge,
    Candidate,
    Judgement,
    JudgesCostTooMuch,
    JudgesPaidBack,
    Votes,
    is_wide,
    lot,
    may_give_back,
)
from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, requester_account
from domain.people.accounts import Person, PersonId
from domain.projects.projects import Project
from domain.work.assignments import Submission
from domain.work.messages import LastAnswer
from services.fairness.rejections import citation, exhibit, move
from services.money import transfers
from services.projects import edits
from services.work.task_selection import suits
from storage.boxes.outbox import Lane
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


QUIET = 7 * DAY  # between two alarms about one requester


def share(unit: UnitOfWork, known: Appeal, votes: Votes, admins: frozenset[int]) -> None:
    """At most their share, and the balance of fees beside their liabilities; a sum not covered raises an alarm."""
    submission = unit.submissions.get(known.submission)
    if not unit.reviews.get(submission.id).staked:
        return
    project = unit.projects.get(submission.project)
    due = Millionths(votes.given * submission.pay)
    unit.ledger.locked_balance(FEES, project.currency)
    free = unit.ledger.balance(FEES, project.currency) - unit.reviews.owed_fees(project.currency)
    left = may_give_back(*unit.appeals.brought(project.requester, project.currency))
    back = Millionths(max(0, min(due, left, free)))
    if back:
        target = requester_account(unit.people.get(project.requester))
        fees = transfers.gather_fees(unit, project, back)
        move(unit, "costs", fees, target, project, submission, back)
        unit.appeals.give_back(known.id, back)
    told = JudgesPaidBack(project.id, project.title, due, back, project.currency)
    unit.outbox.tell(project.requester, told)
    if back < due:
        _alarm(unit, project, told, admins)


def _alarm(unit: UnitOfWork, project: Project, told: JudgesPaidBack, admins: frozenset[int]) -> None:
    requester = unit.people.get(project.requester)
    facts = asdict(told)
    unit.audit.note(None, "judges cost too much", f"person:{requester.id}", **facts)
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        key = f"costs:{requester.id}:{admin}:{unit.now // QUIET}"
        unit.outbox.tell(admin, JudgesCostTooMuch(who=requester.label, **facts), key=key)


LEAST = 60_000  # milliseconds an appeal must have left for another judge to be asked


def offer(unit: UnitOfWork, worker: Person, lane: Lane, last: LastAnswer | None = None) -> bool:
    """Whether this worker has a judgement in hand now. One they had already is shown again where they ask. `last` is
    feedback on what they answered before."""
    if not unit.appeals.any_open():
        return False
    in_hand = unit.appeals.in_hand(worker.id)
    if in_hand is None:
        in_hand = _found(unit, worker)
    elif lane is Lane.PUSH:
        unit.people.busy(worker.id, unit.now)
        return True
    if in_hand is None:
        return False
    show(unit, in_hand, lane, last)
    return True


def show(unit: UnitOfWork, judgement: Judgement, lane: Lane, last: LastAnswer | None = None) -> None:
    """Shows the case to a judge: without names, without the other judgements."""
    appeal = unit.appeals.lock(judgement.appeal)
    rejection, submission = unit.reviews.get(appeal.submission), unit.submissions.get(appeal.submission)
    project = unit.projects.get(submission.project)
    about = exhibit(unit, project, submission)
    rules = edits.under(unit, project, submission.version).instructions
    asked = AppealToJudge(appeal.id, about, citation(unit, rejection), appeal.words, rules, last)
    expires_in = max(0, judgement.deadline - unit.now)
    unit.outbox.tell(judgement.worker, asked, lane=lane, klass="push", expires_in=expires_in)


def let_go(unit: UnitOfWork, worker: PersonId) -> None:
    """The case in hand, or to come, goes to another judge at once: this one has left, or is out of reach."""
    if not unit.appeals.any_open():
        return
    in_hand = unit.appeals.in_hand(worker)
    if in_hand is not None:
        unit.appeals.leave(in_hand, "expired")
    unit.juries.call()


def _found(unit: UnitOfWork, worker: Person) -> Judgement | None:
    appeal = unit.appeals.next_for(worker.id, later(unit.now, LEAST))
    if appeal is None or not unit.appeals.offer(appeal, worker.id, _deadline(unit, appeal)):
        return None
    unit.people.busy(worker.id, unit.now)
    return unit.appeals.in_hand(worker.id)


def _deadline(unit: UnitOfWork, appeal: Appeal) -> Moment:
    return Moment(min(appeal.due_at, later(unit.now, JUDGING_TIME)))
