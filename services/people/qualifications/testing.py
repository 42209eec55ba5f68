"""A worker takes the test of a qualification: its questions one after the other in one message.

What was answered so far is kept with the request. A test with a key is scored at once; without one its requester reads
it. When the time is up, what was answered so far is handed in.
"""

from collections.abc import Callable
from typing import Any

import orjson

from domain.answers import Draft, kind_of, kinds
from domain.moments import Moment
from domain.mturk import former_workers
from domain.mturk.questions import QuestionForm
from domain.people.qualification_messages import (
    AttemptsTaken,
    QualificationAsked,
    QualificationGranted,
    QualificationRefused,
    TestShown,
    TestWaits,
)
from domain.people.qualifications import OFFERED, REJECTED, TESTING, QualificationRequest, QualificationType, RequestId
from domain.projects.form_questions import packed, place_of, questions_of
from domain.projects.media import laid
from domain.projects.tasks import TaskContent, fill
from domain.records import record
from domain.work.answer_pad import AnswerPad
from formats.mturk import answer_key, question
from services.act import Act, Reply
from services.people.qualifications import apart, test_pay
from services.people.qualifications.grants import grant, requester_of
from services.people.qualifications.requests import mine

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
        apart.check(act.unit, act.person.id, type_)
        if not test_pay.take_place(act.unit, type_, act.person.id):
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
    form = question.read(type_.test) if type_.test else None
    return len(form.questions) if isinstance(form, QuestionForm) else 0


def _sitting(act: Act, number: RequestId) -> Sitting:
    request, type_ = mine(act, number, (TESTING,))
    form = question.read(request.test or "")
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
    test_pay.settle(unit, type_, sitting.request.worker, bool(sitting.draft))
    answers = dict(place_of(questions_of(sitting.pad.options), sitting.draft).answers)
    unit.qualifications.hand_in(sitting.request.id, orjson.dumps(answers).decode())
    if test == former_workers.TEST and unit.turk_imports.has_values(type_.id):
        return _claimed(act, sitting, answers.get(former_workers.QUESTION, ""))
    if key is None:
        return QualificationAsked(type_.name, requester_of(unit, type_), tested=True)
    value = answer_key.read(key).value(answer_key.chosen_in(sitting.form, answers))
    grant(unit, type_, act.person.id, value, tells=False)
    return QualificationGranted(type_.name, requester_of(unit, type_), value, tested=True)


def _claimed(act: Act, sitting: Sitting, said: str) -> QualificationGranted | QualificationRefused:
    """What their requester saved of them at Amazon: of each id once."""
    unit, type_ = act.unit, sitting.type
    value = unit.turk_imports.claim(type_.id, former_workers.hash_of(said))
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
