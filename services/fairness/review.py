"""Review by the requester: submissions one after another; accepting pays at once, rejecting cites a line and gives a
reason."""

from dataclasses import dataclass
from typing import Any

from domain.answers import kind_of
from domain.fairness.appeals import judges_pay
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.review import (
    LONGEST,
    PAUSE,
    SHORTEST,
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
    reason_of,
)
from domain.fairness.stops import may_reject
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.mturk.notifications import Event
from domain.people.accounts import Person
from domain.people.teams import Right
from domain.programs import Accepted, WaitingAnswer, WaitingAnswers
from domain.projects.projects import Project, ProjectId
from domain.projects.results import shown
from domain.projects.tasks import as_asked
from domain.refusals import (
    AlreadyTheirs,
    BadInput,
    CantTellIsPaid,
    NotFound,
    OwnAnswers,
    RightByGold,
    WrongState,
)
from domain.work.assignments import (
    CHANGE_TIME,
    CHANGING_TIME,
    Submission,
    SubmissionId,
)
from services.act import Act, Reply
from services.fairness import cases, review_order
from services.fairness.rejections import (
    describe_answer,
    notify_program,
    reject_submission,
    require_judges_pay,
)
from services.money import transfers
from services.people import team_spending
from services.people.accounts import pseudonym_for
from services.projects import edits, lifecycle, projects
from storage.unit import UnitOfWork


