"""Refunds judges' pay to a requester who was right, out of the fees that requester has paid."""

from dataclasses import asdict

from domain.fairness.appeals import Appeal, Votes, may_give_back
from domain.fairness.messages.appeals import JudgesCostTooMuch, JudgesPaidBack
from domain.moments import DAY
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, requester_account
from domain.projects.projects import Project
from services.fairness.rejections import move
from services.money import transfers
from storage.unit import UnitOfWork

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
