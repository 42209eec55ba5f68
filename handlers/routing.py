"""Routes: each maps a button or a command to the service that performs it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.messages import Message
from domain.people.accounts import ADMIN, EVERYBODY, REQUESTER, ROLES, WORKER
from domain.people.onboarding import Command
from domain.people.teams import Right
from handlers.payload import Payload
from handlers.screen import SCREENS
from services.act import Act, Reply
from services.people import team_spending

__all__ = ["ADMIN", "EVERYBODY", "REQUESTER", "ROLES", "WORKER", "Route", "RoutingTable"]

Job = Callable[[Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """`service(act, **payload.fields())` runs inside one transaction; its result is shown to the person who asked.

    `command` is the typed command; with `word` the route applies only where that word comes next. `usage` names its
    arguments, `means` is its line in help, menus and manual: English, the keys of their translations. `listed` is the
    role whose list has it, where that is not `role`.
    `beside(act, **fields)` makes long readings on a reading connection before the transaction; the service gets its
    result as `reading`.
    `job(door, result)` takes many transactions, for example to read a file: the service only looks, and the job ends
    the request with what it has to say. `stays`: also for a person whom an admin has suspended.
    `right`: what a member of a team needs for it (services/people/team_spending.py); a requester's route without one
    needs the right to spend, other routes are each person's own.
    """

    payload: type[Payload]
    role: str
    service: Callable[..., object]
    command: str = ""
    usage: str = ""
    means: str = ""
    beside: Callable[..., object] | None = None
    job: Job | None = None
    listed: str = ""
    word: str = ""
    stays: bool = False
    right: Right | None = None

    def act_for_account(self, act: Act, payload: Payload) -> Act:
        """Return the act for the account that the payload is about: the person's own, or that of a team. Raise a
        TeamRefusal without the right."""
        right = self.right or (Right.SPEND if self.role == REQUESTER else None)
        return act if right is None else team_spending.act_for_owner(act, self.service, payload.fields(), right)

    def run(self, act: Act, payload: Payload, reading: object = None) -> object:
        """Run the service and store its messages in the same transaction. Raise NotAllowed without the role, and the
        service's refusals."""
        result = self.run_service(act, payload, reading)
        show_all(act, result)
        return result

    def run_service(self, act: Act, payload: Payload, reading: object = None) -> object:
        """Run the service for the account that the payload is about, charged to a team's member, and return its result.
        Raise as `run` does."""
        act = self.act_for_account(act, payload)
        act.require(self.role, self.stays)
        extra = {} if self.beside is None else {"reading": reading}
        return team_spending.run_charged(act, lambda: self.service(act, **payload.fields(), **extra))


def tell(act: Act, service: Callable[[Act], object]) -> object:
    """Run a service that has no route; its result is shown to the person who acts."""
    result = service(act)
    show_all(act, result)
    return result


def show_all(act: Act, result: object) -> None:
    for single_result in list_results(result):
        reply = (
            single_result
            if isinstance(single_result, Reply)
            else Reply(single_result)
            if isinstance(single_result, Message)
            else None
        )
        if reply is not None:
            show(act, reply)


def list_results(result: object) -> tuple[object, ...]:
    """Return a service's results one by one: a tuple if there are several, such as one for each currency."""
    return result if isinstance(result, tuple) else (result,)


def show(act: Act, reply: Reply) -> None:
    """Store the result, then the next message, for the person who asked, in the same transaction."""
    if isinstance(reply.done, Message) and reply.done.stored_as in SCREENS:
        act.unit.outbox.tell(act.chat.id, reply.done)
    if reply.message is not None and reply.message.stored_as in SCREENS:
        if reply.live and reply.anew:
            act.unit.live_messages.forget(act.chat.id, reply.live)
        act.unit.outbox.tell(act.chat.id, reply.message, live=reply.live, edits=reply.edits)


class RoutingTable:
    """Routes by payload and by command."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self.by_payload = {route.payload: route for route in self.routes}
        self.by_command: dict[str, tuple[Route, ...]] = {}
        for route in self.routes:
            if route.command:
                self.by_command[route.command] = (*self.by_command.get(route.command, ()), route)

    def find_typed(self, command: str, words: Sequence[str]) -> Route | None:
        """Return the route of a typed command: the one with this first word, else one that takes so many words, else
        the last, whose refusal names the expected words. Return None for an unknown command."""
        routes = self.by_command.get(command, ())
        routes_of_word = [
            route for route in routes if route.word and [route.word] == [word.lower() for word in words[:1]]
        ]
        unnamed = [route for route in routes if not route.word]
        fitting = [route for route in unnamed if route.payload.takes(len(words))]
        return next(iter(routes_of_word or fitting or unnamed[-1:]), None)

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that help, menus and the manual list, in the table's order."""
        return tuple(
            Command(route.listed or route.role, route.command, route.usage, route.means, route.stays or not route.role)
            for route in self.routes
            if route.command and route.means
        )