def pause_if_too_many(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> ProjectRests | None:
    """The message to the requester where the project was paused; admins are notified."""
    rejected, decided = unit.reviews.counts(project.id)
    if not is_too_many(rejected, decided) or not unit.reviews.pause(project.id):
        return None
    unit.projects.pause(project.id, PAUSE)
    asked = _to_decide(unit, project)
    for admin in cases.deciders(unit, admins, (project.requester,)):
        cases.show(unit, admin, cases.pause(project.id), asked)
    unit.audit.note(None, "pause", f"project:{project.id}", rejected=rejected, decided=decided)
    return ProjectRests(project.id, project.title, rejected, decided)


def _to_decide(unit: UnitOfWork, project: Project) -> PauseToDecide:
    who = unit.people.get(project.requester).label
    return PauseToDecide(who, project.id, project.title, *unit.reviews.counts(project.id))


def show_pause(act: Act, project: ProjectId) -> Reply:
    """`/admin` leads here: the case once more, where it still waits."""
    known = act.unit.projects.find(project)
    if known is None or PAUSE not in known.paused:
        raise NotFound(what="project", name=str(project))
    return cases.shown(cases.pause(known.id), _to_decide(act.unit, known))


def waiting_for(act: Act, limit: int) -> list[ProjectId]:
    """Projects about whose pause this admin may decide."""
    unit, admins = act.unit, act.house.admins
    paused = (unit.projects.get(project) for project in unit.reviews.paused(limit))
    return [each.id for each in paused if act.person.id in cases.deciders(unit, admins, (each.requester,))]


def resume(act: Act, project: ProjectId) -> PauseDecided | None:
    """An admin lets it go on. A second press changes nothing."""
    unit, known = act.unit, act.unit.projects.find(project)
    if known is None:
        raise NotFound(what="project", name=str(project))
    alone = cases.check(act, known.requester)
    if not unit.reviews.end_pause(project, "resumed", act.person.id):
        return None
    unit.projects.resume(project, PAUSE)
    closed = CaseClosed(known.title, CaseEnd.GOES_ON, act.person.label)
    cases.close(unit, act.house.admins, cases.pause(project), closed)
    lifecycle.wake_workers(unit, project)
    unit.audit.note(act.person.id, "resumed", f"project:{project}", alone=alone)
    decided = PauseDecided(project, known.title, True)
    if known.requester != act.person.id:
        unit.outbox.tell(known.requester, decided)
    return decided


JOURNEY = "review"
AT_ONCE = 500  # answers accepted with one press


@dataclass(frozen=True, slots=True)
class AnswerAccepted:
    """It is paid."""

    submission: SubmissionId


def show(act: Act, project: ProjectId, after: SubmissionId) -> AnswerToReview | NothingToReview:
    """The next answer that can be decided, the most doubtful first; again from there when the last was passed."""
    return _next(act.unit, projects.mine(act.unit, act.person, project), after)


def back_to(act: Act, submission: SubmissionId) -> AnswerToReview | NothingToReview:
    """The same answer once more, or the next where it is decided."""
    project, found = mine(act.unit, act.person, submission)
    if is_open(found, act.unit.now) and not act.unit.consents.is_taken_back(found.id):
        return _shown(act.unit, project, found)
    return _next(act.unit, project, submission)


def accept(act: Act, submission: SubmissionId) -> Reply:
    """The pay is the worker's at once; the next answer follows."""
    accept_one(act, submission)
    project, _ = mine(act.unit, act.person, submission)
    return Reply(_next(act.unit, project, submission), done=AnswerAccepted(submission))


def waiting(act: Act, number: ProjectId, after: int, limit: int) -> WaitingAnswers:
    """As a list, for programs. From now on their workers cannot change these answers: they were looked at."""
    project = projects.mine(act.unit, act.person, number)
    found = act.unit.reviews.waiting(project.id, after, limit + 1)
    listed = tuple(_waiting(act.unit, project, each) for each in found[:limit])
    more = found[limit - 1].id if len(found) > limit else None
    return WaitingAnswers(listed, project.instructions, act.unit.reviews.count_waiting(project.id), more)


def _waiting(unit: UnitOfWork, project: Project, answer: Submission) -> WaitingAnswer:
    look(unit, answer.id, answer.submitted_at)
    name = pseudonym_for(unit, project.requester, answer.worker)
    task, until = unit.tasks.get(answer.task).key, answer.held_until or unit.now
    then = edits.under(unit, project, answer.version)
    rules = () if then.version == project.version else then.instructions
    return WaitingAnswer(describe_answer(unit, project, answer), task, name, answer.milliseconds / 1000, until, rules)


def look(unit: UnitOfWork, answer: SubmissionId, submitted_at: Moment) -> None:
    """Its requester, or their program, has read it: its worker changes it no more."""
    if unit.now <= submitted_at + CHANGE_TIME + CHANGING_TIME:
        unit.corrections.look(answer)


def accept_one(act: Act, submission: SubmissionId) -> Accepted:
    """Without the next one. What is theirs already is not paid again; a rejection is not taken back by it."""
    project, answer = mine(act.unit, act.person, submission)
    if answer.state == "rejected":
        raise AlreadyTheirs()
    _accept(act.unit, project, answer)
    _pause_if_too_many(act, project)
    return Accepted(submission)


def accept_rest(act: Act, project: ProjectId, last: SubmissionId) -> RestAccepted:
    """All that were there when the button was shown, but a member's own."""
    unit, known = act.unit, projects.mine(act.unit, act.person, project)
    waiting = unit.reviews.waiting(known.id, 0, AT_ONCE)
    rest = [found for found in waiting if found.id <= last and found.worker != unit.acting.member]
    for submission in rest:
        _accept(unit, known, submission)
    _pause_if_too_many(act, known)
    amount, left = Millionths(sum(found.pay for found in rest)), unit.reviews.count_waiting(known.id)
    return RestAccepted(known.id, known.title, len(rest), amount, known.currency, left)


def choose_line(act: Act, submission: SubmissionId) -> LinesToCite:
    """First of two steps: which line of the instructions was not followed."""
    project, answer = _undecided(act.unit, act.person, submission)
    require_judges_pay(act.unit, act.person, project, answer)
    rules = edits.under(act.unit, project, answer.version).instructions
    return LinesToCite(submission, project.id, rules, edits.cited(project, answer.version))


def ask_reason(act: Act, submission: SubmissionId, line: int) -> ReasonWanted:
    """Second step: the reason is typed."""
    project, answer = _undecided(act.unit, act.person, submission)
    project = edits.under(act.unit, project, answer.version)
    _check_line(project, line)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"submission": submission, "line": line}, act.unit.now)
    return ReasonWanted(submission, project.id, line, project.instructions[line - 1])


