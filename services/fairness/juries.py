"""Judges of an appeal, drawn by lot from a pool of strangers larger than one person's accounts. No jury is drawn from a
smaller pool."""

from dataclasses import asdict

from domain.fairness.appeals import (
    JUDGING_TIME,
    MAX_DRAWN_JUDGES,
    MAX_EXAMINED_CANDIDATES,
    Appeal,
    AppealToJudge,
    JudgeCandidate,
    Judgement,
    JudgesCostTooMuch,
    JudgesPaidBack,
    Votes,
    is_pool_wide,
    lot_position,
    refundable_fees,
)
from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, requester_account
from domain.people.accounts import Person, PersonId
from domain.projects.projects import Project
from domain.work.assignments import Submission
from domain.work.messages import LastAnswer
from services.fairness.rejections import describe_answer, describe_citation, move_pay
from services.money import transfers
from services.projects import edits
from services.work.task_selection import suits_preferences
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

SECRET = "judges"  # noqa: S105 (its name)


def draw_jury(unit: UnitOfWork, appeal: Appeal, project: Project, submission: Submission) -> bool:
    """Draw an appeal's judges and store their order; judges who found the author's answers fine come last.
    Return False, and draw nobody, if the pool is too small or one requester dominates it."""
    pool, favoured_workers = _draw_pool(unit, project, submission), unit.juries.workers_favoured_by(submission.worker)
    if not is_pool_wide(pool):
        return False
    judges = sorted((candidate.worker for candidate in pool), key=lambda worker: worker in favoured_workers)
    unit.juries.store_jury(appeal.id, judges)
    return True


def _draw_pool(unit: UnitOfWork, project: Project, submission: Submission) -> list[JudgeCandidate]:
    """Return the fit candidates, at most MAX_DRAWN_JUDGES, in an order drawn with the installation's secret."""
    secret, candidates = unit.secrets.get(SECRET), list[JudgeCandidate]()
    eligible_workers = unit.juries.eligible_judges(project, submission)
    for worker in sorted(eligible_workers, key=lambda worker_id: lot_position(secret, submission.id, worker_id))[
        :MAX_EXAMINED_CANDIDATES
    ]:
        candidate = unit.juries.get_candidate(worker, project, submission)
        if candidate.is_fit and _can_judge_project(unit, worker, project):
            candidates.append(candidate)
        if len(candidates) == MAX_DRAWN_JUDGES:
            break
    return candidates


def _can_judge_project(unit: UnitOfWork, worker: PersonId, project: Project) -> bool:
    """Return whether the project suits this worker and shows no kind of content that the worker refuses."""
    unwanted = unit.content_choices.unwanted(worker) if project.content else set()
    return unwanted.isdisjoint(project.content) and suits_preferences(unit, unit.people.get(worker), project)


ALARM_INTERVAL = 7 * DAY  # between two alarms about one requester


def refund_judge_costs(unit: UnitOfWork, lost_appeal: Appeal, votes: Votes, admins: frozenset[int]) -> None:
    """Refund judges' pay to a requester who was right: at most the refundable share of the requester's fees and the fee
    account's free balance. Tell the requester, and alarm the admins if the refund does not cover the costs.
    Nothing happens if the judges' pay was held from the requester."""
    submission = unit.submissions.get(lost_appeal.submission)
    if not unit.reviews.get(submission.id).staked:
        return
    project = unit.projects.get(submission.project)
    due = Millionths(votes.total * submission.pay)
    unit.ledger.locked_balance(FEES, project.currency)
    free_fees = unit.ledger.balance(FEES, project.currency) - unit.reviews.owed_fees(project.currency)
    refundable = refundable_fees(*unit.appeals.get_fees_and_refunds(project.requester, project.currency))
    refund = Millionths(max(0, min(due, refundable, free_fees)))
    if refund:
        target = requester_account(unit.people.get(project.requester))
        fees = transfers.gather_project_fees(unit, project, refund)
        move_pay(unit, "costs", fees, target=target, project=project, submission=submission, amount=refund)
        unit.appeals.store_refund(lost_appeal.id, refund)
    notice = JudgesPaidBack(project.id, project.title, due, refund, project.currency)
    unit.outbox.tell(project.requester, notice)
    if refund < due:
        _alarm_admins(unit, project, notice, admins)


