"""Admins' cases for the dashboard: the chat's own cards, with the same routes behind their buttons."""

from dataclasses import dataclass

from domain.fairness.cases import WaitingCase
from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import ADMIN, EVERYBODY
from domain.refusals import NotAllowed, UnknownChoice
from handlers import payload
from handlers.people.accounts import describe_case
from handlers.routes import TABLE
from handlers.routing import list_results
from handlers.screen import SCREENS, Button, render, toast_of
from locales import translator
from services.act import Act, Reply
from services.fairness import cases
from services.work import inputs

MAX_LISTED_CASES = 100


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case that waits: `data` opens its card."""

    label: str
    kind: str
    title: str
    due: Moment
    count: int
    data: str


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button of a card: it presses `data`, or opens `url`."""

    text: str
    data: str
    url: str
    style: str


@dataclass(frozen=True, slots=True)
class Card:
    """A message of the chat: its HTML, and its rows of buttons. `asks`: the next words are its answer."""

    text: str
    rows: tuple[tuple[CardButton, ...], ...]
    asks: bool = False


def list_cases(act: Act) -> tuple[ListedCase, ...]:
    """Return the cases that this admin may decide, the most urgent first."""
    waiting_cases = cases.list_waiting_cases(act, MAX_LISTED_CASES)
    return tuple(_to_listed_case(act, case) for case in waiting_cases)


def _to_listed_case(act: Act, case: WaitingCase) -> ListedCase:
    label, data = describe_case(case, translator(act.person.language))
    return ListedCase(label, case.kind.value, case.title, case.due, case.count, data.pack())


def press(act: Act, data: str) -> tuple[Card, ...]:
    """Press a button of a card and return the cards that follow. Raise UnknownChoice for a button of no card, NotAllowed
    for what is no admin's, and the service's refusals."""
    try:
        button = payload.unpack(data)
    except payload.UnknownButton:
        raise UnknownChoice from None
    route = TABLE.by_payload[type(button)]
    if route.role not in (ADMIN, EVERYBODY) or route.beside or route.job:
        raise NotAllowed(role=ADMIN)
    return _to_cards(act, route.run_service(act, button))


def write(act: Act, words: str) -> tuple[Card, ...]:
    """Answer what the last card asked, such as a reason, and return the cards that follow. Raise UnknownChoice if
    nothing is asked, or the words are no answer."""
    question = inputs.find_open_question(act)
    result = question.take(act, words) if question else None
    if result is None:
        raise UnknownChoice()
    return _to_cards(act, result)


def _to_cards(act: Act, result: object) -> tuple[Card, ...]:
    """Return the messages that the chat would show; the words of a toast if there is none."""
    shown = [message for single_result in list_results(result) for message in _list_messages(single_result)]
    question = inputs.find_open_question(act)
    asks = question is not None and question.at == act.unit.now
    language = act.person.language
    if not shown:
        toast = toast_of(result, translator(language)).text
        return (Card(toast, ()),) if toast else ()
    return tuple(_to_card(act, message, asks and message is shown[-1]) for message in shown)


def _list_messages(result: object) -> list[Message]:
    messages = [result.done, result.message] if isinstance(result, Reply) else [result]
    return [message for message in messages if isinstance(message, Message) and message.stored_as in SCREENS]


def _to_card(act: Act, message: Message, asks: bool) -> Card:
    screen = render(message.stored_as, message, act.person.language)
    rows = (tuple(_to_card_button(act, button) for button in row if not button.copy) for row in screen.keyboard)
    return Card("\n\n".join((*screen.before, screen.text)), tuple(row for row in rows if row), asks)


def _to_card_button(act: Act, button: Button) -> CardButton:
    url = f"{act.house.pages}/{button.page}" if button.page else button.url or ""
    return CardButton(button.text, button.data or "", url, button.style)
