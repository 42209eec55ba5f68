"""Review by the requester: submissions one after another; accepting pays at once, rejecting cites a line and gives a
reason."""

from dataclasses import dataclass
from typing import Any

from domain.answers import kind_of
from domain.fairness.appeals import judges_pay
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.review import (
    MAX_REASON_CHARS,
    MIN_REASON_CHARS,
    PAUSE,
    AnswerToReview,
    LinesToCite,
    NothingToReview,
    PauseDecided,
    PauseToDecide,
    ProjectRests,
    ReasonWanted,
    RejectionMade,
    RestAccepted,
    is_open,
    is_too_many,
    parse_reason,
)
from domain.fairness.stops import may_reject
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import Person
from domain.people.teams import Right
from domain.programs import Accepted, WaitingAnswer, WaitingAnswers
from domain.projects.projects import Project, ProjectId
from domain.projects.results import displayed_answer
from domain.projects.tasks import as_asked
from domain.refusals import AlreadyTheirs, BadInput, CantTellIsPaid, NotFound, OwnAnswers, RightByGold, WrongState
from domain.work.assignments import CHANGE_TIME, CHANGING_TIME, Submission, SubmissionId
from services import events
from services.act import Act, Reply
from services.fairness import cases, review_order
from services.fairness.rejections import describe_answer, publish_for_program, reject_submission, require_judges_pay
from services.money import transfers
from services.people import team_spending
from services.people.accounts import pseudonym_for
from services.projects import edits, lifecycle, projects
from storage.unit import UnitOfWork


