"""Buttons whose matter is over: a press is refused, and takes them away."""

from domain.refusals import AlreadyAsked, Refusal, TooLate
from domain.work.messages import MatterOver
from handlers.payloads.fairness import BeginRedo, DeclineRedo, Judge
from handlers.payloads.money import PayOut
from handlers.payloads.payload import Payload
from handlers.payloads.qualifications import AnswerTest, AskQualification, DeclineQualification
from handlers.payloads.work import KeepFile
from services.act import Act
from services.money import payouts

ONCE = (KeepFile, BeginRedo, DeclineRedo, AskQualification, DeclineQualification, AnswerTest)


def over(act: Act, pressed: Payload | None, refusal: Refusal) -> None:
    """What was refused once will be refused for ever: a question that waits no more, of which nothing else is shown."""
    if isinstance(pressed, PayOut) and isinstance(refusal, AlreadyAsked):
        payouts.take_away(act, pressed.currency)
    late = isinstance(pressed, Judge) and type(refusal) is TooLate  # others judge the case by now
    if (late or isinstance(pressed, ONCE)) and act.message is not None:
        act.unit.outbox.tell(act.person.id, MatterOver(), klass="nudge", edits=act.message)
