"""Screening questions, and tests and offers of qualifications, for workers without work.

A worker is asked once what alone keeps them from a running project; they may decline to say."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from domain.answers import kind_of, list_kinds
from domain.handing_in import Draft
from domain.messages import record
from domain.moments import Moment
from domain.people.accounts import Person
from domain.people.qualifications import (
    DECLINED,
    NO_ANSWER,
    OFFERED,
    OPEN_STATES,
    REJECTED,
    TESTING,
    WAITING,
    AttemptsTaken,
    QualificationAsked,
    QualificationDeclined,
    QualificationGranted,
    QualificationOffered,
    QualificationRefused,
    QualificationRequest,
    QualificationType,
    RequestId,
    ScreeningAsked,
    ScreeningList,
    ScreeningQuestion,
    ScreeningSaid,
    TestShown,
    TestWaits,
)
from domain.people.question_forms import QuestionForm
from domain.projects.form_questions import pack_questions, place_of, questions_of
from domain.projects.projects import HOLDS, SAYS, Project, Requirement, conditions, parse_requirement
from domain.projects.tasks import TaskContent, fill, split_media
from domain.refusals import NotFound, UnknownChoice
from domain.work.assignments import AnswerPad
from formats import question_forms
from services import events
from services.act import Act, Reply
from services.people import blocks, qualification_grants
from services.people.blocks import are_apart
from services.people.qualification_grants import get_own_request, grant, granted_message, requester_name
from services.work.task_selection import RULES, suits_preferences
from storage.unit import UnitOfWork

MAX_PROJECTS_SEARCHED = 50  # running projects that ask only some people


def ask_screening(unit: UnitOfWork, worker: Person) -> None:
    """Ask the worker one screening question that would open a project to them; do nothing if there is none."""
    for number in _unasked_questions(unit, worker):
        question = unit.screening.find(number)
        if question is not None and unit.screening.add_asked(worker.id, question.id):
            unit.outbox.tell(worker.id, ScreeningAsked(question.id, question.words, question.options))
            return


def answer_screening(act: Act, question: int, option: int) -> Reply:
    """Store the answer to a screening question; it can be changed and deleted at any time.

    Raise UnknownChoice for an option that does not exist, NotFound if the worker was never asked."""
    screening = _get_asked_question(act, question)
    if option != NO_ANSWER and not 0 <= option < len(screening.options):
        raise UnknownChoice()
    answer_text = None if option == NO_ANSWER else screening.options[option]
    act.unit.screening.set_answer(act.person.id, screening.id, answer_text)
    act.unit.people.unpark_one(act.person.id)
    return Reply(ScreeningSaid(screening.id, screening.words, answer_text), edits=act.message)


def show_screening(act: Act, question: int) -> Reply:
    """Show a screening question again, to change the answer. Raise NotFound if the worker was never asked."""
    screening = _get_asked_question(act, question)
    return Reply(ScreeningAsked(screening.id, screening.words, screening.options), edits=act.message)


def list_screening(act: Act) -> Reply:
    """Show all screening questions that the worker was asked, with their answers."""
    answers = act.unit.screening.get_answers(act.person.id)
    questions = ((act.unit.screening.find(number), answer_text) for number, answer_text in answers.items())
    shown_answers = tuple(
        ScreeningSaid(screening.id, screening.words, answer_text)
        for screening, answer_text in questions
        if screening is not None
    )
    return Reply(ScreeningList(shown_answers), edits=act.message)


def _get_asked_question(act: Act, number: int) -> ScreeningQuestion:
    """Return a screening question that the person was asked. Raise NotFound otherwise."""
    question = act.unit.screening.find(number)
    if question is None or number not in act.unit.screening.get_answers(act.person.id):
        raise NotFound(what="question", name=str(number))
    return question


def _unasked_questions(unit: UnitOfWork, worker: Person) -> Iterator[int]:
    """Yield screening questions the worker was not asked, of projects whose other conditions they all meet."""
    for project in unit.projects.for_some(MAX_PROJECTS_SEARCHED):
        if project.requester == worker.id or not suits_preferences(unit, worker, project):
            continue
        unmet = [
            condition
            for condition in conditions(project.who)
            if not RULES[condition.name](unit, worker, project, condition)
        ]
        question_ids = [int(condition.value.partition(":")[0]) for condition in unmet if condition.name == SAYS]
        if len(question_ids) == len(unmet):
            yield from (number for number in question_ids if number not in unit.screening.get_answers(worker.id))


TEST_JOURNEY = "qualification test"
TEST_TEMPLATE = "{text}\n{image}\n{audio}\n{video}"


@record
class TestSitting:
    """A test being taken, with the moment at which it began and the answers so far."""

    request: QualificationRequest
    type: QualificationType
    form: QuestionForm
    begun: Moment
    draft: Draft

    @property
    def pad(self) -> AnswerPad:
        return AnswerPad(form_kind(), pack_questions(self.form.form_questions), self.draft)

    def is_over(self, now: Moment) -> bool:
        return self.type.is_over(self.begun, now)


def begin_test(act: Act, number: RequestId) -> Reply:
    """Begin a test in a message of its own, and take a paid place; show it again if it was begun before.

    Hand it in if its time is up. Answer AttemptsTaken if all paid places are taken. Raise NotFound if the request is
    another's or decided, and as `blocks` does for a blocked worker."""
    request, type_ = get_own_request(act, number, (OFFERED, TESTING))
    if request.state == OFFERED:
        blocks.require_obtainable(act.unit, act.person.id, type_)
        if not qualification_grants.take_place(act.unit, type_, act.person.id):
            return Reply(AttemptsTaken(type_.name, number), edits=act.message)
        act.unit.qualifications.begin_test(number, type_.test or "", type_.answer_key, _pack_answers(act.unit.now, ()))
    sitting = _get_sitting(act, number)
    if sitting.is_over(act.unit.now):
        return Reply(_hand_in(act, sitting))
    _expect_text(act, sitting, None)
    return Reply(_to_test_shown(sitting))


