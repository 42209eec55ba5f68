"""A worker without work is asked what alone keeps them from a running project, once; told or not, as they like."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from domain.answers import kind_of, kinds
from domain.handing_in import Draft
from domain.messages import record
from domain.moments import Moment
from domain.mturk import qualification_types
from domain.mturk.questions import QuestionForm
from domain.people.accounts import Person
from domain.people.qualifications import (
    DECLINED,
    NO_ANSWER,
    OFFERED,
    OPEN,
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
from domain.projects.form_questions import packed, place_of, questions_of
from domain.projects.projects import (
    HOLDS,
    SAYS,
    Project,
    Requirement,
    conditions,
    requirement,
)
from domain.projects.tasks import TaskContent, fill, laid
from domain.refusals import NotFound, UnknownChoice
from domain.work.assignments import AnswerPad
from formats.mturk import question
from services.act import Act, Reply
from services.people import blocks, qualification_grants
from services.people.blocks import are_apart
from services.people.qualification_grants import (
    grant,
    granted,
    mine,
    requester_of,
)
from services.work.task_selection import RULES, suits
from storage.unit import UnitOfWork

LOOKED_AT = 50  # running projects that ask only some people


def ask_once(unit: UnitOfWork, worker: Person) -> None:
    """One question at a time."""
    for number in _wanted(unit, worker):
        question = unit.screening.find(number)
        if question is not None and unit.screening.ask(worker.id, question.id):
            unit.outbox.tell(worker.id, ScreeningAsked(question.id, question.words, question.options))
            return


def answer(act: Act, question: int, option: int) -> Reply:
    """A press; it can be changed and taken back at any time."""
    asked = _mine(act, question)
    if option != NO_ANSWER and not 0 <= option < len(asked.options):
        raise UnknownChoice()
    said = None if option == NO_ANSWER else asked.options[option]
    act.unit.screening.say(act.person.id, asked.id, said)
    act.unit.people.unpark_one(act.person.id)
    return Reply(ScreeningSaid(asked.id, asked.words, said), edits=act.message)


def ask_again(act: Act, question: int) -> Reply:
    """To change what was said."""
    asked = _mine(act, question)
    return Reply(ScreeningAsked(asked.id, asked.words, asked.options), edits=act.message)


def listed(act: Act) -> Reply:
    """All that they were asked."""
    found = act.unit.screening.of(act.person.id)
    known = ((act.unit.screening.find(number), said) for number, said in found.items())
    told = tuple(ScreeningSaid(each.id, each.words, said) for each, said in known if each is not None)
    return Reply(ScreeningList(told), edits=act.message)


def _mine(act: Act, number: int) -> ScreeningQuestion:
    """One they were asked: the row authorises."""
    question = act.unit.screening.find(number)
    if question is None or number not in act.unit.screening.of(act.person.id):
        raise NotFound(what="question", name=str(number))
    return question


def _wanted(unit: UnitOfWork, worker: Person) -> Iterator[int]:
    """Questions that nobody has asked them, where all other conditions of a project are met."""
    for project in unit.projects.for_some(LOOKED_AT):
        if project.requester == worker.id or not suits(unit, worker, project):
            continue
        unmet = [each for each in conditions(project.who) if not RULES[each.name](unit, worker, project, each)]
        asked = [int(each.value.partition(":")[0]) for each in unmet if each.name == SAYS]
        if len(asked) == len(unmet):
            yield from (number for number in asked if number not in unit.screening.of(worker.id))


JOURNEY = "qualification test"
TEMPLATE = "{text}\n{image}\n{audio}\n{video}"


@record
class Sitting:
    """A test that is being taken: since when, and the answers so far."""

    request: QualificationRequest
    type: QualificationType
    form: QuestionForm
    begun: Moment
    draft: Draft

    @property
    def pad(self) -> AnswerPad:
        return AnswerPad(form_kind(), packed(self.form.asked), self.draft)

    def is_over(self, now: Moment) -> bool:
        return self.type.is_over(self.begun, now)


def begin(act: Act, number: RequestId) -> Reply:
    """In a message of its own, as it is now; the same one again where it had begun. A paid place is taken."""
    request, type_ = mine(act, number, (OFFERED, TESTING))
    if request.state == OFFERED:
        blocks.check(act.unit, act.person.id, type_)
        if not qualification_grants.take_place(act.unit, type_, act.person.id):
            return Reply(AttemptsTaken(type_.name, number), edits=act.message)
        act.unit.qualifications.begin(number, type_.test or "", type_.answer_key, _kept(act.unit.now, ()))
    sitting = _sitting(act, number)
    if sitting.is_over(act.unit.now):
        return Reply(_hand_in(act, sitting))
    _ask_for_words(act, sitting, None)
    return Reply(_shown(sitting))


def stop(act: Act, number: RequestId, type_: QualificationType) -> Reply:
    """Words are no answers any more; what was answered is kept, and its time runs."""
    act.unit.drafts.stop(act.person.id, JOURNEY)
    return Reply(TestWaits(number, type_.name, type_.test_seconds is not None), edits=act.message)


def press(act: Act, request: RequestId, option: int) -> Reply:
    """An option, or the way back."""
    return _moved(act, _sitting(act, request), lambda pad: pad.choose(option), act.message)


def typed(act: Act, kept: dict[str, Any], words: str) -> Reply | None:
    """None, and no question any more, where the test is gone: its qualification was deleted, or granted without it."""
    request = act.unit.qualifications.request(kept["request"])
    if request is None or request.state != TESTING or act.unit.qualifications.find(request.type) is None:
        act.unit.drafts.stop(act.person.id, JOURNEY)
        return None
    return _moved(act, _sitting(act, kept["request"]), lambda pad: pad.write(words), kept["message"])


def form_kind() -> str:
    return next(name for name in kinds() if kind_of(name).asks_questions)


def questions_in(type_: QualificationType) -> int:
    """Of its test; 0 without one."""
    form = question.read_question(type_.test) if type_.test else None
    return len(form.questions) if isinstance(form, QuestionForm) else 0


def _sitting(act: Act, number: RequestId) -> Sitting:
    request, type_ = mine(act, number, (TESTING,))
    form = question.read_question(request.test or "")
    kept = orjson.loads(request.answers or "{}")
    assert isinstance(form, QuestionForm)  # noqa: S101 - it was read when the type was made
    return Sitting(request, type_, form, Moment(kept["begun"]), tuple(kept["draft"]))


def _moved(act: Act, sitting: Sitting, move: Callable[[AnswerPad], AnswerPad], message: int | None) -> Reply:
    if sitting.is_over(act.unit.now):
        return Reply(_hand_in(act, sitting), edits=act.message)
    pad = move(sitting.pad)
    act.unit.qualifications.keep(sitting.request.id, _kept(sitting.begun, pad.draft))
    now = _sitting(act, sitting.request.id)
    if pad.is_complete:
        return Reply(_hand_in(act, now), edits=act.message)
    _ask_for_words(act, now, message)
    return Reply(_shown(now), edits=message)


def _hand_in(act: Act, sitting: Sitting) -> QualificationAsked | QualificationGranted | QualificationRefused:
    unit, type_, test, key = act.unit, sitting.type, sitting.request.test, sitting.request.answer_key
    act.unit.drafts.stop(act.person.id, JOURNEY)
    qualification_grants.settle(unit, type_, sitting.request.worker, bool(sitting.draft))
    answers = dict(place_of(questions_of(sitting.pad.options), sitting.draft).answers)
    unit.qualifications.hand_in(sitting.request.id, orjson.dumps(answers).decode())
    if test == qualification_types.TEST and unit.turk_imports.has_values(type_.id):
        return _claimed(act, sitting, answers.get(qualification_types.QUESTION, ""))
    if key is None:
        return QualificationAsked(type_.name, requester_of(unit, type_), tested=True)
    value = question.read(key).value(question.chosen_in(sitting.form, answers))
    grant(unit, type_, act.person.id, value, tells=False)
    return QualificationGranted(type_.name, requester_of(unit, type_), value, tested=True)


def _claimed(act: Act, sitting: Sitting, said: str) -> QualificationGranted | QualificationRefused:
    """What their requester saved of them at Amazon: of each id once."""
    unit, type_ = act.unit, sitting.type
    value = unit.turk_imports.claim(type_.id, qualification_types.hash_of(said))
    if value is None:
        unit.qualifications.decide(sitting.request.id, REJECTED)
        return QualificationRefused(type_.name, requester_of(unit, type_), "")
    grant(unit, type_, act.person.id, value, tells=False)
    return QualificationGranted(type_.name, requester_of(unit, type_), value)


def _ask_for_words(act: Act, sitting: Sitting, message: int | None) -> None:
    """Words are the next step, wherever they are wanted."""
    kept = {"request": sitting.request.id, "message": message}
    act.unit.drafts.keep(act.person.id, JOURNEY, kept, act.unit.now)


def _kept(begun: Moment, draft: Draft) -> str:
    return orjson.dumps({"begun": begun, "draft": draft}).decode()


def _shown(sitting: Sitting) -> TestShown:
    pad = sitting.pad
    return TestShown(sitting.request.id, sitting.type.name, pad.kind, _content(sitting.form), pad.options, pad.draft)


def _content(form: QuestionForm) -> TaskContent:
    row = {"text": form.text, "image": "", "audio": "", "video": ""}
    for column, address in form.media:
        row[column] = f"{row[column]}\n{address}".strip()
    template, media = laid(TEMPLATE, row)
    return TaskContent(fill(template, row).strip(), None, media)


def offer(unit: UnitOfWork, worker: Person) -> None:
    """Where there is no work for them."""
    for project in unit.projects.for_some(LOOKED_AT):
        missing = _missing(unit, worker, project)
        if missing is None or not missing.can_be_asked_for:
            continue
        type_ = unit.qualifications.find(missing.type or 0)
        if type_ is None or not _may_ask(unit, type_, worker, missing):
            continue
        request = unit.qualifications.ask(type_.id, worker.id, OFFERED, type_.test)
        if request is not None:
            named = qualification_grants.value_for(unit, type_.id, worker) is not None
            unit.outbox.tell(worker.id, _offered(unit, type_, worker, request, named))
            return


def accept(act: Act, request: RequestId) -> Reply:
    """Its test, or it is granted at once, or its requester decides."""
    unit = act.unit
    asked, type_ = mine(act, request, OPEN)
    if (value := qualification_grants.value_for(unit, type_.id, act.person)) is not None:
        grant(unit, type_, act.person.id, value, tells=False)
        qualification_grants.arrived(unit, type_.id, act.person)
        return Reply(granted(unit, type_, value))
    if asked.state == WAITING:
        raise NotFound(what="qualification", name="")
    if type_.test is not None:
        return begin(act, request)
    if type_.granted_by_itself is not None:
        grant(unit, type_, act.person.id, type_.granted_by_itself, tells=False)
        return Reply(granted(unit, type_, type_.granted_by_itself))
    unit.qualifications.hand_in(request, "")
    return Reply(QualificationAsked(type_.name, requester_of(unit, type_)), edits=act.message)


def decline(act: Act, request: RequestId) -> Reply:
    """Not offered again; a test that was begun waits. A request that waited goes on waiting: its requester would see
    that it is gone, and know whom they had named."""
    asked, type_ = mine(act, request, OPEN)
    if asked.state == TESTING:
        return stop(act, request, type_)
    if asked.state == OFFERED:
        act.unit.qualifications.decide(request, DECLINED)
    return Reply(QualificationDeclined(type_.name), edits=act.message)


def refuse(unit: UnitOfWork, type_: QualificationType, request: QualificationRequest, reason: str) -> bool:
    """The requester says no; False where it was decided."""
    if not unit.qualifications.decide(request.id, REJECTED, reason):
        return False
    unit.outbox.tell(request.worker, QualificationRefused(type_.name, requester_of(unit, type_), reason))
    return True


def _missing(unit: UnitOfWork, worker: Person, project: Project) -> Requirement | None:
    """What alone keeps them from this project."""
    if project.requester == worker.id or not suits(unit, worker, project):
        return None
    unmet = [each for each in conditions(project.who) if not RULES[each.name](unit, worker, project, each)]
    known = unit.enrolments.find(worker.id, project.id)
    kept_out = known is not None and (known.declined or known.blocked or known.barred is not None)
    if kept_out or len(unmet) != 1 or unmet[0].name != HOLDS or are_apart(unit, worker.id, project.requester):
        return None
    return requirement(unmet[0].value) if _has_room(unit, worker, project) else None


def _has_room(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    return unit.enrolments.left.has_place(worker.id, project.id)


def _may_ask(unit: UnitOfWork, type_: QualificationType, worker: Person, missing: Requirement) -> bool:
    has = unit.qualifications.has(type_.id, worker.id)
    if not type_.active or (has is not None and not has.granted):
        return False  # it was taken back
    if type_.granted_by_itself is not None and not missing.is_met(type_.granted_by_itself):
        return False
    if not qualification_grants.offered(unit, type_, worker.id)[0]:
        return False
    latest = unit.qualifications.latest(type_.id, worker.id)
    if latest is None:
        return has is None or type_.test is not None
    ended = latest.decided_at or latest.made_at
    return not latest.is_open and latest.state != DECLINED and type_.may_ask_again(ended, unit.now)


def _offered(
    unit: UnitOfWork, type_: QualificationType, worker: Person, request: RequestId, named: bool
) -> QualificationOffered:
    about = (request, type_.name, type_.description, requester_of(unit, type_))
    if named:  # no test stands before it
        return QualificationOffered(*about, named=True)
    terms, (_, pay) = unit.paid_tests.find(type_.id), qualification_grants.offered(unit, type_, worker.id)
    asked = questions_in(type_), type_.test_seconds
    return QualificationOffered(*about, *asked, pay=pay, currency=terms.currency if terms else "")
