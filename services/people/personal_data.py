"""Consents: what a person lets projects use, and how they take it back."""

from dataclasses import replace

from domain.answers import kind_of
from domain.money.amounts import CENT, smallest_bank_unit
from domain.money.ledger import (
    available_account,
    payout_account,
    pending_account,
    requester_account,
    tests_account,
)
from domain.people.accounts import Person
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
from domain.people.teams import Role
from domain.projects.projects import Project, ProjectId
from domain.refusals import NotFound
from domain.work.redos import DECLINED
from services.act import Act
from services.fairness import juries, questions
from services.money import (
    invoices,
    payouts,
    tax_forms,
    topups,
)
from services.people import qualification_grants, settings, teams
from services.people.accounts import pseudonym_for
from services.quality import consensus
from services.work import places, redos, submit
from storage.unit import UnitOfWork

LISTED = 20  # consents in one message
NAMED = 5  # deliveries in one message; /mydata has all


def listed(act: Act, since: int, before: int) -> ConsentList:
    """The newest consents behind that one, each with its way back."""
    found = act.unit.consents.of(act.person.id, LISTED + 1, since, before)
    return ConsentList(tuple(found[:LISTED]), len(found) > LISTED)


def ask_withdraw(act: Act, project: ProjectId) -> WithdrawQuestion:
    """Asks for confirmation to withdraw from one project; changes nothing."""
    found = act.unit.projects.find(project)
    enrolment = act.unit.enrolments.find(act.person.id, found.id) if found else None
    if found is None or enrolment is None or enrolment.consented_at is None:
        raise NotFound(what="consent", name=str(project))
    return WithdrawQuestion(found.id, found.title, enrolment.answered)


def withdraw(act: Act, project: ProjectId, sure: bool) -> ConsentEnded | NothingErased:
    """Consent to one project ends: no task of it any more, its files and results lose these answers, and its requester
    is told which. What was paid stays."""
    if not sure:
        return NothingErased()
    unit, found = act.unit, act.unit.projects.find(project)
    _hand_back(act, project)
    _end_changes(act, project)
    answers = unit.consents.withdraw(act.person.id, found.id) if found else None
    if found is None or answers is None:
        raise NotFound(what="consent", name=str(project))
    unit.models.forget_taken_back(found.id)
    delivered = tuple(unit.consents.delivered(act.person.id, found.id))
    unit.audit.note(act.person.id, "withdraw", f"project:{found.id}", answers=answers)
    _tell_requester(act, found, answers, delivered)
    return ConsentEnded(found.title, answers, delivered[:NAMED], len(delivered))


def _hand_back(act: Act, project: ProjectId) -> None:
    """A task of it in hand goes to somebody else; tasks of other projects may come."""
    in_hand = act.unit.assignments.active_for(act.person.id)
    if in_hand is not None and in_hand.project == project:
        submit.put_back(act.unit, act.person, in_hand)
        settings.wait(act.unit, act.person.id)


def _end_changes(act: Act, project: ProjectId) -> None:
    """No answer is given anew: what was set aside to pay one again goes back."""
    unit, worker = act.unit, act.person.id
    change = unit.corrections.open_of(worker)
    if change is not None and unit.submissions.get(change.submission).project == project:
        unit.corrections.close(worker)
    for redo in unit.redos.open_of(worker, project):
        redos.give_back(unit, redo, DECLINED)


def _tell_requester(act: Act, project: Project, answers: int, delivered: tuple[Delivery, ...]) -> None:
    """By the pseudonym that stands in their files, so that they can delete these rows."""
    worker = pseudonym_for(act.unit, project.requester, act.person.id)
    told = AnswersTakenBack(project.id, project.title, worker, answers, delivered[:NAMED], len(delivered))
    act.unit.outbox.tell(project.requester, told)


AT_ONCE = 5
TOGETHER = 50  # tasks drawn anew in one transaction: answers go in between


def ask(act: Act) -> ForgetQuestion:
    """Asks for confirmation with all open matters; changes nothing."""
    return _question(act, sure=False)


def answer(act: Act, sure: int) -> ForgetQuestion | Farewell | NothingErased | None:
    """0 asks once more, 1 is the word, anything else is a no."""
    if sure > 1:
        return NothingErased()
    return forget(act) if sure else _question(act, sure=True)


def waive(
    act: Act, sure: int, amount: int, currency: str
) -> WaiverQuestion | NothingErased | ForgetQuestion | tuple[PayWaived, ForgetQuestion]:
    """Who has no account to be paid to, or wants to leave now, gives up what is available. Asked anew where it is
    another sum than was shown."""
    if sure > 1:
        return NothingErased()
    found = topups.list_payers(act.unit, act.person, currency)
    there = sum(share.amount for share in found)
    if not there:
        return ask(act)
    if not sure or there != amount:
        return WaiverQuestion(there, currency, sum(share.amount for share in found if share.payer is None))
    act.unit.audit.note(act.person.id, "waived", f"person:{act.person.id}", amount=there, currency=currency)
    return PayWaived(there, currency, topups.give_pay_back(act.unit, act.person, currency)), ask(act)


