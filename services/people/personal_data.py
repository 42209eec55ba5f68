"""Withdrawal of consent to a project, and erasure of a person."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.answers import kind_of
from domain.moments import DAY, Moment, as_datetime, later
from domain.money.amounts import CENT, smallest_bank_unit
from domain.money.ledger import (
    available_account,
    paid_tests_account,
    payout_account,
    pending_account,
    requester_account,
)
from domain.people.accounts import Person, PersonId
from domain.people.personal_data import (
    AnswersTakenBack,
    ConsentEnded,
    ConsentList,
    Delivery,
    Farewell,
    ForgetQuestion,
    NothingErased,
    NotYetErased,
    OpenMatter,
    PayWaived,
    WaiverQuestion,
    WithdrawQuestion,
)
from domain.people.teams import TeamRole
from domain.projects.projects import Project, ProjectId
from domain.refusals import NotFound
from domain.work.corrections import DECLINED
from services import events
from services.act import Act
from services.fairness import juries, questions
from services.money import payouts, topups
from services.people import qualification_grants, settings, teams
from services.people.accounts import pseudonym_for
from services.quality import consensus
from services.work import corrections, places, submit
from storage.unit import UnitOfWork

CONSENTS_PER_PAGE = 20  # consents in one message
DELIVERIES_SHOWN = 5  # deliveries in one message; /mydata has all


def list_consents(act: Act, since: int, before: int) -> ConsentList:
    """Return a page of the person's consents, newest first, beginning after the consent to project `before` given at
    `since`."""
    consents = act.unit.consents.list_consents(act.person.id, CONSENTS_PER_PAGE + 1, since, before)
    return ConsentList(tuple(consents[:CONSENTS_PER_PAGE]), len(consents) > CONSENTS_PER_PAGE)


def ask_withdraw(act: Act, project: ProjectId) -> WithdrawQuestion:
    """Ask for a confirmation to withdraw from one project; change nothing. Raise NotFound if the person did not consent
    to it."""
    consented_project = act.unit.projects.find(project)
    enrolment = act.unit.enrolments.find(act.person.id, consented_project.id) if consented_project else None
    if consented_project is None or enrolment is None or enrolment.consented_at is None:
        raise NotFound(what="consent", name=str(project))
    return WithdrawQuestion(consented_project.id, consented_project.title, enrolment.answered)


def withdraw_consent(act: Act, project: ProjectId, sure: bool) -> ConsentEnded | NothingErased:
    """End the consent to one project unless not `sure`: its files and results lose the answers, and its requester is
    told which.

    The person gets no task of it any more; a task in hand is given back, open changes of answers are closed. What was
    paid stays. Raise NotFound if the person did not consent to it."""
    if not sure:
        return NothingErased()
    unit, consented_project = act.unit, act.unit.projects.find(project)
    _give_back_task(act, project)
    _close_corrections(act, project)
    answers = unit.consents.withdraw(act.person.id, consented_project.id) if consented_project else None
    if consented_project is None or answers is None:
        raise NotFound(what="consent", name=str(project))
    unit.models.forget_taken_back(consented_project.id)
    delivered = tuple(unit.consents.delivered(act.person.id, consented_project.id))
    unit.audit.note(act.person.id, "withdraw", f"project:{consented_project.id}", answers=answers)
    _tell_requester(act, consented_project, answers, delivered)
    return ConsentEnded(consented_project.title, answers, delivered[:DELIVERIES_SHOWN], len(delivered))


def _give_back_task(act: Act, project: ProjectId) -> None:
    """Give back a task of this project that the person has in hand; tasks of other projects may come."""
    in_hand = act.unit.assignments.active_for(act.person.id)
    if in_hand is not None and in_hand.project == project:
        submit.return_task(act.unit, act.person, in_hand)
        settings.update_push_window(act.unit, act.person.id)


def _close_corrections(act: Act, project: ProjectId) -> None:
    """Close the person's open correction and redos in this project; what was held to pay a redo goes back."""
    unit, worker = act.unit, act.person.id
    change = unit.corrections.open_of(worker)
    if change is not None and unit.submissions.get(change.submission).project == project:
        unit.corrections.close(worker)
    for redo in unit.redos.open_of(worker, project):
        corrections.return_redo_pay(unit, redo, DECLINED)