def stop_test(act: Act, number: RequestId, type_: QualificationType) -> Reply:
    """Stop a test: text is no longer its answer. The answers are kept, and its time runs on."""
    act.unit.drafts.stop(act.person.id, TEST_JOURNEY)
    return Reply(TestWaits(number, type_.name, type_.test_seconds is not None), edits=act.message)


def press_option(act: Act, request: RequestId, option: int) -> Reply:
    """Answer a step of the test by a button, or go a step back; hand it in after the last step or when its time is
    up."""
    return _answer_step(act, _get_sitting(act, request), lambda pad: pad.choose(option), act.message)


def answer_typed(act: Act, draft: dict[str, Any], words: str) -> Reply | None:
    """Answer a step of the test by text. Return None, and stop the test, if its type was deleted or was granted without
    it."""
    request = act.unit.qualifications.find_request(draft["request"])
    if request is None or request.state != TESTING or act.unit.qualifications.find(request.type) is None:
        act.unit.drafts.stop(act.person.id, TEST_JOURNEY)
        return None
    return _answer_step(act, _get_sitting(act, draft["request"]), lambda pad: pad.write(words), draft["message"])


def form_kind() -> str:
    """Return the answer kind that has questions of its own."""
    return next(name for name in list_kinds() if kind_of(name).asks_questions)


def count_questions(type_: QualificationType) -> int:
    """Return the number of questions of the type's test; 0 without one."""
    return len(question_forms.read_form(type_.test).questions) if type_.test else 0


def _get_sitting(act: Act, number: RequestId) -> TestSitting:
    """Return the test that this person is taking. Raise NotFound if it is another's, or not under way."""
    request, type_ = get_own_request(act, number, (TESTING,))
    form = question_forms.read_form(request.test or "")
    answers = orjson.loads(request.answers or "{}")
    return TestSitting(request, type_, form, Moment(answers["begun"]), tuple(answers["draft"]))


def _answer_step(act: Act, sitting: TestSitting, move: Callable[[AnswerPad], AnswerPad], message: int | None) -> Reply:
    """Carry out one step, save the answers, and show the next; hand the test in if it is complete or its time is up."""
    if sitting.is_over(act.unit.now):
        return Reply(_hand_in(act, sitting), edits=act.message)
    pad = move(sitting.pad)
    act.unit.qualifications.save_answers(sitting.request.id, _pack_answers(sitting.begun, pad.draft))
    now = _get_sitting(act, sitting.request.id)
    if pad.is_complete:
        return Reply(_hand_in(act, now), edits=act.message)
    _expect_text(act, now, message)
    return Reply(_to_test_shown(now), edits=message)