def forget(act: Act) -> ForgetQuestion | Farewell | None:
    """Shows open matters, if any, so that no money is lost. Otherwise sends the farewell, the last message."""
    unit, person = act.unit, act.person
    if open_matters(unit, person):
        return ask(act)
    if not unit.erasure.begin(person.id):
        return None
    invoices.issue_last_invoice(act)
    _leave_teams(unit, person)
    juries.release_judge(unit, person.id)
    in_hand = unit.assignments.active_for(person.id)
    if in_hand is not None:
        places.hand_back(unit, in_hand)
    return Farewell()


def _leave_teams(unit: UnitOfWork, person: Person) -> None:
    """Their own teams have nothing left: they are closed."""
    for mine, _ in unit.teams.list_memberships(person.id):
        if mine.role is Role.OWNER:
            teams.end_membership(unit, mine.team, person.id)
            teams.close_account(unit, mine.team)
        else:
            teams.leave_by_choice(unit, person, mine)


def _question(act: Act, sure: bool) -> ForgetQuestion:
    found = (_sent(act, each) for each in open_matters(act.unit, act.person))
    return ForgetQuestion(tuple(found), sure, act.person.is_worker)


def _sent(act: Act, matter: OpenMatter) -> OpenMatter:
    """What is too little for a payout through Wise is sent all the same: else nobody could leave with it."""
    turn = payouts.get_turn_of_small_rest(act, matter.currency) if matter.what == "available" else 0
    return replace(matter, what="rest", turn=turn) if turn else matter


def finish(unit: UnitOfWork) -> None:
    """Erases people whose farewell was sent; who got money meanwhile stays, and is asked anew."""
    for number in unit.erasure.ready(AT_ONCE):
        person = unit.people.get(number)
        if found := open_matters(unit, person):
            unit.erasure.stop(number)
            unit.outbox.tell(number, NotYetErased())
            unit.outbox.tell(number, ForgetQuestion(found, False, person.is_worker))
        else:
            if person.telegram_id is not None:
                unit.remembered.add_trace(number, person.telegram_id)
            asked = unit.questions.list_open_by(number)
            tax_forms.forget_after_retention(unit, number)
            qualification_grants.forget_awaited(unit, person)
            unit.erasure.erase(person)
            unit.erasure.order_scrub()
            for question in asked:  # it needs no answer any more
                for again in questions.MESSAGE_SUFFIXES:
                    unit.erasure.untell(
                        unit.projects.get(question.project).requester, questions.message_name(question.id, again)
                    )
                questions.close_question_messages(unit, replace(question, words=""), None)
                questions.end_pause(unit, question.project)
            unit.audit.note(None, "erased", f"person:{number}")


def redraw(unit: UnitOfWork) -> bool:
    """Computes consensus again without withdrawn answers; returns whether more tasks wait for it. What other tasks tell
    of things that are compared comes back with the next refit, which an ended project must be due."""
    lacking, waiting = set[ProjectId](), unit.erasure.to_redraw(TOGETHER)
    for number in waiting:
        task = unit.tasks.lock(number)
        project = unit.projects.get(task.project)
        if task.gold is None:
            consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
            unit.reviews.publish_consensus(task.id)
        if project.ended_at is not None and kind_of(project.kind).meets_again:
            lacking.add(project.id)
        unit.erasure.redrawn(task.id)
    for project_id in sorted(lacking):
        unit.gold_tasks.changed(project_id)
    return len(waiting) == TOGETHER


def open_matters(unit: UnitOfWork, person: Person) -> tuple[OpenMatter, ...]:
    """The matters that must be settled first."""
    found = []
    for what, account in _money(person):
        for currency in unit.ledger.currencies(account):
            amount = unit.ledger.balance(account, currency)
            if amount >= {"available": CENT, "funds": smallest_bank_unit(currency)}.get(what, 1):
                found.append(OpenMatter(what, amount, currency))
    found += [OpenMatter("owed", amount, currency) for currency, amount in unit.erasure.owed(person.id)]
    for held in unit.erasure.held(person.id):
        found.append(OpenMatter("held", held.amount, held.currency, held.projects, until=held.until_at))
    counts = {"disputed": unit.erasure.disputed(person.id), "running": unit.erasure.running(person.id)}
    counts["teams"] = teams.count_orphaned_teams(unit, person.id)
    return (*found, *(OpenMatter(what, count=count) for what, count in counts.items() if count))


def _money(person: Person) -> tuple[tuple[str, str], ...]:
    return (
        ("pending", pending_account(person)),
        ("available", available_account(person)),
        ("on_the_way", payout_account(person)),
        ("funds", requester_account(person)),
        ("tests", tests_account(person)),
    )