def _alarm_admins(unit: UnitOfWork, project: Project, notice: JudgesPaidBack, admins: frozenset[int]) -> None:
    """Note in the audit log and tell every admin, once per ALARM_INTERVAL, that a requester's judges cost too much."""
    requester = unit.people.get(project.requester)
    notice_fields = asdict(notice)
    unit.audit.note(None, "judges cost too much", f"person:{requester.id}", **notice_fields)
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        key = f"costs:{requester.id}:{admin}:{unit.now // ALARM_INTERVAL}"
        unit.outbox.tell(admin, JudgesCostTooMuch(who=requester.label, **notice_fields), key=key)


MIN_REMAINING_MILLISECONDS = 60_000  # milliseconds an appeal must have left for another judge to be asked


def offer_judgement(unit: UnitOfWork, worker: Person, lane: Lane, last: LastAnswer | None = None) -> bool:
    """Offer this worker an appeal to judge. Return whether the worker has a judgement in hand now.

    A judgement already in hand is shown again, unless it would be pushed unasked. `last` is feedback on the worker's
    answer just before."""
    if not unit.appeals.has_open():
        return False
    judgement = unit.appeals.find_active_judgement(worker.id)
    if judgement is None:
        judgement = _take_next_judgement(unit, worker)
    elif lane is Lane.PUSH:
        unit.people.mark_busy(worker.id, unit.now)
        return True
    if judgement is None:
        return False
    show_case(unit, judgement, lane, last)
    return True


def show_case(unit: UnitOfWork, judgement: Judgement, lane: Lane, last: LastAnswer | None = None) -> None:
    """Send the case to a judge: without names, without the other judgements."""
    appeal = unit.appeals.lock(judgement.appeal)
    rejection, submission = unit.reviews.get(appeal.submission), unit.submissions.get(appeal.submission)
    project = unit.projects.get(submission.project)
    answer_shown = describe_answer(unit, project, submission)
    rules = edits.as_of_version(unit, project, submission.version).instructions
    case = AppealToJudge(
        appeal=appeal.id,
        about=answer_shown,
        cited=describe_citation(unit, rejection),
        words=appeal.words,
        instructions=rules,
        last=last,
    )
    expires_in = max(0, judgement.deadline - unit.now)
    unit.outbox.tell(judgement.worker, case, lane=lane, klass="push", expires_in=expires_in)


def release_judge(unit: UnitOfWork, worker: PersonId) -> None:
    """Release the judgement of a worker who left or is out of reach, and call the next judges."""
    if not unit.appeals.has_open():
        return
    judgement = unit.appeals.find_active_judgement(worker)
    if judgement is not None:
        unit.appeals.release_place(judgement, "expired")
    unit.juries.call_next_judges()


def _take_next_judgement(unit: UnitOfWork, worker: Person) -> Judgement | None:
    """Take a place in the most urgent appeal that this worker may judge. Return None without an appeal
    or a free place."""
    appeal = unit.appeals.find_next_for(worker.id, later(unit.now, MIN_REMAINING_MILLISECONDS))
    if appeal is None or not unit.appeals.take_place(appeal, worker.id, _deadline(unit, appeal)):
        return None
    unit.people.mark_busy(worker.id, unit.now)
    return unit.appeals.find_active_judgement(worker.id)


def _deadline(unit: UnitOfWork, appeal: Appeal) -> Moment:
    return Moment(min(appeal.due_at, later(unit.now, JUDGING_TIME)))