def _hand_in(act: Act, sitting: TestSitting) -> QualificationAsked | QualificationGranted | QualificationRefused:
    """Hand the test in: pay or free the attempt, and grant the value if the test has a key.

    Without a key the requester decides. A test that asks who the worker was elsewhere claims the value imported for
    them."""
    unit, type_, test, key = act.unit, sitting.type, sitting.request.test, sitting.request.answer_key
    act.unit.drafts.stop(act.person.id, TEST_JOURNEY)
    qualification_grants.settle_attempt(unit, type_, sitting.request.worker, bool(sitting.draft))
    answers = dict(place_of(questions_of(sitting.pad.options), sitting.draft).answers)
    unit.qualifications.hand_in(sitting.request.id, orjson.dumps(answers).decode())
    imported = events.ask(unit, events.FindImportedValue(type_.id, test or "", answers))
    if imported is not None:
        return _grant_imported(act, sitting, imported.value)
    if key is None:
        return QualificationAsked(type_.name, requester_name(unit, type_), tested=True)
    value = question_forms.parse_answer_key(key).value(question_forms.get_chosen_selections(sitting.form, answers))
    grant(unit, type_, act.person.id, value, tells=False)
    return QualificationGranted(type_.name, requester_name(unit, type_), value, tested=True)


def _grant_imported(act: Act, sitting: TestSitting, value: int | None) -> QualificationGranted | QualificationRefused:
    """Grant the value that the requester imported for this worker; refuse without one."""
    unit, type_ = act.unit, sitting.type
    if value is None:
        unit.qualifications.decide(sitting.request.id, REJECTED)
        return QualificationRefused(type_.name, requester_name(unit, type_), "")
    grant(unit, type_, act.person.id, value, tells=False)
    return QualificationGranted(type_.name, requester_name(unit, type_), value)


def _expect_text(act: Act, sitting: TestSitting, message: int | None) -> None:
    """Expect the person's next text as an answer of this test, wherever text is wanted."""
    draft = {"request": sitting.request.id, "message": message}
    act.unit.drafts.keep(act.person.id, TEST_JOURNEY, draft, act.unit.now)


def _pack_answers(begun: Moment, draft: Draft) -> str:
    return orjson.dumps({"begun": begun, "draft": draft}).decode()


def _to_test_shown(sitting: TestSitting) -> TestShown:
    pad = sitting.pad
    return TestShown(
        request=sitting.request.id,
        name=sitting.type.name,
        kind=pad.kind,
        content=_test_content(sitting.form),
        options=pad.options,
        draft=pad.draft,
    )


def _test_content(form: QuestionForm) -> TaskContent:
    row = {"text": form.text, "image": "", "audio": "", "video": ""}
    for column, address in form.media:
        row[column] = f"{row[column]}\n{address}".strip()
    template, media = split_media(TEST_TEMPLATE, row)
    return TaskContent(fill(template, row).strip(), None, media)


def offer_qualification(unit: UnitOfWork, worker: Person) -> None:
    """Offer a worker without work the one qualification that keeps them from a running project; do nothing if there is
    none."""
    for project in unit.projects.for_some(MAX_PROJECTS_SEARCHED):
        missing = _find_single_unmet_requirement(unit, worker, project)
        if missing is None or not missing.can_be_asked_for:
            continue
        type_ = unit.qualifications.find(missing.type or 0)
        if type_ is None or not _may_be_offered(unit, type_, worker, missing):
            continue
        request = unit.qualifications.add_request(type_.id, worker.id, OFFERED, type_.test)
        if request is not None:
            is_awaited = qualification_grants.find_awaited_value(unit, type_.id, worker) is not None
            unit.outbox.tell(worker.id, _to_offer(unit, type_, worker, request, is_awaited))
            return


