"""The context of one update: the house, the person who acted, and one transaction."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import (
    Any,
    Concatenate,
    ParamSpec,
    TypeVar,
)

from telegram import Bot
from telegram.error import TelegramError

from domain.people.accounts import Person
from domain.refusals import (
    AlreadyAnswered,
    AlreadySkipped,
    NotAllowed,
    Refusal,
    TooQuick,
    WorkRefusal,
)
from domain.work.assignments import AssignmentId
from handlers.arrival import Arrived, Sender
from handlers.payload import Payload
from handlers.profile import over
from handlers.routing import Route, results_of
from handlers.screen import render, to_plain_text, toast_of
from handlers.work import corrections as corrections_handlers
from handlers.work import tasks
from locales import translator
from locales.languages import language_for
from locales.translator import Translator
from services.act import Act, House, Reply
from services.people import onboarding
from services.projects import projects
from services.work import corrections, honest_card, submit
from services.work.honest_card import PressedAnswer
from storage.unit import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")
Api = Callable[..., Awaitable[Any]]
TOAST = 200  # characters Telegram shows over a chat
HARMLESS = (AlreadyAnswered, AlreadySkipped, TooQuick)  # a double tap is no mistake: no window to be closed


class AlreadyHandled(Exception):
    """This update's effect is in the database already: it was delivered twice."""


