"""A rejection is appealed with one press; three other workers judge it blind, paid by who loses.

Silence of judges, or of the admin who is asked where judges are too few, pays the worker. Only a worker who lets the
time for an appeal pass leaves the money to the requester.
"""

from dataclasses import dataclass
from typing import Any

from domain.fairness.appeals import (
    JUDGES,
    LONGEST,
    Appeal,
    AppealId,
    AppealJudged,
    AppealLost,
    AppealOpened,
    AppealRuled,
    AppealState,
    AppealToRule,
    AppealWindowClosed,
    AppealWon,
    Decision,
    Judgement,
    RejectionOverturned,
    Verdict,
    Votes,
    WordsDropped,
    WordsSent,
    WordsTooLate,
    WordsToSend,
    WordsWanted,
)
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.review import Rejection, RejectionState
from domain.moments import DECISION_TIME, later
from domain.money.amounts import Millionths
from domain.money.ledger import (
    JUDGES as JUDGES_PAY,
)
from domain.money.ledger import (
    Transfer,
    available_account,
    fees_account,
)
from domain.people.accounts import Person, PersonId
from domain.people.webhooks import REJECTION_APPEALED
from domain.projects.projects import Project
from domain.refusals import (
    AlreadyAnswered,
    AlreadySkipped,
    NotFound,
    NotYours,
    TooLate,
)
from domain.work.assignments import Submission, SubmissionId
from domain.work.messages import Paused
from services.act import Act, Reply
from services.fairness import cases, juries
from services.fairness.rejections import (
    citation,
    exhibit,
    make_final,
    overturn,
    requester_exhibit,
)
from services.people import next_words, settings
from services.projects import edits
from services.work import answer_messages, dispatch, submit
from storage.boxes.outbox import Lane
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
    rules = edits.under(unit, project, submission.version).instructions
    return AppealToRule(appeal.id, about, citation(unit, rejection), appeal.words, rules, appeal.due_at)


def close(unit: UnitOfWork, appeal: Appeal, admins: frozenset[int]) -> None:
    """Takes the buttons off every admin's messages about it."""
    cases.close(unit, admins, cases.ruling(appeal.id), closed(unit, appeal))


def closed(unit: UnitOfWork, appeal: Appeal) -> CaseClosed:
    """What became of it."""
    title = unit.projects.get(unit.submissions.get(appeal.submission).project).title
    end = CaseEnd.FOR_WORKER if appeal.state is AppealState.WON else CaseEnd.FOR_REQUESTER
    return CaseClosed(title, end, unit.people.get(appeal.ruled_by).label if appeal.ruled_by else "")


JOURNEY = "appeal"


def listen(act: Act, appeal: AppealId) -> bool:
    """Take the next words for those who decide, unless they belong elsewhere, and return whether they are taken. They
    are shown before they are sent."""
    if not next_words.are_free(act, JOURNEY):
        return False
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": appeal}, act.unit.now)
    return True


def words(act: Act, appeal: AppealId, step: int) -> WordsWanted | WordsTooLate | Reply:
    """The buttons under an appeal and under its words: 0 asks for words, 1 sends them, another value discards them."""
    known = _mine(act.unit, act.person, appeal)
    if step == 0:
        return _ask(act, known)
    return Reply(_send(act, known) if step == 1 else _leave(act, known), edits=act.message)


def _ask(act: Act, known: Appeal) -> WordsWanted | WordsTooLate:
    """The next message is taken for these words, and shown before it is sent."""
    if not _is_open(known):
        return WordsTooLate()
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": known.id}, act.unit.now)
    return WordsWanted()


def typed(act: Act, draft: dict[str, Any], text: str) -> WordsToSend | None:
    """Keeps the words as a draft and shows them to their writer."""
    words, appeal = " ".join(text.split())[:LONGEST], AppealId(draft["appeal"])
    if not words:
        return None
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": appeal, "words": words}, act.unit.now)
    return WordsToSend(appeal, words)


def _send(act: Act, known: Appeal) -> WordsSent | WordsTooLate:
    """Sends the shown words, once; judges who have the case in hand see it again with them. A second press changes
    nothing."""
    if known.words is not None:
        return WordsSent(known.words)
    drafted = _drafted(act.unit, act.person, known.id)
    if not drafted:
        return WordsTooLate()
    act.unit.drafts.drop(act.person.id)
    if not act.unit.appeals.say(known.id, drafted):
        return WordsTooLate()
    _show_again(act.unit, known, act.house.admins)
    return WordsSent(drafted)


def _show_again(unit: UnitOfWork, known: Appeal, admins: frozenset[int]) -> None:
    for judge in unit.appeals.judging(known.id):
        in_hand = unit.appeals.in_hand(judge)
        if in_hand is not None:
            juries.show(unit, in_hand, Lane.PUSH)
    if not known.funded:
        rejection, submission = unit.reviews.get(known.submission), unit.submissions.get(known.submission)
        about = (unit.projects.get(submission.project), submission, rejection)
        ask(unit, unit.appeals.lock(known.id), *about, admins)