def pause_if_too_many(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> ProjectRests | None:
    """Pause the project if too many of its decided answers were rejected, and ask the admins to decide.
    Return the notice for the requester, None if nothing was paused."""
    rejected, decided = unit.reviews.get_rejection_counts(project.id)
    if not is_too_many(rejected, decided) or not unit.reviews.pause(project.id):
        return None
    unit.projects.pause(project.id, PAUSE)
    pause_case = _to_pause_case(unit, project)
    for admin in cases.get_deciders(unit, admins, (project.requester,)):
        cases.send_case(unit, admin, cases.pause_case_name(project.id), pause_case)
    unit.audit.note(None, "pause", f"project:{project.id}", rejected=rejected, decided=decided)
    return ProjectRests(project.id, project.title, rejected, decided)


def _to_pause_case(unit: UnitOfWork, project: Project) -> PauseToDecide:
    who = unit.people.get(project.requester).label
    rejected, decided = unit.reviews.get_rejection_counts(project.id)
    return PauseToDecide(who, project.id, project.title, rejected=rejected, decided=decided)


def show_pause_case(act: Act, project: ProjectId) -> Reply:
    """Return the pause case for the admin who opens it from /admin. Raise NotFound if the project is not paused for
    rejections."""
    paused_project = act.unit.projects.find(project)
    if paused_project is None or PAUSE not in paused_project.paused:
        raise NotFound(what="project", name=str(project))
    return cases.reply_with_case(cases.pause_case_name(paused_project.id), _to_pause_case(act.unit, paused_project))


def resume_project(act: Act, project: ProjectId) -> PauseDecided | None:
    """Let a project continue that was paused for its rejections, and tell its requester. Return None if it was decided
    before. Raise NotFound without such a project, OwnMatter if the admin is involved and another one could decide."""
    unit, paused_project = act.unit, act.unit.projects.find(project)
    if paused_project is None:
        raise NotFound(what="project", name=str(project))
    alone = cases.require_decider(act, paused_project.requester)
    if not unit.reviews.end_pause(project, "resumed", act.person.id):
        return None
    unit.projects.resume(project, PAUSE)
    outcome = CaseClosed(paused_project.title, CaseEnd.GOES_ON, act.person.label)
    cases.close_case(unit, act.house.admins, cases.pause_case_name(project), outcome)
    lifecycle.wake_workers(unit, project)
    unit.audit.note(act.person.id, "resumed", f"project:{project}", alone=alone)
    notice = PauseDecided(project, paused_project.title, True)
    if paused_project.requester != act.person.id:
        unit.outbox.tell(paused_project.requester, notice)
    return notice


JOURNEY = "review"
MAX_ACCEPTED_AT_ONCE = 500  # answers accepted with one press


@dataclass(frozen=True, slots=True)
class AnswerAccepted:
    """Toast for a requester: the answer is accepted and paid."""

    submission: SubmissionId


def show_next_answer(act: Act, project: ProjectId, after: SubmissionId) -> AnswerToReview | NothingToReview:
    """Return the next answer that can be decided behind `after`, the most doubtful first; from the beginning after the
    last."""
    return _find_next_answer(act.unit, projects.mine(act.unit, act.person, project), after)


def show_answer_again(act: Act, submission: SubmissionId) -> AnswerToReview | NothingToReview:
    """Return the same answer again, or the next one if it is decided or was taken back."""
    project, answer = get_own_answer(act.unit, act.person, submission)
    if is_open(answer, act.unit.now) and not act.unit.consents.is_taken_back(answer.id):
        return _to_review_card(act.unit, project, answer)
    return _find_next_answer(act.unit, project, submission)


def accept_and_show_next(act: Act, submission: SubmissionId) -> Reply:
    """Accept an answer, pay its worker at once and return the next answer."""
    accept_answer(act, submission)
    project, _ = get_own_answer(act.unit, act.person, submission)
    return Reply(_find_next_answer(act.unit, project, submission), done=AnswerAccepted(submission))


def list_waiting_answers(act: Act, number: ProjectId, after: int, limit: int) -> WaitingAnswers:
    """Return a page of the answers that wait for a decision, for programs. Workers cannot change these answers from now
    on."""
    project = projects.mine(act.unit, act.person, number)
    answers = act.unit.reviews.list_waiting(project.id, after, limit + 1)
    listed_answers = tuple(_to_waiting_answer(act.unit, project, answer) for answer in answers[:limit])
    next_after = answers[limit - 1].id if len(answers) > limit else None
    return WaitingAnswers(listed_answers, project.instructions, act.unit.reviews.count_waiting(project.id), next_after)


def _to_waiting_answer(unit: UnitOfWork, project: Project, answer: Submission) -> WaitingAnswer:
    mark_as_looked_at(unit, answer.id, answer.submitted_at)
    worker_name = pseudonym_for(unit, project.requester, answer.worker)
    task, until = unit.tasks.get(answer.task).key, answer.held_until or unit.now
    past_project = edits.as_of_version(unit, project, answer.version)
    rules = () if past_project.version == project.version else past_project.instructions
    return WaitingAnswer(
        answer=describe_answer(unit, project, answer),
        task=task,
        worker=worker_name,
        seconds=answer.milliseconds / 1000,
        until=until,
        instructions=rules,
    )


def mark_as_looked_at(unit: UnitOfWork, answer: SubmissionId, submitted_at: Moment) -> None:
    """Mark an answer as read by its requester or their program, so that its worker cannot change it any more."""
    if unit.now <= submitted_at + CHANGE_TIME + CHANGING_TIME:
        unit.corrections.look(answer)


def accept_answer(act: Act, submission: SubmissionId) -> Accepted:
    """Accept an answer and pay it; pause the project after too many rejections. Nothing is paid twice.
    Raise AlreadyTheirs if the answer was rejected."""
    project, answer = get_own_answer(act.unit, act.person, submission)
    if answer.state == "rejected":
        raise AlreadyTheirs()
    _release_pay(act.unit, project, answer)
    _pause_and_notify(act, project)
    return Accepted(submission)


def accept_remaining(act: Act, project: ProjectId, last: SubmissionId) -> RestAccepted:
    """Accept the waiting answers up to `last`, at most MAX_ACCEPTED_AT_ONCE, except the acting team member's own."""
    unit, own_project = act.unit, projects.mine(act.unit, act.person, project)
    waiting = unit.reviews.list_waiting(own_project.id, 0, MAX_ACCEPTED_AT_ONCE)
    rest = [answer for answer in waiting if answer.id <= last and answer.worker != unit.acting.member]
    for submission in rest:
        _release_pay(unit, own_project, submission)
    _pause_and_notify(act, own_project)
    amount, left_count = Millionths(sum(answer.pay for answer in rest)), unit.reviews.count_waiting(own_project.id)
    return RestAccepted(
        project=own_project.id,
        title=own_project.title,
        count=len(rest),
        amount=amount,
        currency=own_project.currency,
        left=left_count,
    )


def ask_for_line(act: Act, submission: SubmissionId) -> LinesToCite:
    """Ask which line of the instructions was not followed: the first of two steps of a rejection.
    Raise AlreadyTheirs, CantTellIsPaid, RightByGold, WrongState or JudgesPayMissing if the answer can't be rejected."""
    project, answer = _get_rejectable_answer(act.unit, act.person, submission)
    require_judges_pay(act.unit, act.person, project, answer)
    rules = edits.as_of_version(act.unit, project, answer.version).instructions
    return LinesToCite(submission, project.id, rules, edits.cited(project, answer.version))


def ask_for_reason(act: Act, submission: SubmissionId, line: int) -> ReasonWanted:
    """Ask for the reason of a rejection, the second step, and keep a draft for it.
    Raise BadInput if there is no such line, and as `ask_for_line` if the answer can't be rejected."""
    project, answer = _get_rejectable_answer(act.unit, act.person, submission)
    project = edits.as_of_version(act.unit, project, answer.version)
    _require_line(project, line)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"submission": submission, "line": line}, act.unit.now)
    return ReasonWanted(submission, project.id, line, project.instructions[line - 1])