@dataclass(slots=True)
class Context:
    """One update on its way: at most one transaction that ends it, then at most a toast.

    `role` is what its sender must have, "" for everybody; `stays`: a suspended one, too. `ended` says that its
    transaction is durable; `asked` is what was pressed or typed, once it is read. `api` calls a method of Telegram's by
    its name.
    """

    arrived: Arrived
    bot: Bot
    api: Api
    house: House
    role: str = ""
    stays: bool = False
    ended: bool = False
    asked: Payload | None = None
    person: Person = field(init=False)

    @property
    def t(self) -> Translator:
        return translator(self.person.language)

    @property
    def roles(self) -> tuple[str, ...]:
        return self.house.roles(self.person)

    async def transact(
        self,
        service: Callable[Concatenate[UnitOfWork, Person, P], T],
        *args: P.args,
        **facts: P.kwargs,
    ) -> T:
        """Runs `service(unit, person, …)` and marks this update done, in one transaction. Once a handler."""

        def once(unit: UnitOfWork) -> T:
            self._finish(unit)
            return service(unit, self._admit(unit), *args, **facts)

        result = await self._ended(once)
        self.ended = True
        return result

    async def end(self, service: Callable[[UnitOfWork, Sender], None]) -> None:
        """The same for what nobody asks for: its sender is not greeted, so that an unknown one stays unknown."""

        def once(unit: UnitOfWork) -> None:
            self._finish(unit)
            service(unit, self.arrived.sender)

        await self.house.database.transact(once, self.house.clock())
        self.ended = True

    def _finish(self, unit: UnitOfWork) -> None:
        if not unit.inbox.finish(self.arrived.update_id):
            raise AlreadyHandled(self.arrived.update_id)

    async def _ended(self, once: Callable[[UnitOfWork], T]) -> T:
        database, now = self.house.database, self.house.clock()
        if isinstance(self.asked, tasks.SubmitAnswer | tasks.CantTell):
            press = PressedAnswer(self.arrived.update_id, self.arrived.sender.id, AssignmentId(self.asked.assignment))
            return await database.transact_foreseen(
                once, now, honest_card.foresee_answers, press, honest_card.ANSWER_SCOPE
            )
        if isinstance(self.asked, tasks.Choose | tasks.Undo | tasks.Done | tasks.Skip):
            press = PressedAnswer(self.arrived.update_id, self.arrived.sender.id, AssignmentId(self.asked.assignment))
            return await database.transact_foreseen(
                once, now, honest_card.foresee_nothing, press, honest_card.ANSWER_SCOPE
            )
        return await database.transact(once, now)

    async def follow(self, route: Route, payload: Payload) -> None:
        """Runs a route's service in the update's transaction and stops the button's spinner."""
        self.role, self.stays, self.asked = route.role, route.stays, payload
        found = None
        if route.beside is not None:
            question = route.beside
            found = await self.aside(
                lambda unit, person: question(route.acting(self.act(unit, person), payload), **payload.fields())
            )
        result = await self.transact(lambda unit, person: route.do(self.act(unit, person), payload, found))
        shown = (result.done or result.message) if isinstance(result, Reply) else result
        toast = toast_of(shown, self.t)
        await self.toast(toast.text, toast.alert)
        if any(isinstance(single_result, Reply) and single_result.erases for single_result in results_of(result)):
            await self.erase()

    def act(self, unit: UnitOfWork, person: Person) -> Act:
        return Act(unit, person, self.house, self.pressed_message, str(self.arrived.update_id))

    async def look(self, question: Callable[[UnitOfWork, Person], T]) -> T:
        """A reading before the work begins, after the person's role was checked."""

        def asked(unit: UnitOfWork) -> T:
            if not unit.inbox.is_waiting(self.arrived.update_id):
                raise AlreadyHandled(self.arrived.update_id)
            return question(unit, self._admit(unit))

        return await self.house.database.transact(asked, self.house.clock())

    def _admit(self, unit: UnitOfWork) -> Person:
        self.person = _greet(unit, self.arrived.sender, self.house)
        unit.outbox.answers = self.person.id
        self.act(unit, self.person).require(self.role, self.stays)
        return self.person

    async def aside(self, question: Callable[[UnitOfWork, Person], T]) -> T:
        """The same for long readings: on a reading connection, beside the writer."""
        await self.look(lambda unit, person: None)
        return await self.house.database.aside(lambda unit: question(unit, self.person), self.house.clock())

    async def refuse(self, refusal: Refusal) -> None:
        """The polite “no”: a window over a pressed button where that is enough, else a message."""
        on_button = self.arrived.query is not None
        if on_button and isinstance(refusal, WorkRefusal):
            await self.transact(lambda unit, person: self._bury(self.act(unit, person), refusal))
            await self.toast(
                to_plain_text(render(refusal.stored_as, refusal.facts, self.person.language).text),
                alert=not isinstance(refusal, HARMLESS),
            )
            return
        role, self.role = self.role, ""

        def say(unit: UnitOfWork, person: Person) -> None:
            act = self.act(unit, person)
            told = NotAllowed(role=role) if role and role not in self.roles else projects.with_example(act, refusal)
            unit.outbox.tell(person.id, told)
            over(act, self.asked, refusal)

        await self.transact(say)
        if on_button:
            await self.toast()

    def _bury(self, act: Act, refusal: WorkRefusal) -> None:
        """What was pressed does nothing any more: its message loses its buttons."""
        pressed = self.asked
        if isinstance(
            pressed,
            tasks.SubmitAnswer
            | tasks.CantTell
            | tasks.Choose
            | tasks.Undo
            | tasks.Done
            | tasks.Skip
            | tasks.ShowActions
            | tasks.HideActions,
        ):
            submit.show_outcome_of_refused(act, AssignmentId(pressed.assignment), refusal)
        elif isinstance(
            pressed,
            corrections_handlers.CorrectAnswer
            | corrections_handlers.CorrectCantTell
            | corrections_handlers.CorrectChoose
            | corrections_handlers.CorrectUndo
            | corrections_handlers.CorrectDone
            | corrections_handlers.KeepAnswer,
        ):
            corrections.lapse_change(act, AssignmentId(pressed.assignment))
        over(act, pressed, refusal)

    async def toast(self, text: str = "", alert: bool = False) -> None:
        """Stops the pressed button's spinner. Too late, or gone: nothing is lost by it."""
        query = self.arrived.query
        if query is not None:
            told = {"text": text[:TOAST] or None, "show_alert": alert or None}
            with suppress(TelegramError):
                await self.api("answerCallbackQuery", callback_query_id=query, **told)

    async def erase(self) -> None:
        """Deletes the person's message from the chat, where Telegram allows it."""
        arrived = self.arrived
        if arrived.message is not None:
            with suppress(TelegramError):
                await self.api("deleteMessage", chat_id=arrived.chat, message_id=arrived.message)

    @property
    def pressed_message(self) -> int | None:
        """The id of the message whose button was pressed; None where Telegram no longer gives it."""
        return self.arrived.message if self.arrived.query is not None else None


def _greet(unit: UnitOfWork, user: Sender, house: House) -> Person:
    return onboarding.store_sender(
        unit, user.id, user.username, user.name, language_for(user.language, house.default_language)
    )
