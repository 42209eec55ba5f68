"""Questions of workers: asked, answered, reported, due; and the FAQ they make."""

from dataclasses import replace
from typing import Any

from domain.fairness.questions import (
    DEADLINE,
    LONGEST,
    LONGEST_ANSWER,
    PAUSE,
    PER_DAY,
    SHORTEST,
    AnswerPublished,
    AnswerWanted,
    Faq,
    FaqNews,
    NoQuestions,
    ProjectAwaitsAnswer,
    Question,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    QuestionDismissed,
    QuestionDropped,
    QuestionId,
    QuestionReported,
    QuestionSent,
    QuestionToJudge,
    QuestionWanted,
    ReportJudged,
    StandingAnswers,
    answer_of,
    may_ask,
    question_of,
)
from domain.moments import HOUR
from domain.people.accounts import Person, PersonId
from domain.people.teams import Right
from domain.people.webhooks import QUESTION_ASKED
from domain.programs import OpenQuestion, Questions
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import beginning_of
from domain.refusals import (
    BadInput,
    NotFound,
    NotYours,
    TooManyQuestions,
)
from domain.work.assignments import Assignment, AssignmentId
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.fairness import cases
from services.money import payouts
from services.people import team_spending
from services.people.accounts import pseudonym_for
from services.projects import lifecycle, projects
from storage.boxes.outbox import Lane
from storage.fairness.questions import FaqRound
from storage.unit import UnitOfWork

NAME = "question:"
AGAIN = ("", ":again", ":shown")  # when it was asked, when it had waited for a day, when its requester asked for it


def show_card(unit: UnitOfWork, question: Question, again: str = "") -> None:
    """Tells the requester."""
    requester = unit.projects.get(question.project).requester
    unit.outbox.tell(requester, card(unit, question, reminds=bool(again)), live=name_of(question.id, again))


def card(unit: UnitOfWork, question: Question, reminds: bool = False) -> QuestionAsked:
    project, task = unit.projects.get(question.project), unit.tasks.get(question.task)
    return QuestionAsked(
        question=question.id,
        project=project.id,
        title=project.title,
        row=task.key,
        about=beginning_of(project, task),
        worker=name_of_asker(unit, question, project.requester),
        words=question.words,
        due=question.due_at,
        standing=unit.questions.entries(project.id),
        reminds=reminds,
        report=question.report,
        ended=project.state is not ProjectState.RUNNING,
    )


def name_of_asker(unit: UnitOfWork, question: Question, requester: PersonId) -> str:
    """The pseudonym this requester knows the worker by."""
    return pseudonym_for(unit, requester, question.asker) if question.asker else ""


def name_of(question: QuestionId, again: str = "") -> str:
    return f"{NAME}{question}{again}"


def shown_in(unit: UnitOfWork, person: PersonId, message: int) -> QuestionId | None:
    """The question that this message shows."""
    name = unit.live_messages.name_of(person, message, NAME)
    return QuestionId(int(name.split(":")[1])) if name else None


def close(unit: UnitOfWork, question: Question, answer: str | None, dismissed: bool = False) -> None:
    """Every message that shows it says what became of it; its buttons go."""
    project = unit.projects.get(question.project)
    closed = QuestionClosed(project.title, question.words, answer, dismissed)
    for again in AGAIN:
        name = name_of(question.id, again)
        if unit.live_messages.is_kept(project.requester, name):
            unit.outbox.tell(project.requester, closed, live=name, lane=Lane.TIDY, klass="nudge")


ASK_JOURNEY = "question"
LATEST = 2  # entries of the FAQ that are shown before something is asked


def ask(act: Act, assignment: AssignmentId) -> QuestionWanted:
    """The button of a task; `/ask` (0) is about the task in hand, or else the last answer's."""
    unit, about = act.unit, task_of(act.unit, act.person, assignment)
    left = _left(unit, act.person)
    unit.drafts.keep(act.person.id, ASK_JOURNEY, {"assignment": about.id}, unit.now)
    project, task = unit.projects.get(about.project), unit.tasks.get(about.task)
    entries = unit.questions.entries(project.id)
    latest = unit.questions.faq(project.id, entries + 1, LATEST) if entries else ()
    return QuestionWanted(project.id, project.title, beginning_of(project, task), left, entries, latest)


def ask_in_words(act: Act, words: str) -> QuestionSent | Reply:
    """`/ask WORDS`: without a second step."""
    return payouts.kept_back(words) or _send(act, task_of(act.unit, act.person, AssignmentId(0)), words)