def _tell_requester(act: Act, project: Project, answers: int, delivered: tuple[Delivery, ...]) -> None:
    """Tell the requester which worker withdrew, by the pseudonym in their files, so that they can delete the rows."""
    worker = pseudonym_for(act.unit, project.requester, act.person.id)
    notice = AnswersTakenBack(
        number=project.id,
        title=project.title,
        worker=worker,
        answers=answers,
        delivered=delivered[:DELIVERIES_SHOWN],
        all_delivered=len(delivered),
    )
    act.unit.outbox.tell(project.requester, notice)


ERASED_PER_STEP = 5
YEARS_OF_TAX_PAPERS = 5  # years after that in which somebody was paid last
TASKS_PER_STEP = 50  # tasks drawn anew in one transaction: answers go in between


def ask_to_forget(act: Act) -> ForgetQuestion:
    """Ask for a confirmation to erase everything, with all open matters; change nothing."""
    return _forget_question(act, sure=False)


def answer_forget_question(act: Act, sure: int) -> ForgetQuestion | Farewell | NothingErased | None:
    """Carry out the answer to the confirmation: 0 asks once more, 1 begins the erasure, anything else cancels it."""
    if sure > 1:
        return NothingErased()
    return begin_erasure(act) if sure else _forget_question(act, sure=True)


def waive_pay(
    act: Act, sure: int, amount: int, currency: str
) -> WaiverQuestion | NothingErased | ForgetQuestion | tuple[PayWaived, ForgetQuestion]:
    """Give up the worker's available pay, who cannot be paid or wants to leave now; 0 asks, 1 does it, anything else
    cancels.

    Ask again if the sum is not the one that was shown."""
    if sure > 1:
        return NothingErased()
    shares = topups.list_payers(act.unit, act.person, currency)
    available = sum(share.amount for share in shares)
    if not available:
        return ask_to_forget(act)
    if not sure or available != amount:
        return WaiverQuestion(available, currency, sum(share.amount for share in shares if share.payer is None))
    act.unit.audit.note(act.person.id, "waived", f"person:{act.person.id}", amount=available, currency=currency)
    return PayWaived(available, currency, topups.give_pay_back(act.unit, act.person, currency)), ask_to_forget(act)


def begin_erasure(act: Act) -> ForgetQuestion | Farewell | None:
    """Begin the erasure and answer with the farewell; return the question with open matters if there are any.

    Teams are left, jury duties and the task in hand given back. Return None if the erasure has begun before."""
    unit, person = act.unit, act.person
    if list_open_matters(unit, person):
        return ask_to_forget(act)
    if not unit.erasure.begin_leaving(person.id):
        return None
    events.publish(unit, events.ErasureBegun(act))
    _leave_teams(unit, person)
    juries.release_judge(unit, person.id)
    in_hand = unit.assignments.active_for(person.id)
    if in_hand is not None:
        places.return_assignment(unit, in_hand)
    return Farewell()


def _leave_teams(unit: UnitOfWork, person: Person) -> None:
    """Leave all teams; the person's own, which have nothing left, are closed."""
    for membership, _ in unit.teams.list_memberships(person.id):
        if membership.role is TeamRole.OWNER:
            teams.end_membership(unit, membership.team, person.id)
            teams.close_account(unit, membership.team)
        else:
            teams.leave_by_choice(unit, person, membership)


def _forget_question(act: Act, sure: bool) -> ForgetQuestion:
    """Return the confirmation question, with all open matters."""
    matters = (_with_small_payout(act, matter) for matter in list_open_matters(act.unit, act.person))
    return ForgetQuestion(tuple(matters), sure, act.person.is_worker)


def _with_small_payout(act: Act, matter: OpenMatter) -> OpenMatter:
    """Return the matter with the number of a payout through Wise that sends an amount too small for an ordinary one.

    Otherwise nobody could leave with such an amount."""
    turn = payouts.get_turn_of_small_rest(act, matter.currency) if matter.what == "available" else 0
    return replace(matter, what="rest", turn=turn) if turn else matter