def _leave(act: Act, known: Appeal) -> WordsDropped | WordsSent:
    """Drops the words; the judges do not see them, unless they have them already."""
    if known.words is not None:
        return WordsSent(known.words)
    if _drafted(act.unit, act.person, known.id) is not None:
        act.unit.drafts.drop(act.person.id)
    return WordsDropped()


def _mine(unit: UnitOfWork, worker: Person, appeal: AppealId) -> Appeal:
    known = unit.appeals.find(appeal)
    if known is None or unit.submissions.get(known.submission).worker != worker.id:
        raise NotFound(what="rejection", name=str(appeal))
    return known


def _is_open(known: Appeal) -> bool:
    return known.state is AppealState.OPEN and known.words is None


def _drafted(unit: UnitOfWork, worker: Person, appeal: AppealId) -> str | None:
    """The unsent words for this appeal; None where there is no such draft."""
    draft = unit.drafts.of(worker.id)
    if draft is None or draft[0] != JOURNEY or draft[1].get("appeal") != appeal:
        return None
    return str(draft[1].get("words", ""))


AT_ONCE = 25  # appeals a sweep ends in one transaction
VERDICTS = {1: Verdict.WORKER, 0: Verdict.REQUESTER}


@dataclass(frozen=True, slots=True)
class AlreadyNoted:
    """A second press: there is nothing (more) to appeal."""


@dataclass(frozen=True, slots=True)
class JudgementTaken:
    """`verdict` None passes the place on; `pay` is the pay of a verdict, in millionths."""

    verdict: Verdict | None
    pay: Millionths
    currency: str


def appeal(act: Act, submission: SubmissionId) -> AppealOpened | AlreadyNoted:
    """One press opens it; the next words are for those who decide, unless they belong elsewhere."""
    unit = act.unit
    answer, rejection = unit.submissions.find(submission), unit.reviews.rejection(submission)
    if answer is None or answer.worker != act.person.id or rejection is None:
        raise NotFound(what="rejection", name=str(submission))
    if not unit.reviews.appeal(submission):
        return AlreadyNoted()
    opened = unit.appeals.open(submission, later(unit.now, DECISION_TIME))
    project = unit.projects.get(answer.project)
    unit.webhooks.note(project.id, REJECTION_APPEALED, submission)
    judged = bool(rejection.staked) and juries.draw(unit, opened, project, answer)
    if judged:
        unit.appeals.fund(opened.id, JUDGES)
        unit.juries.call()
    else:
        ask(unit, opened, project, answer, rejection, act.house.admins)
    return AppealOpened(opened.id, project.title, judged, opened.due_at, listen(act, opened.id))


def judge(act: Act, appeal: AppealId, verdict: int) -> JudgementTaken:
    """A verdict, 1 for the worker and 0 for the requester, paid at once; any other number passes the place on.

    With the last one the appeal is decided.
    """
    unit, said = act.unit, VERDICTS.get(verdict)
    judgement = unit.appeals.judgement(appeal, act.person.id)
    if judgement is None:
        raise NotYours()
    if judgement.state == "given":
        raise AlreadyAnswered()
    known = unit.appeals.lock(judgement.appeal)
    if unit.appeals.is_party(known, act.person.id):
        raise NotYours()
    _take(act, known, judgement, said)
    unit.people.acted(act.person.id)
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    if act.message:
        told = AppealJudged(project.title, said, submission.pay, project.currency)
        unit.outbox.tell(act.person.id, told, **answer_messages.tidying(act.message))
    _go_on(unit, unit.people.get(act.person.id))
    return JudgementTaken(said, submission.pay, project.currency)


def _take(act: Act, known: Appeal, judgement: Judgement, verdict: Verdict | None) -> None:
    if verdict is None:
        if not act.unit.appeals.leave(judgement, "skipped"):
            raise AlreadySkipped() if judgement.state == "skipped" else TooLate()
        act.unit.juries.call()
    elif not act.unit.appeals.give(judgement, verdict):
        raise TooLate()
    else:
        _pay(act.unit, act.person, known)
        _decide_if_all_spoke(act.unit, known, act.house.admins)