def take_question(act: Act, draft: dict[str, Any], text: str) -> QuestionSent:
    """The question came."""
    sent = _send(act, task_of(act.unit, act.person, AssignmentId(draft["assignment"])), text)
    act.unit.drafts.drop(act.person.id)
    return sent


def drop(act: Act) -> Reply:
    """Nothing is asked: the next words belong to the task again. Not so where the question was sent meanwhile."""
    unit, person = act.unit, act.person
    unsaid = unit.drafts.stop(person.id, ASK_JOURNEY) or not unit.questions.asked_lately(person.id)
    return Reply(QuestionDropped() if unsaid else MatterOver(), edits=act.message)


def task_of(unit: UnitOfWork, worker: Person, number: AssignmentId) -> Assignment:
    """A task that this worker was given: the row authorises."""
    if number:
        found = unit.assignments.find(number)
        if found is None or found.worker != worker.id:
            raise NotYours()
        return found
    latest = _latest(unit, worker)
    if latest is None:
        raise NotFound(what="offer", name="")
    return latest


def is_about(unit: UnitOfWork, worker: Person, project: ProjectId) -> bool:
    """Whether a question asked now, without naming a task, goes to this project's requester."""
    latest = _latest(unit, worker)
    return latest is not None and latest.project == project


def _latest(unit: UnitOfWork, worker: Person) -> Assignment | None:
    return unit.assignments.active_for(worker.id) or unit.assignments.answered_last(worker.id)


def _left(unit: UnitOfWork, worker: Person) -> int:
    asked = unit.questions.asked_lately(worker.id)
    if not may_ask(asked):
        raise TooManyQuestions(most=PER_DAY)
    return PER_DAY - asked


def _send(act: Act, about: Assignment, text: str) -> QuestionSent:
    unit, words = act.unit, question_of(text)
    if words is None:
        raise BadInput(what="question", value="", expected=[str(SHORTEST), str(LONGEST)])
    _left(unit, act.person)
    question = unit.questions.add(about.project, about.task, act.person.id, words)
    show_card(unit, question)
    unit.webhooks.note(about.project, QUESTION_ASKED, question.id)
    project, in_hand = unit.projects.get(about.project), unit.assignments.active_for(act.person.id)
    hours = DEADLINE // HOUR if project.state is ProjectState.RUNNING else 0
    return QuestionSent(project.title, words, hours, in_hand is not None)


AT_ONCE = 20


def remind_and_pause(unit: UnitOfWork) -> None:
    """What is due by now."""
    for question in unit.questions.to_remind(AT_ONCE):
        unit.questions.reminded(question.id)
        show_card(unit, question, ":again")
    for question in unit.questions.overdue(AT_ONCE):
        if unit.questions.is_late(question.id):
            _pause(unit, question)