def finish_erasures(unit: UnitOfWork) -> None:
    """Erase people whose farewell was sent, at most ERASED_PER_STEP; stop the erasure of those who got money meanwhile.

    The latter are told, and asked again."""
    for number in unit.erasure.list_ready(ERASED_PER_STEP):
        person = unit.people.get(number)
        if matters := list_open_matters(unit, person):
            unit.erasure.end_leaving(number)
            unit.outbox.tell(number, NotYetErased())
            unit.outbox.tell(number, ForgetQuestion(matters, False, person.is_worker))
        else:
            if person.telegram_id is not None:
                unit.remembered.add_trace(number, person.telegram_id)
            open_questions = unit.questions.list_open_by(number)
            end_tax_form(unit, number)
            qualification_grants.forget_awaited(unit, person)
            unit.erasure.erase(person)
            unit.erasure.order_scrub()
            for question in open_questions:  # it needs no answer any more
                for reminder in questions.MESSAGE_SUFFIXES:
                    unit.erasure.drop_unsent(
                        unit.projects.get(question.project).requester, questions.message_name(question.id, reminder)
                    )
                questions.close_question_messages(unit, replace(question, words=""), None)
                questions.end_pause(unit, question.project)
            unit.audit.note(None, "erased", f"person:{number}")


def end_tax_form(unit: UnitOfWork, person: PersonId) -> None:
    """Delete an erased person's tax form: at the end of the fifth year after their last payout, as the law asks; at
    once if they were never paid."""
    last_payout = unit.erasure.find_last_payout(person)
    ends_at = unit.now
    if last_payout is not None:
        last_day = datetime(as_datetime(last_payout).year + YEARS_OF_TAX_PAPERS + 1, 1, 1, tzinfo=UTC)
        ends_at = Moment(int(last_day.timestamp()) * 1000)
    unit.erasure.end_tax_form(person, ends_at)


def delete_expired_papers(unit: UnitOfWork) -> None:
    """Delete papers for the tax office that the law does not keep any longer."""
    unit.erasure.delete_expired_papers(later(unit.now, -YEARS_OF_TAX_PAPERS * 366 * DAY))


def redraw_consensus(unit: UnitOfWork) -> bool:
    """Compute consensus again without withdrawn answers, for at most TASKS_PER_STEP tasks. Return whether more may
    wait.

    Where items are compared with each other, other tasks of the project change with the next refit, for which an ended
    project is marked as changed."""
    lacking, waiting = set[ProjectId](), unit.erasure.list_redraws(TASKS_PER_STEP)
    for number in waiting:
        task = unit.tasks.lock(number)
        project = unit.projects.get(task.project)
        if task.gold is None:
            consensus.store_consensus(unit, project, task, consensus.recompute_consensus(unit, project, task))
            unit.reviews.publish_consensus(task.id)
        if project.ended_at is not None and kind_of(project.kind).meets_again:
            lacking.add(project.id)
        unit.erasure.remove_redraw(task.id)
    for project_id in sorted(lacking):
        unit.gold_tasks.changed(project_id)
    return len(waiting) == TASKS_PER_STEP


def list_open_matters(unit: UnitOfWork, person: Person) -> tuple[OpenMatter, ...]:
    """Return the matters that must be settled before this person can be erased."""
    matters = []
    for what, account in _accounts_by_matter(person):
        for currency in unit.ledger.currencies(account):
            amount = unit.ledger.balance(account, currency)
            if amount >= {"available": CENT, "funds": smallest_bank_unit(currency)}.get(what, 1):
                matters.append(OpenMatter(what, amount, currency))
    matters += [OpenMatter("owed", amount, currency) for currency, amount in unit.erasure.list_owed_money(person.id)]
    for held_money in unit.erasure.list_held_money(person.id):
        matters.append(
            OpenMatter("held", held_money.amount, held_money.currency, held_money.projects, until=held_money.until_at)
        )
    counts = {"disputed": unit.erasure.count_disputed(person.id), "running": unit.erasure.count_running(person.id)}
    counts["teams"] = teams.count_orphaned_teams(unit, person.id)
    return (*matters, *(OpenMatter(what, count=count) for what, count in counts.items() if count))


def _accounts_by_matter(person: Person) -> tuple[tuple[str, str], ...]:
    """Return the person's accounts, each with the name of the matter that money in it is."""
    return (
        ("pending", pending_account(person)),
        ("available", available_account(person)),
        ("on_the_way", payout_account(person)),
        ("funds", requester_account(person)),
        ("tests", paid_tests_account(person)),
    )
