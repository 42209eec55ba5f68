"""The context of one update: the house, the person who acted, and one transaction."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from domain.money.card_payments import Checkout
from domain.people.accounts import Person
from domain.people.bots import bot_of_number, number_in_telegram
from domain.refusals import AlreadyAnswered, AlreadySkipped, CheckoutRefused, NotAllowed, Refusal, TooQuick, WorkRefusal
from domain.work.assignments import AssignmentId
from handlers.arrival import Arrived, Sender
from handlers.payload import Payload
from handlers.profile import close_refused_question
from handlers.routing import Route, list_results
from handlers.screen import refusal_text, render, to_plain_text, toast_of
from handlers.work import corrections as corrections_handlers
from handlers.work import tasks
from locales import translator
from locales.languages import language_for
from locales.translator import Translator
from services.act import Act, House, Reply
from services.money import card_payments
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
    transaction is durable; `payload` is what was pressed or typed, once it is read. `api` calls a method of Telegram's
    by its name."""

    arrived: Arrived
    bot: Bot
    api: Api
    house: House
    role: str = ""
    stays: bool = False
    ended: bool = False
    payload: Payload | None = None
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
        """Run `service(unit, person, …)` and mark this update as done, in one transaction; at most once per update.
        Raise AlreadyHandled for a repeated update, NotAllowed without the role, and the service's refusals."""

        def once(unit: UnitOfWork) -> T:
            self._finish(unit)
            return service(unit, self._admit(unit), *args, **facts)

        result = await self._run_service(once)
        self.ended = True
        return result

    async def end(self, service: Callable[[UnitOfWork, Sender], None]) -> None:
        """Run a service and mark this update as done, without greeting the sender, so that an unknown one stays
        unknown. Raise AlreadyHandled for a repeated update."""

        def once(unit: UnitOfWork) -> None:
            self._finish(unit)
            unit.outbox.answering_bot = bot_of_number(self.arrived.update_id)
            service(unit, self.arrived.sender)

        await self.house.database.transact(once, self.house.clock())
        self.ended = True

    async def answer_checkout(self, checkout: Checkout) -> None:
        """Answer Telegram's question whether a card payment may be made, with the reason if not. What was answered is
        durable before; its sender is not greeted, so that an unknown one stays unknown."""

        def check(unit: UnitOfWork) -> tuple[Refusal | None, str]:
            self._finish(unit)
            sender = self.arrived.sender
            person = unit.people.find_by_telegram_id(sender.id)
            if person is None:
                return CheckoutRefused(why="person"), language_for(sender.language, self.house.default_language)
            return card_payments.check_payment(self.act(unit, person), checkout), person.language

        refusal, language = await self.house.database.transact(check, self.house.clock())
        self.ended = True
        answer = {} if refusal is None else {"error_message": refusal_text(refusal, language)}
        with suppress(TelegramError):  # too late: the payer presses again
            await self.api("answerPreCheckoutQuery", pre_checkout_query_id=checkout.query, ok=refusal is None, **answer)

    def _finish(self, unit: UnitOfWork) -> None:
        if not unit.inbox.finish(self.arrived.update_id):
            raise AlreadyHandled(self.arrived.update_id)

    async def _run_service(self, once: Callable[[UnitOfWork], T]) -> T:
        database, now = self.house.database, self.house.clock()
        if isinstance(self.payload, tasks.SubmitAnswer | tasks.CantTell):
            press = PressedAnswer(self.arrived.update_id, self.arrived.sender.id, AssignmentId(self.payload.assignment))
            return await database.transact_foreseen(
                once, now, honest_card.foresee_answers, press, honest_card.ANSWER_SCOPE
            )
        if isinstance(self.payload, tasks.Choose | tasks.Undo | tasks.Done | tasks.Skip):
            press = PressedAnswer(self.arrived.update_id, self.arrived.sender.id, AssignmentId(self.payload.assignment))
            return await database.transact_foreseen(
                once, now, honest_card.foresee_nothing, press, honest_card.ANSWER_SCOPE
            )
        return await database.transact(once, now)

    async def follow(self, route: Route, payload: Payload) -> None:
        """Run a route's service in the update's transaction and stop the button's spinner. Raise the service's
        refusals."""
        self.role, self.stays, self.payload = route.role, route.stays, payload
        reading = None
        if route.beside is not None:
            question = route.beside
            reading = await self.aside(
                lambda unit, person: question(
                    route.act_for_account(self.act(unit, person), payload), **payload.fields()
                )
            )
        result = await self.transact(lambda unit, person: route.run(self.act(unit, person), payload, reading))
        outcome = (result.done or result.message) if isinstance(result, Reply) else result
        toast = toast_of(outcome, self.t)
        await self.toast(toast.text, toast.alert)
        if any(isinstance(single_result, Reply) and single_result.erases for single_result in list_results(result)):
            await self.erase()

    def act(self, unit: UnitOfWork, person: Person) -> Act:
        return Act(unit, person, self.house, self.pressed_message, str(self.arrived.update_id))

    async def look(self, question: Callable[[UnitOfWork, Person], T]) -> T:
        """Return the answer to a question before the work begins, after the person's role was checked. Raise
        AlreadyHandled, NotAllowed."""

        def asked(unit: UnitOfWork) -> T:
            if not unit.inbox.is_waiting(self.arrived.update_id):
                raise AlreadyHandled(self.arrived.update_id)
            return question(unit, self._admit(unit))

        return await self.house.database.transact(asked, self.house.clock())

    def _admit(self, unit: UnitOfWork) -> Person:
        unit.outbox.answering_bot = bot_of_number(self.arrived.update_id)
        self.person = _greet(unit, self.arrived.sender, self.house)
        unit.outbox.answers = self.person.id
        self.act(unit, self.person).require(self.role, self.stays)
        return self.person

    async def aside(self, question: Callable[[UnitOfWork, Person], T]) -> T:
        """Return the answer to a long question, read on a connection of its own beside the writer, after the checks of
        `look`."""
        await self.look(lambda unit, person: None)
        return await self.house.database.aside(lambda unit: question(unit, self.person), self.house.clock())

    async def refuse(self, refusal: Refusal) -> None:
        """Tell the person why not: in a window over a pressed button if that is enough, else in a message."""
        on_button = self.arrived.query is not None
        if on_button and isinstance(refusal, WorkRefusal):
            await self.transact(lambda unit, person: self._show_outcome(self.act(unit, person), refusal))
            await self.toast(
                to_plain_text(render(refusal.stored_as, refusal.facts, self.person.language).text),
                alert=not isinstance(refusal, HARMLESS),
            )
            return
        role, self.role = self.role, ""

        def say(unit: UnitOfWork, person: Person) -> None:
            act = self.act(unit, person)
            message = card_payments.offer_card(act, projects.with_example(act, refusal))
            message = NotAllowed(role=role) if role and role not in self.roles else message
            unit.outbox.tell(person.id, message)
            close_refused_question(act, self.payload, refusal)

        await self.transact(say)
        if on_button:
            await self.toast()

    def _show_outcome(self, act: Act, refusal: WorkRefusal) -> None:
        """Replace the buttons of the pressed message, whose press has no effect any more, by the outcome."""
        pressed = self.payload
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
        close_refused_question(act, pressed, refusal)

    async def toast(self, text: str = "", alert: bool = False) -> None:
        """Stop the pressed button's spinner, with a text if there is one. A failure, such as a press that is too old,
        is ignored."""
        query = self.arrived.query
        if query is not None:
            arguments = {"text": text[:TOAST] or None, "show_alert": alert or None}
            with suppress(TelegramError):
                await self.api("answerCallbackQuery", callback_query_id=query, **arguments)

    async def erase(self) -> None:
        """Delete the person's message from the chat if Telegram allows it."""
        arrived = self.arrived
        if arrived.message is not None:
            with suppress(TelegramError):
                await self.api("deleteMessage", chat_id=arrived.chat, message_id=number_in_telegram(arrived.message))

    @property
    def pressed_message(self) -> int | None:
        """The id of the message whose button was pressed; None where Telegram no longer gives it."""
        return self.arrived.message if self.arrived.query is not None else None


def _greet(unit: UnitOfWork, user: Sender, house: House) -> Person:
    return onboarding.store_sender(
        unit, user.id, user.username, user.name, language_for(user.language, house.default_language)
    )