def reasoned(act: Act, draft: dict[str, Any], text: str) -> tuple[RejectionMade, ProjectRests | None, Message]:
    """The reason came: the answer is rejected, the project pauses after too many, the next answer follows."""
    number = SubmissionId(draft["submission"])
    project, made = _rejected(act, number, draft["line"], text)
    act.unit.drafts.drop(act.person.id)
    rests = pause_if_too_many(act.unit, project, act.house.admins)
    return made, rests, _next(act.unit, project, number)


def reject_by(act: Act, submission: SubmissionId, line: int, reason: str) -> RejectionMade:
    """The same in one step."""
    project, made = _rejected(act, submission, line, reason)
    _pause_if_too_many(act, project)
    return made


def _rejected(act: Act, number: SubmissionId, line: int, text: str) -> tuple[Project, RejectionMade]:
    project, submission = _undecided(act.unit, act.person, number)
    _check_line(edits.under(act.unit, project, submission.version), line)
    reason = reason_of(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    team_spending.need(act, Right.SPEND)  # the judges' pay is held from the team's money
    reject_submission(act.unit, act.person, project, submission, line, reason)
    return project, RejectionMade(project.id, project.title, judges_pay(submission.pay), project.currency)


def _check_line(project: Project, line: int) -> None:
    whole = line == 0 and kind_of(project.kind).is_of_programs  # a description has no numbers for its reader
    if not whole and not 1 <= line <= len(project.instructions):
        raise BadInput(what="line", value=str(line), expected=[str(len(project.instructions))])


def _pause_if_too_many(act: Act, project: Project) -> None:
    rests = pause_if_too_many(act.unit, project, act.house.admins)
    if rests is not None:
        act.unit.outbox.tell(project.requester, rests)


def mine(unit: UnitOfWork, requester: Person, number: SubmissionId) -> tuple[Project, Submission]:
    """An answer of the requester's own project."""
    submission = unit.submissions.find(number)
    project = projects.owned(unit, requester, submission.project if submission else None)
    if submission and submission.worker == unit.acting.member:
        raise OwnAnswers()
    if submission is None or project is None:
        raise NotFound(what="answer", name=str(number))
    return project, submission


def _next(unit: UnitOfWork, project: Project, after: SubmissionId) -> AnswerToReview | NothingToReview:
    found = review_order.next_of(unit, project, after)
    if found is None:
        return NothingToReview(project.id, project.title, project.accept == "review")
    return _shown(unit, project, found)


def _shown(unit: UnitOfWork, project: Project, submission: Submission) -> AnswerToReview:
    look(unit, submission.id, submission.submitted_at)
    task = unit.tasks.get(submission.task)
    closed = task.state == "closed" and task.gold is None and task.received > 1
    return AnswerToReview(
        describe_answer(unit, project, submission),
        left=unit.reviews.count_waiting(project.id),
        worker=pseudonym_for(unit, project.requester, submission.worker),
        milliseconds=submission.milliseconds,
        until=submission.held_until or unit.now,
        consensus=shown(project, task.consensus) if closed else None,
        confidence=task.confidence if closed else None,
        last=SubmissionId(unit.submissions.last_of(project.id)),
        beside=review_order.evidence(unit, as_asked(project, task), submission),
        spends=team_spending.may_spend(unit),
    )


def _undecided(unit: UnitOfWork, requester: Person, number: SubmissionId) -> tuple[Project, Submission]:
    """A submission that may still be rejected: its pay is pending, its worker has not taken it back, and the project is
    not stopped for rejections."""
    project, submission = mine(unit, requester, number)
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
    """Whether the requester's own gold says so; during a challenge, the challenged gold."""
    task, challenge = unit.tasks.get(submission.task), unit.gold_challenges.open_of(submission.task)
    known = task.gold or (challenge.gold if challenge else None)
    return bool(known) and kind_of(project.kind).is_right(submission.answer, known or ())


def _accept(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    worker = unit.people.get(submission.worker)
    if transfers.release(unit, worker, project, submission):
        transfers.tell_released(unit, worker, project)
        notify_program(unit, project, submission, Event.APPROVED)
