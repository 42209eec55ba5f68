"""One line for each thing people can do: a route leads a button or a command to the service that does it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.messages import Message
from domain.people.access import ADMIN, EVERYBODY, REQUESTER, ROLES, WORKER
from domain.people.messages import Command
from handlers.payloads.payload import Payload
from handlers.screens.screen import SCREENS
from services.act import Act, Reply

__all__ = ["ADMIN", "EVERYBODY", "REQUESTER", "ROLES", "WORKER", "Route", "RoutingTable"]


@dataclass(frozen=True, slots=True)
class Route:
    """`service(act, **payload.fields())` does it, inside one transaction; what it returns is shown to whoever asked.

    `command` is what can be typed, with `word` only where that one comes next; `usage` the words behind it, `means`
    the line in help, menus and manual: English, the keys of their translations. `listed` is the role whose list
    has it, where that is not `role`.
    `beside(act, **fields)` reads what takes long on a connection of its own, before the transaction; its result comes
    to the service as `found`.
    """

    payload: type[Payload]
    role: str
    service: Callable[..., object]
    command: str = ""
    usage: str = ""
    means: str = ""
    beside: Callable[..., object] | None = None
    listed: str = ""
    word: str = ""

    def do(self, act: Act, payload: Payload, found: object = None) -> object:
        """Runs the service for whoever has the role; its message is told to them in the same transaction."""
        act.require(self.role)
        extra = {} if self.beside is None else {"found": found}
        result = self.service(act, **payload.fields(), **extra)
        show_all(act, result)
        return result


def tell(act: Act, service: Callable[[Act], object]) -> object:
    """Runs a service that no route leads to; what it returns is shown to whoever acts."""
    result = service(act)
    show_all(act, result)
    return result


def show_all(act: Act, result: object) -> None:
    for each in results_of(result):
        reply = each if isinstance(each, Reply) else Reply(each) if isinstance(each, Message) else None
        if reply is not None:
            show(act, reply)


def results_of(result: object) -> tuple[object, ...]:
    """What a service returned, one by one: several where there is one for each currency, or one after another."""
    return result if isinstance(result, tuple) else (result,)


def show(act: Act, reply: Reply) -> None:
    """Tells whoever asked what came of it, then what comes next, in the same transaction."""
    if isinstance(reply.done, Message) and reply.done.stored_as in SCREENS:
        act.unit.outbox.tell(act.person.id, reply.done)
    if reply.message is not None and reply.message.stored_as in SCREENS:
        if reply.live and reply.anew:
            act.unit.live_messages.forget(act.person.id, reply.live)
        act.unit.outbox.tell(act.person.id, reply.message, live=reply.live, edits=reply.edits)


class RoutingTable:
    """Routes by payload and by command."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self.by_payload = {route.payload: route for route in self.routes}
        self.by_command: dict[str, tuple[Route, ...]] = {}
        for route in self.routes:
            if route.command:
                self.by_command[route.command] = (*self.by_command.get(route.command, ()), route)

    def typed(self, command: str, words: Sequence[str]) -> Route | None:
        """The route that has the first word, or takes so many words; else the last one, which says what is expected."""
        routes = self.by_command.get(command, ())
        named = [route for route in routes if route.word and [route.word] == [word.lower() for word in words[:1]]]
        unnamed = [route for route in routes if not route.word]
        fitting = [route for route in unnamed if route.payload.takes(len(words))]
        return next(iter(named or fitting or unnamed[-1:]), None)

    @property
    def commands(self) -> tuple[Command, ...]:
        """What help, menus and the manual list, in the table's order."""
        return tuple(
            Command(route.listed or route.role, route.command, route.usage, route.means)
            for route in self.routes
            if route.command and route.means
        )
