"""Events: what happened in the core, told to extensions in the same transaction; and questions that extensions answer.

An extension's `subscribers` module registers functions by the class of an event or of a question. They are called
at once, in the transaction of the caller: what one of them raises rolls it back.
"""

import inspect
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from domain.extensions import load_parts
from domain.fairness.first_look import QuestionLook
from domain.messages import Message, Note
from domain.money.payouts import Payout, PayoutId
from domain.people.accounts import Person
from domain.people.qualifications import TypeId
from domain.projects.projects import Project
from domain.projects.tasks import TaskId
from domain.refusals import MoneyRefusal
from domain.work.assignments import Assignment, AssignmentId, Submission
from domain.work.positions import PageFrame
from services.act import Act, House
from storage.unit import UnitOfWork

E = TypeVar("E")
Answer = TypeVar("Answer")
_subscribers: dict[type, list[Callable[[UnitOfWork, Any], Any]]] = defaultdict(list)


@dataclass(frozen=True, slots=True)
class AssignmentEvent:
    """Something happened to an assignment of a project that a program keeps (`AnswerKind.is_of_programs`)."""

    task: TaskId
    assignment: AssignmentId


class AssignmentAccepted(AssignmentEvent):
    """A worker was given the task."""


class AnswerSubmitted(AssignmentEvent):
    """The worker answered."""


class AssignmentReturned(AssignmentEvent):
    """The worker gave the task back, or is gone."""


class AssignmentExpired(AssignmentEvent):
    """The time for the answer is up."""


class PayReleased(AssignmentEvent):
    """The pay was released without a decision in time."""


@dataclass(frozen=True, slots=True)
class AnswerApproved:
    """Somebody accepted an answer to a program's task, or overturned its rejection."""

    submission: Submission


@dataclass(frozen=True, slots=True)
class AnswerRejected:
    """An answer to a program's task was rejected for a reason."""

    submission: Submission
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceLeft:
    """A place came back of a program's task that is not open: its time is up, or the program moved it."""

    project: Project
    task: TaskId


@dataclass(frozen=True, slots=True)
class DraftDiscarded:
    """A draft that a program keeps was hidden; its tasks stay."""

    project: Project


@dataclass(frozen=True, slots=True)
class ErasureBegun:
    """The person who acts is to be erased, and nothing of theirs is open any more."""

    act: Act


@dataclass(frozen=True, slots=True)
class PayoutReserved:
    """A worker's payout was stored; its money is reserved next."""

    payout: PayoutId
    worker: Person
    gross: int
    currency: str
    country: str


@dataclass(frozen=True, slots=True)
class ShareReturns:
    """The withheld share of a payout that failed is about to come back to its worker."""

    payout: Payout


class CoreQuestion(Generic[Answer]):
    """Base of questions whose answer is of this type."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FindFrame(CoreQuestion[PageFrame]):
    """Asks for the requester's page of an assignment's task; a task that is asked in the chat has none."""

    house: House
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class FindPreview(CoreQuestion[PageFrame]):
    """Asks for the requester's page of a task that has not started, as an admin sees it."""

    house: House
    task: TaskId


@dataclass(frozen=True, slots=True)
class LookAtQuestion(CoreQuestion[QuestionLook]):
    """Asks what a program's task shows and asks."""

    task: TaskId


@dataclass(frozen=True, slots=True)
class ImportedValue:
    """The value that a worker had elsewhere; None if there is none for what they answered."""

    value: int | None


@dataclass(frozen=True, slots=True)
class FindImportedValue(CoreQuestion[ImportedValue]):
    """Claims the value that was imported for a worker, where the test asks who they were elsewhere."""

    type: TypeId
    test: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FindPayoutRefusal(CoreQuestion[MoneyRefusal]):
    """Asks why the person who acts may request no payout for now."""

    act: Act


@dataclass(frozen=True, slots=True)
class FollowPayout(CoreQuestion[Message]):
    """Asks for a message that follows the receipt of a payout, which the person who acts has requested."""

    act: Act


@dataclass(frozen=True, slots=True)
class FindWithheldRate(CoreQuestion[int]):
    """Asks for the share of a worker's payouts in this currency, in hundredths of a percent, by the law of the country
    whose contributions are withheld (empty for none); without an answer what an admin set is withheld."""

    worker: Person
    currency: str
    country: str


@dataclass(frozen=True, slots=True)
class SumWithheld(CoreQuestion[int]):
    """Asks how much withheld money of this currency may be paid to the authority."""

    currency: str


@dataclass(frozen=True, slots=True)
class FindLostShare(CoreQuestion[str]):
    """Asks how the withheld share of a payout got lost, so that it cannot come back: declared, or handed on."""

    payout: Payout


@dataclass(frozen=True, slots=True)
class FindNote(CoreQuestion[Message]):
    """Asks what an extension adds to a card of this class, which the person who acts is shown."""

    act: Act
    card: type[Message]


def subscribe(kind: type[E]) -> Callable[[Callable[[UnitOfWork, E], None]], Callable[[UnitOfWork, E], None]]:
    """Return a decorator that registers a function for events of this class and of its subclasses."""

    def register(subscriber: Callable[[UnitOfWork, E], None]) -> Callable[[UnitOfWork, E], None]:
        _subscribers[kind].append(subscriber)
        return subscriber

    return register


def answer(
    kind: type[CoreQuestion[Answer]],
) -> Callable[[Callable[[UnitOfWork, Any], Answer | None]], Callable[[UnitOfWork, Any], Answer | None]]:
    """Return a decorator that registers a function as one that may answer questions of this class."""

    def register(responder: Callable[[UnitOfWork, Any], Answer | None]) -> Callable[[UnitOfWork, Any], Answer | None]:
        _subscribers[kind].append(responder)
        return responder

    return register


def publish(unit: UnitOfWork, event: object) -> None:
    """Call the subscribers of the event, in this transaction."""
    kind: Any = type(event)
    for subscriber in _find_subscribers(kind):
        subscriber(unit, event)


def ask(unit: UnitOfWork, question: CoreQuestion[Answer]) -> Answer | None:
    """Return the first answer of an extension; None without one."""
    kind: Any = type(question)
    answers = (responder(unit, question) for responder in _find_subscribers(kind))
    return next((answered for answered in answers if answered is not None), None)


def ask_all(unit: UnitOfWork, question: CoreQuestion[Answer]) -> list[Answer]:
    """Return the answers of all extensions that have one."""
    kind: Any = type(question)
    answers = (responder(unit, question) for responder in _find_subscribers(kind))
    return [answered for answered in answers if answered is not None]


def find_notes(act: Act, card: type[Message]) -> tuple[Note, ...]:
    """Return what extensions add to a card of this class."""
    return tuple(Note.of(message) for message in ask_all(act.unit, FindNote(act, card)))


@cache
def _find_subscribers(kind: Any) -> tuple[Callable[[UnitOfWork, Any], Any], ...]:
    load_parts("subscribers")
    return tuple(subscriber for base in inspect.getmro(kind) for subscriber in _subscribers.get(base, ()))
