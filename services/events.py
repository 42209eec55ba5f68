"""Events: what happened in the core, told to extensions in the same transaction; and questions that extensions answer.

An extension's `subscribers` module registers functions by the class of an event or of a question. They are called
at once, in the transaction of the caller: what one of them raises rolls it back.
"""

import inspect
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from domain.extensions import load_parts
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId
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


class Question(Generic[Answer]):
    """Base of questions whose answer is of this type."""

    __slots__ = ()


def subscribe(kind: type[E]) -> Callable[[Callable[[UnitOfWork, E], None]], Callable[[UnitOfWork, E], None]]:
    """Return a decorator that registers a function for events of this class and of its subclasses."""

    def register(subscriber: Callable[[UnitOfWork, E], None]) -> Callable[[UnitOfWork, E], None]:
        _subscribers[kind].append(subscriber)
        return subscriber

    return register


def answer(
    kind: type[Question[Answer]],
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


def ask(unit: UnitOfWork, question: Question[Answer]) -> Answer | None:
    """Return the first answer of an extension; None without one."""
    kind: Any = type(question)
    answers = (responder(unit, question) for responder in _find_subscribers(kind))
    return next((answered for answered in answers if answered is not None), None)


@cache
def _find_subscribers(kind: Any) -> tuple[Callable[[UnitOfWork, Any], Any], ...]:
    load_parts("subscribers")
    return tuple(subscriber for base in inspect.getmro(kind) for subscriber in _subscribers.get(base, ()))