def _pause(unit: UnitOfWork, question: Question) -> None:
    project = unit.projects.get(question.project)
    if not unit.projects.pause(project.id, PAUSE):
        return
    unit.audit.note(None, "pause", f"project:{project.id}", question=question.id)
    if project.state is ProjectState.RUNNING:
        waiting = unit.questions.late(project.id)
        awaits = ProjectAwaitsAnswer(project.id, project.title, question.words, waiting, DEADLINE // HOUR)
        unit.outbox.tell(project.requester, awaits)


def lift(unit: UnitOfWork, project: ProjectId) -> bool:
    """Offers the project's tasks again where no late question is left; whether that ended its pause."""
    if unit.questions.late(project) or not unit.projects.resume(project, PAUSE):
        return False
    unit.audit.note(None, "resumed", f"project:{project}", why=PAUSE)
    found = unit.projects.get(project)
    if found.state is not ProjectState.RUNNING or found.paused:
        return False
    lifecycle.wake_workers(unit, project)
    return True


ANSWER_JOURNEY = "answer"
STANDING = 8  # entries that are offered as answers


def show_next(act: Act, project: ProjectId) -> Reply | NoQuestions:
    """The question of a project that has waited longest."""
    known = projects.mine(act.unit, act.person, project)
    question = act.unit.questions.next_open(known.id)
    if question is None:
        return NoQuestions(known.id, known.title)
    name = name_of(question.id, ":shown")
    return Reply(card(act.unit, question), live=name, anew=True)


def ask_for_answer(act: Act, question: QuestionId) -> AnswerWanted:
    """The button: the next words are the answer."""
    project, asked = _open(act.unit, act.person, question)
    act.unit.drafts.keep(act.person.id, ANSWER_JOURNEY, {"question": asked.id}, act.unit.now)
    return AnswerWanted(asked.id, project.title, asked.words)


def take_answer(act: Act, draft: dict[str, Any], text: str) -> AnswerPublished:
    published = answer(act, QuestionId(draft["question"]), text)
    act.unit.drafts.drop(act.person.id)
    return published


def by_reply(act: Act, message: int, text: str) -> AnswerPublished | Reply | None:
    """A reply to the message of a question; None where that message shows none."""
    question = shown_in(act.unit, act.person.id, message)
    asked = act.unit.questions.find(question) if question else None
    if asked is None:
        return None
    return payouts.kept_back(text) or answer(team_spending.for_project(act, asked.project, Right.LOOK), asked.id, text)


def answer(act: Act, number: QuestionId, text: str) -> AnswerPublished:
    """Goes to the asker at once, to everybody else at work there soon, and stays in the FAQ."""
    unit, (project, question) = act.unit, _open(act.unit, act.person, number)
    words = answer_of(text)
    if words is None:
        raise BadInput(what="answer", value="", expected=[str(LONGEST_ANSWER)])
    if unit.questions.answer(question, words, act.person.id) is None:
        raise _gone(number)
    unit.questions.spread(project.id)
    return _ended(unit, project, question, words, standing=False)


def choose_standing(act: Act, question: QuestionId) -> StandingAnswers:
    """The button: which entry of the FAQ answers it?"""
    project, asked = _open(act.unit, act.person, question)
    entries = act.unit.questions.faq(project.id, act.unit.questions.entries(project.id) + 1, STANDING)
    return StandingAnswers(asked.id, asked.words, entries)


def answer_by_entry(act: Act, question: QuestionId, entry: int) -> AnswerPublished:
    """The entry goes to the asker alone: the others know it."""
    unit, (project, asked) = act.unit, _open(act.unit, act.person, question)
    standing = unit.questions.entry(project.id, entry)
    if standing is None or standing.answer is None or not unit.questions.refer(asked.id, standing.id, act.person.id):
        raise _gone(question)
    return _ended(unit, project, asked, standing.answer, standing=True)


def _ended(unit: UnitOfWork, project: Project, question: Question, words: str, standing: bool) -> AnswerPublished:
    if question.asker is not None:
        unit.outbox.tell(question.asker, QuestionAnswered(project.id, project.title, question.words, words))
    close(unit, question, words)
    resumed = lift(unit, project.id)
    return AnswerPublished(project.id, project.title, standing, unit.questions.waiting(project.id), resumed)


def _open(unit: UnitOfWork, requester: Person, number: QuestionId) -> tuple[Project, Question]:
    """An unanswered question of the requester's own project: the row authorises."""
    question = unit.questions.find(number)
    project = projects.owned(unit, requester, question.project if question else None)
    if question is None or project is None or not question.is_open:
        raise _gone(number)
    return project, question


def _gone(number: QuestionId) -> NotFound:
    return NotFound(what="question", name=str(number))


PAGE = 5  # entries of a page
NEWS = 3  # entries of a letter: /faq has the others
TOGETHER = 200  # workers told in one transaction


def show_faq(act: Act, project: ProjectId, before: int) -> Faq:
    """For workers who were given a task there, its requester and admins; behind entry `before`, 0 for the newest."""
    unit, known = act.unit, act.unit.projects.find(project)
    works = known is not None and unit.enrolments.find(act.person.id, known.id) is not None
    if known is None or not (works or act.unit.teams.is_side(known.requester, act.person.id) or "admin" in act.roles):
        raise NotFound(what="offer", name="")
    total = unit.questions.entries(known.id)
    found = unit.questions.faq(known.id, before or total + 1, PAGE + 1)
    more = found[PAGE - 1].number if len(found) > PAGE else 0
    asks = works and not act.person.suspended and is_about(unit, act.person, known.id)
    waiting, rests = unit.questions.waiting(known.id), unit.questions.late(known.id) > 0
    return Faq(known.id, known.title, found[:PAGE], total, more, asks, waiting, rests)


def spread(unit: UnitOfWork) -> None:
    """One step of a round: some workers of one project are told what is new, each in one letter that rings no bell."""
    at = unit.questions.round()
    if at is None:
        return
    if at.telling == at.told:
        at = replace(at, telling=unit.questions.entries(at.project), worker=0)
    readers = unit.questions.readers(at.project, at.worker, TOGETHER)
    _tell(unit, at, readers)
    if len(readers) == TOGETHER:
        unit.questions.move(replace(at, worker=readers[-1]), is_open=True)
    else:
        ended = replace(at, told=at.telling, worker=0)
        unit.questions.move(ended, is_open=unit.questions.entries(at.project) > at.telling)


def _tell(unit: UnitOfWork, at: FaqRound, readers: list[PersonId]) -> None:
    """Those who asked have their answer already."""
    project, news = unit.projects.get(at.project), unit.questions.news(at, NEWS)
    if project.state is not ProjectState.RUNNING:
        return
    for reader in readers:
        entries = tuple(entry for asker, entry in news if asker != reader)
        if entries:
            told = FaqNews(project.id, project.title, entries)
            unit.outbox.tell(reader, told, lane=Lane.BROADCAST, klass="nudge")


NEWEST = 50  # answers


def page(act: Act, number: ProjectId, after: int, limit: int) -> Questions:
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    found = unit.questions.page(project.id, after, limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    answered = unit.questions.faq(project.id, unit.questions.entries(project.id) + 1, NEWEST)
    return Questions(tuple(_shown(unit, each) for each in found[:limit]), more, tuple(answered))


def _shown(unit: UnitOfWork, question: Question) -> OpenQuestion:
    task = unit.tasks.get(question.task).key
    return OpenQuestion(question.id, task, question.words, question.asked_at, question.due_at)


def report(act: Act, question: QuestionId) -> QuestionReported:
    """Once a question. An admin reads it."""
    unit, asked = act.unit, act.unit.questions.find(question)
    project = projects.owned(unit, act.person, asked.project if asked else None)
    if asked is None or project is None or not unit.questions.report(asked.id):
        raise NotFound(what="question", name=str(question))
    unit.audit.note(act.person.id, "report question", f"question:{asked.id}")
    shown = _to_judge(unit, project, asked)
    for admin in cases.deciders(unit, act.house.admins, (project.requester, asked.asker)):
        unit.outbox.tell(admin, shown)
    return QuestionReported(project.title)


def show_report(act: Act, question: QuestionId) -> QuestionToJudge:
    """`/admin` leads here: the question once more, where it still waits."""
    asked = act.unit.questions.find(question)
    if asked is None or not asked.is_open or asked.report != "open":
        raise NotFound(what="question", name=str(question))
    return _to_judge(act.unit, act.unit.projects.get(asked.project), asked)


def waiting_for(act: Act, limit: int) -> list[Question]:
    """Those this admin may judge."""
    unit, admins = act.unit, act.house.admins
    return [
        each
        for each in unit.questions.to_judge(limit)
        if act.person.id in cases.deciders(unit, admins, (unit.projects.get(each.project).requester, each.asker))
    ]


def _to_judge(unit: UnitOfWork, project: Project, asked: Question) -> QuestionToJudge:
    return QuestionToJudge(
        question=asked.id,
        project=project.id,
        title=project.title,
        who=unit.people.get(project.requester).label,
        worker=name_of_asker(unit, asked, project.requester),
        words=asked.words,
        about=beginning_of(project, unit.tasks.get(asked.task)),
        dismissed=unit.questions.dismissed(asked.asker) if asked.asker else 0,
    )


def judge(act: Act, question: QuestionId, abuse: bool) -> ReportJudged | None:
    """An admin's word: abuse needs no answer; all else does. A second press changes nothing."""
    unit, asked = act.unit, act.unit.questions.find(question)
    if asked is None:
        raise NotFound(what="question", name=str(question))
    project = unit.projects.get(asked.project)
    alone = cases.check(act, project.requester, asked.asker)
    if not unit.questions.judge(asked.id, abuse, act.person.id):
        return None
    unit.audit.note(act.person.id, "dismissed" if abuse else "kept", f"question:{asked.id}", alone=alone)
    if abuse:
        if asked.asker is not None:
            unit.outbox.tell(asked.asker, QuestionDismissed(project.title, asked.words))
        close(unit, asked, None, dismissed=True)
        lift(unit, project.id)
    judged = ReportJudged(project.title, asked.words, abuse)
    if project.requester != act.person.id:
        unit.outbox.tell(project.requester, judged)
    return judged
