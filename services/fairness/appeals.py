"""A rejection is appealed with one press; three other workers judge it blind, paid by who loses.

Silence of judges, or of the admin who is asked where judges are too few, pays the worker. Only a worker who lets the
time for an appeal pass leaves the money to the requester.
"""

from dataclasses import dataclass
from typing import Any

from domain.fairness.appeals import (
    JUDGES,
    MAX_WORDS_CHARS,
    Appeal,
    AppealDecision,
    AppealId,
    AppealJudged,
    AppealLost,
    AppealOpened,
    AppealRuled,
    AppealState,
    AppealToRule,
    AppealWindowClosed,
    AppealWon,
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
from domain.money.ledger import JUDGES as JUDGES_PAY
from domain.money.ledger import available_account, fees_account
from domain.people.accounts import Person
from domain.people.webhooks import REJECTION_APPEALED
from domain.projects.projects import Project
from domain.refusals import AlreadyAnswered, AlreadySkipped, NotFound, NotYours, TooLate
from domain.work.assignments import Submission, SubmissionId
from domain.work.messages import Paused
from services.act import Act, Reply
from services.fairness import cases, juries
from services.fairness.rejections import (
    describe_answer,
    describe_answer_to_requester,
    describe_citation,
    finalize_rejection,
    overturn_rejection,
)
from services.money import transfers
from services.people import next_words, settings
from services.projects import edits
from services.work import answer_messages, dispatch, submit
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def ask_admins_to_rule(
    unit: UnitOfWork,
    appeal: Appeal,
    project: Project,
    submission: Submission,
    rejection: Rejection,
    admins: frozenset[int],
) -> None:
    """Send an appeal that has too few judges to every admin who is not a party to it."""
    ruling_case = _to_ruling_case(unit, appeal, project, submission, rejection)
    has_words = int(appeal.words is not None)
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        if not unit.appeals.is_party(appeal, admin):
            message_name = f"{cases.ruling_case_name(appeal.id)}{has_words}"
            unit.outbox.tell(admin, ruling_case, key=f"rule:{appeal.id}:{admin}:{has_words}", live=message_name)


def show_ruling_case(act: Act, appeal: int) -> Reply:
    """Return the ruling case for the admin who opens it from /admin. Raise NotYours if there is no such appeal or the
    admin is a party to it, NotFound if judges decide it or it is decided."""
    unit, unfunded_appeal = act.unit, act.unit.appeals.find(appeal)
    rejection = unit.reviews.find_rejection(unfunded_appeal.submission) if unfunded_appeal else None
    if unfunded_appeal is None or rejection is None or unit.appeals.is_party(unfunded_appeal, act.person.id):
        raise NotYours()
    if unfunded_appeal.state is not AppealState.OPEN or unfunded_appeal.funded:
        raise NotFound(what="stop", name=str(appeal))
    submission = unit.submissions.get(unfunded_appeal.submission)
    ruling_case = _to_ruling_case(unit, unfunded_appeal, unit.projects.get(submission.project), submission, rejection)
    return cases.reply_with_case(cases.ruling_case_name(unfunded_appeal.id), ruling_case)


def _to_ruling_case(
    unit: UnitOfWork, appeal: Appeal, project: Project, submission: Submission, rejection: Rejection
) -> AppealToRule:
    answer_shown = describe_answer(unit, project, submission)
    rules = edits.as_of_version(unit, project, submission.version).instructions
    return AppealToRule(
        appeal=appeal.id,
        about=answer_shown,
        cited=describe_citation(unit, rejection),
        words=appeal.words,
        instructions=rules,
        until=appeal.due_at,
    )


def close_ruling_cases(unit: UnitOfWork, appeal: Appeal, admins: frozenset[int]) -> None:
    """Remove the buttons from all admins' messages about this appeal and show the outcome instead."""
    cases.close_case(unit, admins, cases.ruling_case_name(appeal.id), describe_outcome(unit, appeal))


def describe_outcome(unit: UnitOfWork, appeal: Appeal) -> CaseClosed:
    """Return the outcome of a decided appeal as admins read it: the project, the winner and the admin who ruled, if
    any."""
    title = unit.projects.get(unit.submissions.get(appeal.submission).project).title
    end = CaseEnd.FOR_WORKER if appeal.state is AppealState.WON else CaseEnd.FOR_REQUESTER
    return CaseClosed(title, end, unit.people.get(appeal.ruled_by).label if appeal.ruled_by else "")


JOURNEY = "appeal"


def take_next_words(act: Act, appeal: AppealId) -> bool:
    """Take the worker's next message as words for the judges; the words are shown before they are sent.
    Return False if the next message belongs to another journey."""
    if not next_words.is_text_unclaimed(act, JOURNEY):
        return False
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": appeal}, act.unit.now)
    return True


def handle_words_button(act: Act, appeal: AppealId, step: int) -> WordsWanted | WordsTooLate | Reply:
    """Handle the buttons under an appeal and under its words: step 0 asks for words, 1 sends them, another value drops
    them. Raise NotFound if the appeal is not the worker's own."""
    own_appeal = _get_own_appeal(act.unit, act.person, appeal)
    if step == 0:
        return _ask_for_words(act, own_appeal)
    return Reply(_send_words(act, own_appeal) if step == 1 else _drop_words(act, own_appeal), edits=act.message)


def _ask_for_words(act: Act, own_appeal: Appeal) -> WordsWanted | WordsTooLate:
    """Take the worker's next message as words for the judges. Return WordsTooLate if the appeal is decided or has its
    words."""
    if not _can_add_words(own_appeal):
        return WordsTooLate()
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": own_appeal.id}, act.unit.now)
    return WordsWanted()


def save_words_draft(act: Act, draft: dict[str, Any], text: str) -> WordsToSend | None:
    """Save the typed words as a draft and show them to the worker before they are sent. Return None if the text is
    empty."""
    words, appeal = " ".join(text.split())[:MAX_WORDS_CHARS], AppealId(draft["appeal"])
    if not words:
        return None
    act.unit.drafts.keep(act.person.id, JOURNEY, {"appeal": appeal, "words": words}, act.unit.now)
    return WordsToSend(appeal, words)


def _send_words(act: Act, own_appeal: Appeal) -> WordsSent | WordsTooLate:
    """Send the drafted words to the judges, who see the case again. A second press returns the words that were sent;
    return WordsTooLate without a draft or after the decision."""
    if own_appeal.words is not None:
        return WordsSent(own_appeal.words)
    draft_words = _find_draft_words(act.unit, act.person, own_appeal.id)
    if not draft_words:
        return WordsTooLate()
    act.unit.drafts.drop(act.person.id)
    if not act.unit.appeals.set_words(own_appeal.id, draft_words):
        return WordsTooLate()
    _show_case_again(act.unit, own_appeal, act.house.admins)
    return WordsSent(draft_words)


def _show_case_again(unit: UnitOfWork, changed_appeal: Appeal, admins: frozenset[int]) -> None:
    """Send the case with its new words to judges who have it in hand, or to admins if there are no judges."""
    for judge in unit.appeals.active_judges(changed_appeal.id):
        judgement = unit.appeals.find_active_judgement(judge)
        if judgement is not None:
            juries.show_case(unit, judgement, Lane.PUSH)
    if not changed_appeal.funded:
        rejection, submission = (
            unit.reviews.get(changed_appeal.submission),
            unit.submissions.get(changed_appeal.submission),
        )
        context = (unit.projects.get(submission.project), submission, rejection)
        ask_admins_to_rule(unit, unit.appeals.lock(changed_appeal.id), *context, admins)


def _drop_words(act: Act, own_appeal: Appeal) -> WordsDropped | WordsSent:
    """Drop the drafted words. Return WordsSent if the judges have words already."""
    if own_appeal.words is not None:
        return WordsSent(own_appeal.words)
    if _find_draft_words(act.unit, act.person, own_appeal.id) is not None:
        act.unit.drafts.drop(act.person.id)
    return WordsDropped()


def _get_own_appeal(unit: UnitOfWork, worker: Person, appeal: AppealId) -> Appeal:
    """Return the worker's own appeal. Raise NotFound if it is somebody else's or does not exist."""
    own_appeal = unit.appeals.find(appeal)
    if own_appeal is None or unit.submissions.get(own_appeal.submission).worker != worker.id:
        raise NotFound(what="rejection", name=str(appeal))
    return own_appeal


def _can_add_words(own_appeal: Appeal) -> bool:
    return own_appeal.state is AppealState.OPEN and own_appeal.words is None


def _find_draft_words(unit: UnitOfWork, worker: Person, appeal: AppealId) -> str | None:
    """Return the unsent words for this appeal ("" while none are typed), None without a draft."""
    draft = unit.drafts.find(worker.id)
    if draft is None or draft[0] != JOURNEY or draft[1].get("appeal") != appeal:
        return None
    return str(draft[1].get("words", ""))


MAX_APPEALS_PER_SWEEP = 25  # appeals a sweep ends in one transaction
VERDICTS = {1: Verdict.WORKER, 0: Verdict.REQUESTER}


@dataclass(frozen=True, slots=True)
class AlreadyNoted:
    """Toast for a second press: the rejection is appealed already, or can't be appealed any more."""


@dataclass(frozen=True, slots=True)
class JudgementTaken:
    """Toast for a judge. `verdict` None: the place goes to another judge; `pay` is the pay of a
    verdict, in millionths."""

    verdict: Verdict | None
    pay: Millionths
    currency: str


def open_appeal(act: Act, submission: SubmissionId) -> AppealOpened | AlreadyNoted:
    """Open an appeal against a rejection: draw and call judges, or ask the admins if the pool of judges is too small.
    The worker's next message is taken as words for the judges if it is free. Return AlreadyNoted if the rejection can't
    be appealed (any more). Raise NotFound if the rejected answer is not the worker's own."""
    unit = act.unit
    answer, rejection = unit.submissions.find(submission), unit.reviews.find_rejection(submission)
    if answer is None or answer.worker != act.person.id or rejection is None:
        raise NotFound(what="rejection", name=str(submission))
    if not unit.reviews.mark_appealed(submission):
        return AlreadyNoted()
    new_appeal = unit.appeals.open(submission, later(unit.now, DECISION_TIME))
    project = unit.projects.get(answer.project)
    unit.webhooks.add_event(project.id, REJECTION_APPEALED, submission)
    judged = bool(rejection.staked) and juries.draw_jury(unit, new_appeal, project, answer)
    if judged:
        unit.appeals.fund(new_appeal.id, JUDGES)
        unit.juries.call_next_judges()
    else:
        ask_admins_to_rule(unit, new_appeal, project, submission=answer, rejection=rejection, admins=act.house.admins)
    return AppealOpened(new_appeal.id, project.title, judged, new_appeal.due_at, take_next_words(act, new_appeal.id))


def give_judgement(act: Act, appeal: AppealId, verdict: int) -> JudgementTaken:
    """Record a judge's verdict (1 for the worker, 0 for the requester) and pay the judge at once; any other number
    passes the place on.

    The last verdict decides the appeal. The judge gets the next work. Raise NotYours if this judge was not asked or is
    a party, AlreadyAnswered after a verdict, AlreadySkipped or TooLate if the place is gone."""
    unit, side = act.unit, VERDICTS.get(verdict)
    judgement = unit.appeals.find_judgement(appeal, act.person.id)
    if judgement is None:
        raise NotYours()
    if judgement.state == "given":
        raise AlreadyAnswered()
    locked_appeal = unit.appeals.lock(judgement.appeal)
    if unit.appeals.is_party(locked_appeal, act.person.id):
        raise NotYours()
    _record_judgement(act, locked_appeal, judgement, side)
    unit.people.clear_unanswered(act.person.id)
    submission = unit.submissions.get(locked_appeal.submission)
    project = unit.projects.get(submission.project)
    if act.message:
        result = AppealJudged(project.title, side, submission.pay, project.currency)
        unit.outbox.tell(act.person.id, result, **answer_messages.tidying_options(act.message))
    _send_next_work(unit, unit.people.get(act.person.id))
    return JudgementTaken(side, submission.pay, project.currency)


def _record_judgement(act: Act, locked_appeal: Appeal, judgement: Judgement, verdict: Verdict | None) -> None:
    """Store the verdict, pay the judge and decide after the last verdict; with None release the place and call the next
    judge. Raise AlreadySkipped or TooLate if the place is not the judge's any more."""
    if verdict is None:
        if not act.unit.appeals.release_place(judgement, "skipped"):
            raise AlreadySkipped() if judgement.state == "skipped" else TooLate()
        act.unit.juries.call_next_judges()
    elif not act.unit.appeals.give_verdict(judgement, verdict):
        raise TooLate()
    else:
        _pay_judge(act.unit, act.person, locked_appeal)
        _decide_if_all_voted(act.unit, locked_appeal, act.house.admins)


def close_overdue_appeals(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """Close what is overdue: appeals without a decision go to the worker, rejections without an appeal become final,
    and judgements without a verdict go to the next judge."""
    for due_appeal in unit.appeals.overdue_appeals(MAX_APPEALS_PER_SWEEP):
        decide_for_worker(unit, unit.appeals.lock(due_appeal.id), unit.appeals.votes(due_appeal.id))
        close_ruling_cases(unit, unit.appeals.lock(due_appeal.id), admins)
    for rejection in unit.reviews.unappealed_overdue(MAX_APPEALS_PER_SWEEP):
        if (operation := finalize_rejection(unit, rejection, RejectionState.STANDING)) is not None:
            submission = unit.submissions.get(rejection.submission)
            answer_shown = describe_answer(unit, unit.projects.get(rejection.project), submission)
            unit.outbox.tell(submission.worker, AppealWindowClosed(answer_shown, operation))
    for judgement in unit.appeals.overdue_judgements(MAX_APPEALS_PER_SWEEP):
        if unit.appeals.release_place(judgement, "expired"):
            settings.count_unanswered(unit, judgement.worker, pushed=True)
    unit.juries.call_next_judges()


def _pay_judge(unit: UnitOfWork, judge: Person, judged_appeal: Appeal) -> None:
    key, submission = f"judge:{judged_appeal.id}:{judge.id}", unit.submissions.get(judged_appeal.submission)
    project = unit.projects.get(submission.project)
    transfers.post_for_project(
        unit,
        project,
        key=key,
        kind="judge",
        debit=JUDGES_PAY,
        credit=available_account(judge),
        amount=submission.pay,
        submission=submission.id,
    )


def _decide_if_all_voted(unit: UnitOfWork, judged_appeal: Appeal, admins: frozenset[int]) -> None:
    """Decide the appeal by majority once all judges have voted; refund the requester's judge costs if the requester was
    right."""
    votes = unit.appeals.votes(judged_appeal.id)
    if votes.decision is AppealState.WON:
        decide_for_worker(unit, judged_appeal, votes)
    elif votes.decision is AppealState.LOST:
        decide_for_requester(unit, judged_appeal, votes)
        juries.refund_judge_costs(unit, judged_appeal, votes, admins)


def rule_appeal(act: Act, appeal: AppealId, verdict: int) -> AppealRuled | Reply:
    """Decide an appeal that has too few judges, as an admin: verdict 1 for the worker, another for the requester. Raise
    NotFound without such an appeal, NotYours if the admin is a party, AlreadyAnswered if judges decide it. Return the
    outcome if another admin was faster."""
    unit, side = act.unit, Verdict.WORKER if verdict == 1 else Verdict.REQUESTER
    ruled_appeal = unit.appeals.find(appeal)
    if ruled_appeal is None:
        raise NotFound(what="rejection", name=str(appeal))
    if unit.appeals.is_party(ruled_appeal, act.person.id):
        raise NotYours()
    if not unit.appeals.claim_ruling(ruled_appeal.id, act.person.id):
        return _reply_to_late_ruling(act, ruled_appeal)
    decide_for_side = decide_for_worker if side is Verdict.WORKER else decide_for_requester
    decide_for_side(unit, unit.appeals.lock(ruled_appeal.id), Votes(0, 0), ruled=True)
    unit.audit.note(act.person.id, "appeal", f"appeal:{ruled_appeal.id}", verdict=side.value)
    close_ruling_cases(unit, unit.appeals.lock(ruled_appeal.id), act.house.admins)
    return AppealRuled(ruled_appeal.id, side)


def _reply_to_late_ruling(act: Act, ruled_appeal: Appeal) -> Reply:
    """Return the outcome of an appeal that was ruled before. Raise AlreadyAnswered if judges decide or decided it."""
    if ruled_appeal.state is AppealState.OPEN or ruled_appeal.funded:  # judges have it, or had
        raise AlreadyAnswered()
    return cases.reply_with_outcome(act, describe_outcome(act.unit, ruled_appeal))


def decide_for_worker(unit: UnitOfWork, won_appeal: Appeal, votes: Votes, ruled: bool = False) -> None:
    """Decide for the worker, by majority, an admin's ruling (`ruled`) or silence: pay the answer and tell both sides.
    Nothing happens if the appeal is decided."""
    if not _close_appeal(unit, won_appeal, AppealState.WON):
        return
    submission = unit.submissions.get(won_appeal.submission)
    project = unit.projects.get(submission.project)
    if won_appeal.funded and votes.total < JUDGES and not unit.reviews.get(submission.id).staked:  # from before
        _return_unearned_pay(unit, project, submission, won_appeal, votes)
    operation = overturn_rejection(unit, project, submission)
    answer_shown = describe_answer(unit, project, submission)
    decision = AppealDecision(votes.worker, votes.requester, ruled)
    unit.outbox.tell(submission.worker, AppealWon(answer_shown, decision, operation), key=f"won:{won_appeal.id}")
    is_taken_back = unit.consents.is_taken_back(submission.id)
    overturned = RejectionOverturned(
        describe_answer_to_requester(unit, project, submission), decision, operation, is_taken_back
    )
    unit.outbox.tell(project.requester, overturned, key=f"overturned:{won_appeal.id}")


def _return_unearned_pay(
    unit: UnitOfWork, project: Project, submission: Submission, won_appeal: Appeal, votes: Votes
) -> None:
    """Return to the fees the pay of judges who did not vote."""
    transfers.post_for_project(
        unit,
        project,
        key=f"unjury:{won_appeal.id}",
        kind="unjury",
        debit=JUDGES_PAY,
        credit=fees_account(project.id),
        amount=Millionths((JUDGES - votes.total) * submission.pay),
        submission=submission.id,
    )


def decide_for_requester(unit: UnitOfWork, lost_appeal: Appeal, votes: Votes, ruled: bool = False) -> None:
    """Decide for the requester, by majority or an admin's ruling (`ruled`), never by silence: the rejection becomes
    final and the worker is told. Nothing happens if the appeal is decided."""
    if not _close_appeal(unit, lost_appeal, AppealState.LOST):
        return
    operation = finalize_rejection(unit, unit.reviews.get(lost_appeal.submission), RejectionState.APPEALED)
    submission = unit.submissions.get(lost_appeal.submission)
    answer_shown = describe_answer(unit, unit.projects.get(submission.project), submission)
    result = AppealLost(answer_shown, AppealDecision(votes.worker, votes.requester, ruled), operation)
    unit.outbox.tell(submission.worker, result, key=f"lost:{lost_appeal.id}")


def _close_appeal(unit: UnitOfWork, appeal: Appeal, state: AppealState) -> bool:
    """Close an appeal and dismiss its judges, who may get other work. Return False if it was decided before."""
    active_judges = unit.appeals.active_judges(appeal.id)
    if not unit.appeals.decide(appeal.id, state):
        return False
    unit.juries.dismiss_uncalled(appeal)
    for judge in active_judges:
        settings.update_push_window(unit, judge)
    return True


def _send_next_work(unit: UnitOfWork, worker: Person) -> None:
    """Send what comes after a judgement: another judgement, the next task, or the message that there is none. Send
    nothing if the worker has a task in hand, and Paused if the worker pauses."""
    if worker.paused:
        unit.outbox.tell(worker.id, Paused())
        return
    if unit.assignments.active_for(worker.id) is not None or juries.offer_judgement(unit, worker, Lane.REPLY):
        return
    if dispatch.dispatch_next_task(unit, worker, Lane.REPLY) is None:
        submit.tell_nothing_now(unit, worker)