def end_due(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """Decides at deadlines: for the worker where judges were silent, for the requester where the worker was."""
    for known in unit.appeals.due(AT_ONCE):
        grant(unit, unit.appeals.lock(known.id), unit.appeals.votes(known.id))
        close(unit, unit.appeals.lock(known.id), admins)
    for rejection in unit.reviews.closing(AT_ONCE):
        if (moved := make_final(unit, rejection, RejectionState.STANDING)) is not None:
            submission = unit.submissions.get(rejection.submission)
            about = exhibit(unit, unit.projects.get(rejection.project), submission)
            unit.outbox.tell(submission.worker, AppealWindowClosed(about, moved))
    for judgement in unit.appeals.overdue(AT_ONCE):
        if unit.appeals.leave(judgement, "expired"):
            settings.left_unanswered(unit, judgement.worker, pushed=True)
    unit.juries.call()


def _pay(unit: UnitOfWork, judge_: Person, known: Appeal) -> None:
    key, submission = f"judge:{known.id}:{judge_.id}", unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    _post(unit, key, "judge", JUDGES_PAY, available_account(judge_), submission.pay, project, submission)


def _decide_if_all_spoke(unit: UnitOfWork, known: Appeal, admins: frozenset[int]) -> None:
    votes = unit.appeals.votes(known.id)
    if votes.decision is AppealState.WON:
        grant(unit, known, votes)
    elif votes.decision is AppealState.LOST:
        refuse(unit, known, votes)
        juries.share(unit, known, votes, admins)


def rule(act: Act, appeal: AppealId, verdict: int) -> AppealRuled | Reply:
    """A human's word where there were too few judges, unless it is their own matter: 1 is for the worker."""
    unit, said = act.unit, Verdict.WORKER if verdict == 1 else Verdict.REQUESTER
    known = unit.appeals.find(appeal)
    if known is None:
        raise NotFound(what="rejection", name=str(appeal))
    if unit.appeals.is_party(known, act.person.id):
        raise NotYours()
    if not unit.appeals.rule(known.id, act.person.id):
        return _outdated(act, known)
    decide = grant if said is Verdict.WORKER else refuse
    decide(unit, unit.appeals.lock(known.id), Votes(0, 0), ruled=True)
    unit.audit.note(act.person.id, "appeal", f"appeal:{known.id}", verdict=said.value)
    close(unit, unit.appeals.lock(known.id), act.house.admins)
    return AppealRuled(known.id, said)


def _outdated(act: Act, known: Appeal) -> Reply:
    if known.state is AppealState.OPEN or known.funded:  # judges have it, or had
        raise AlreadyAnswered()
    return cases.closed_already(act, closed(act.unit, known))


def grant(unit: UnitOfWork, known: Appeal, votes: Votes, ruled: bool = False) -> None:
    """The worker's, by a majority, an admin or silence."""
    if not _decide(unit, known, AppealState.WON):
        return
    submission = unit.submissions.get(known.submission)
    project = unit.projects.get(submission.project)
    if known.funded and votes.given < JUDGES and not unit.reviews.get(submission.id).staked:  # from before
        rest = Millionths((JUDGES - votes.given) * submission.pay)
        fees = fees_account(project.id)
        _post(unit, f"unjury:{known.id}", "unjury", JUDGES_PAY, fees, rest, project, submission)
    moved = overturn(unit, project, submission)
    about, decision = exhibit(unit, project, submission), Decision(votes.worker, votes.requester, ruled)
    unit.outbox.tell(submission.worker, AppealWon(about, decision, moved), key=f"won:{known.id}")
    back = unit.consents.is_taken_back(submission.id)
    lost = RejectionOverturned(requester_exhibit(unit, project, submission), decision, moved, back)
    unit.outbox.tell(project.requester, lost, key=f"overturned:{known.id}")


def refuse(unit: UnitOfWork, known: Appeal, votes: Votes, ruled: bool = False) -> None:
    """The requester's, by a majority or an admin: never by silence."""
    if not _decide(unit, known, AppealState.LOST):
        return
    moved = make_final(unit, unit.reviews.get(known.submission), RejectionState.APPEALED)
    submission = unit.submissions.get(known.submission)
    about = exhibit(unit, unit.projects.get(submission.project), submission)
    told = AppealLost(about, Decision(votes.worker, votes.requester, ruled), moved)
    unit.outbox.tell(submission.worker, told, key=f"lost:{known.id}")


def _decide(unit: UnitOfWork, known: Appeal, state: AppealState) -> bool:
    """False where it was decided before. Who has the case in hand is asked to judge it no more: other work may come."""
    judging = unit.appeals.judging(known.id)
    if not unit.appeals.decide(known.id, state):
        return False
    unit.juries.dismiss(known)
    for judge_ in judging:
        settings.wait(unit, judge_)
    return True


def _go_on(unit: UnitOfWork, worker: Person) -> None:
    """The next step after a judgement: another one, the task in hand, the next task, or the message that there is
    none."""
    if worker.paused:
        unit.outbox.tell(worker.id, Paused())
        return
    if unit.assignments.active_for(worker.id) is not None or juries.offer(unit, worker, Lane.REPLY):
        return
    if dispatch.next_task(unit, worker, Lane.REPLY) is None:
        submit.nothing_now(unit, worker)


def _post(
    unit: UnitOfWork,
    key: str,
    kind: str,
    source: str,
    target: str,
    amount: Millionths,
    project: Project,
    submission: Submission,
) -> None:
    unit.ledger.post(Transfer(key, kind, source, target, amount, project.currency, project.id, submission.id))
