"""The requester's side of questions: an answer in one message, by reply or after a press, or an entry that stands."""

from typing import Any

from domain.fairness.messages.questions import (
    AnswerPublished,
    AnswerWanted,
    NoQuestions,
    QuestionAnswered,
    StandingAnswers,
)
from domain.fairness.questions import LONGEST_ANSWER, Question, QuestionId, answer_of
from domain.people.people import Person
from domain.people.teams import Right
from domain.projects.projects import Project, ProjectId
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.fairness.questions import cards, deadlines
from services.money import payees
from services.people.teams import acting
from services.projects import ownership
from storage.unit import UnitOfWork

JOURNEY = "answer"
STANDING = 8  # entries that are offered as answers


def show_next(act: Act, project: ProjectId) -> Reply | NoQuestions:
    """The question of a project that has waited longest."""
    known = ownership.mine(act.unit, act.person, project)
    question = act.unit.questions.next_open(known.id)
    if question is None:
        return NoQuestions(known.id, known.title)
    name = cards.name_of(question.id, ":shown")
    return Reply(cards.card(act.unit, question), live=name, anew=True)


def ask_for_answer(act: Act, question: QuestionId) -> AnswerWanted:
    """The button: the next words are the answer."""
    project, asked = _open(act.unit, act.person, question)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"question": asked.id}, act.unit.now)
    return AnswerWanted(asked.id, project.title, asked.words)


def typed(act: Act, draft: dict[str, Any], text: str) -> AnswerPublished:
    published = answer(act, QuestionId(draft["question"]), text)
    act.unit.drafts.drop(act.person.id)
    return published


def by_reply(act: Act, message: int, text: str) -> AnswerPublished | Reply | None:
    """A reply to the message of a question; None where that message shows none."""
    question = cards.shown_in(act.unit, act.person.id, message)
    asked = act.unit.questions.find(question) if question else None
    if asked is None:
        return None
    return payees.kept_back(text) or answer(acting.for_project(act, asked.project, Right.LOOK), asked.id, text)


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
    cards.close(unit, question, words)
    resumed = deadlines.lift(unit, project.id)
    return AnswerPublished(project.id, project.title, standing, unit.questions.waiting(project.id), resumed)


def _open(unit: UnitOfWork, requester: Person, number: QuestionId) -> tuple[Project, Question]:
    """An unanswered question of the requester's own project: the row authorises."""
    question = unit.questions.find(number)
    project = ownership.owned(unit, requester, question.project if question else None)
    if question is None or project is None or not question.is_open:
        raise _gone(number)
    return project, question


def _gone(number: QuestionId) -> NotFound:
    return NotFound(what="question", name=str(number))