def reject_with_typed_reason(
    act: Act, draft: dict[str, Any], text: str
) -> tuple[RejectionMade, ProjectRests | None, Message]:
    """Reject the answer with the typed reason, pause the project after too many rejections, and return the next answer.
    Raise BadInput if the reason is too short or too long."""
    number = SubmissionId(draft["submission"])
    project, rejection = _reject(act, number, draft["line"], text)
    act.unit.drafts.drop(act.person.id)
    pause_notice = pause_if_too_many(act.unit, project, act.house.admins)
    return rejection, pause_notice, _find_next_answer(act.unit, project, number)


def reject_answer(act: Act, submission: SubmissionId, line: int, reason: str) -> RejectionMade:
    """Reject an answer in one step, for programs; pause the project after too many rejections and tell
    its requester."""
    project, rejection = _reject(act, submission, line, reason)
    _pause_and_notify(act, project)
    return rejection


def _reject(act: Act, number: SubmissionId, line: int, text: str) -> tuple[Project, RejectionMade]:
    project, submission = _get_rejectable_answer(act.unit, act.person, number)
    _require_line(edits.as_of_version(act.unit, project, submission.version), line)
    reason = parse_reason(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    team_spending.require_right(act, Right.SPEND)  # the judges' pay is held from the team's money
    reject_submission(act.unit, act.person, project, submission=submission, line=line, reason=reason)
    return project, RejectionMade(project.id, project.title, judges_pay(submission.pay), project.currency)


def _require_line(project: Project, line: int) -> None:
    cites_all = line == 0 and kind_of(project.kind).is_of_programs  # a description has no numbers for its reader
    if not cites_all and not 1 <= line <= len(project.instructions):
        raise BadInput(what="line", value=str(line), expected=[str(len(project.instructions))])


def _pause_and_notify(act: Act, project: Project) -> None:
    pause_notice = pause_if_too_many(act.unit, project, act.house.admins)
    if pause_notice is not None:
        act.unit.outbox.tell(project.requester, pause_notice)


def get_own_answer(unit: UnitOfWork, requester: Person, number: SubmissionId) -> tuple[Project, Submission]:
    """Return an answer of the requester's own project, with the project.
    Raise NotFound if it is somebody else's, OwnAnswers if the acting team member gave it."""
    submission = unit.submissions.find(number)
    project = projects.owned(unit, requester, submission.project if submission else None)
    if submission and submission.worker == unit.acting.member:
        raise OwnAnswers()
    if submission is None or project is None:
        raise NotFound(what="answer", name=str(number))
    return project, submission


def _find_next_answer(unit: UnitOfWork, project: Project, after: SubmissionId) -> AnswerToReview | NothingToReview:
    answer = review_order.find_next_answer(unit, project, after)
    if answer is None:
        return NothingToReview(project.id, project.title, project.accept == "review")
    return _to_review_card(unit, project, answer)


def _to_review_card(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerToReview:
    mark_as_looked_at(unit, submission.id, submission.submitted_at)
    task = unit.tasks.get(submission.task)
    closed = task.state == "closed" and task.gold is None and task.received > 1
    return AnswerToReview(
        describe_answer(unit, project, submission),
        left=unit.reviews.count_waiting(project.id),
        worker=pseudonym_for(unit, project.requester, submission.worker),
        milliseconds=submission.milliseconds,
        until=submission.held_until or unit.now,
        consensus=displayed_answer(project, task.consensus) if closed else None,
        confidence=task.confidence if closed else None,
        last=SubmissionId(unit.submissions.last_of(project.id)),
        beside=review_order.get_evidence(unit, as_asked(project, task), submission),
        spends=team_spending.may_spend(unit),
    )


def _get_rejectable_answer(unit: UnitOfWork, requester: Person, number: SubmissionId) -> tuple[Project, Submission]:
    """Return a submission that may still be rejected, with its project. Raise AlreadyTheirs if its pay is not pending
    or the worker took it back, CantTellIsPaid for “can't tell”, RightByGold if gold confirms it, WrongState while the
    project may not reject."""
    project, submission = get_own_answer(unit, requester, number)
    if not is_open(submission, unit.now) or unit.consents.is_taken_back(submission.id):
        raise AlreadyTheirs()
    if submission.answer is None:
        raise CantTellIsPaid()
    if _is_right_by_gold(unit, project, submission):
        raise RightByGold()
    if not may_reject(project):
        raise WrongState(number=project.id, state="paused")
    return project, submission


def _is_right_by_gold(unit: UnitOfWork, project: Project, submission: Submission) -> bool:
    """Return whether the requester's own gold confirms the answer; during a challenge, the challenged gold counts."""
    task, challenge = unit.tasks.get(submission.task), unit.gold_challenges.open_of(submission.task)
    gold_answer = task.gold or (challenge.gold if challenge else None)
    return bool(gold_answer) and kind_of(project.kind).is_right(submission.answer, gold_answer or ())


def _release_pay(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    worker = unit.people.get(submission.worker)
    if transfers.release_pay(unit, worker, project, submission):
        transfers.notify_released(unit, worker, project)
        publish_for_program(unit, project, events.AnswerApproved(submission))