def accept_offer(act: Act, request: RequestId) -> Reply:
    """Accept an offer: begin its test, grant it at once, or let its requester decide.

    A worker who is awaited by name gets it at once. Raise NotFound if the request is another's, or waits or is decided
    already."""
    unit = act.unit
    own_request, type_ = get_own_request(act, request, OPEN_STATES)
    if (value := qualification_grants.find_awaited_value(unit, type_.id, act.person)) is not None:
        grant(unit, type_, act.person.id, value, tells=False)
        qualification_grants.stop_awaiting(unit, type_.id, act.person)
        return Reply(granted_message(unit, type_, value))
    if own_request.state == WAITING:
        raise NotFound(what="qualification", name="")
    if type_.test is not None:
        return begin_test(act, request)
    if type_.granted_by_itself is not None:
        grant(unit, type_, act.person.id, type_.granted_by_itself, tells=False)
        return Reply(granted_message(unit, type_, type_.granted_by_itself))
    unit.qualifications.hand_in(request, "")
    return Reply(QualificationAsked(type_.name, requester_name(unit, type_)), edits=act.message)


def decline_offer(act: Act, request: RequestId) -> Reply:
    """Decline an offer, which is not made again; a test that was begun is stopped and waits.

    A waiting request goes on waiting: if it vanished, its requester would learn whom they had named."""
    own_request, type_ = get_own_request(act, request, OPEN_STATES)
    if own_request.state == TESTING:
        return stop_test(act, request, type_)
    if own_request.state == OFFERED:
        act.unit.qualifications.decide(request, DECLINED)
    return Reply(QualificationDeclined(type_.name), edits=act.message)


def refuse_request(unit: UnitOfWork, type_: QualificationType, request: QualificationRequest, reason: str) -> bool:
    """Refuse a worker's request and tell them. Return False if it was decided before."""
    if not unit.qualifications.decide(request.id, REJECTED, reason):
        return False
    unit.outbox.tell(request.worker, QualificationRefused(type_.name, requester_name(unit, type_), reason))
    return True


def _find_single_unmet_requirement(unit: UnitOfWork, worker: Person, project: Project) -> Requirement | None:
    """Return the requirement of a qualification that alone keeps the worker from this project, or None."""
    if project.requester == worker.id or not suits_preferences(unit, worker, project):
        return None
    unmet = [
        condition
        for condition in conditions(project.who)
        if not RULES[condition.name](unit, worker, project, condition)
    ]
    enrolment = unit.enrolments.find(worker.id, project.id)
    kept_out = enrolment is not None and (enrolment.declined or enrolment.blocked or enrolment.barred is not None)
    if kept_out or len(unmet) != 1 or unmet[0].name != HOLDS or are_apart(unit, worker.id, project.requester):
        return None
    return parse_requirement(unmet[0].value) if _has_place_left(unit, worker, project) else None


def _has_place_left(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    return unit.enrolments.left.has_place(worker.id, project.id)


def _may_be_offered(unit: UnitOfWork, type_: QualificationType, worker: Person, missing: Requirement) -> bool:
    """Return whether the type may be offered: active, not revoked, enough for the requirement, and a new attempt is
    allowed."""
    has = unit.qualifications.find_qualification(type_.id, worker.id)
    if not type_.active or (has is not None and not has.granted):
        return False  # it was taken back
    if type_.granted_by_itself is not None and not missing.is_met(type_.granted_by_itself):
        return False
    if not qualification_grants.can_offer_test(unit, type_, worker.id)[0]:
        return False
    latest = unit.qualifications.find_latest_request(type_.id, worker.id)
    if latest is None:
        return has is None or type_.test is not None
    ended = latest.decided_at or latest.made_at
    return not latest.is_open and latest.state != DECLINED and type_.may_ask_again(ended, unit.now)


def _to_offer(
    unit: UnitOfWork, type_: QualificationType, worker: Person, request: RequestId, is_awaited: bool
) -> QualificationOffered:
    offer = QualificationOffered(request, type_.name, type_.description, requester_name(unit, type_))
    if is_awaited:  # no test stands before it
        return replace(offer, named=True)
    terms, (_, pay) = unit.paid_tests.find(type_.id), qualification_grants.can_offer_test(unit, type_, worker.id)
    return replace(
        offer,
        questions=count_questions(type_),
        seconds=type_.test_seconds,
        pay=pay,
        currency=terms.currency if terms else "",
    )
