"""The admins' queue: its cases are the chat's cards, which the process that serves both hands in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from domain.people.accounts import ADMIN
from services.act import Act
from web.api import project_keys
from web.api.endpoint import Body
from web.dashboard.endpoint import Endpoint

MAX_WORDS = 4_096  # characters of an answer, as of a message in the chat


@dataclass(frozen=True, slots=True)
class Cards:
    """The chat's cards: `list_cases` says which wait; `press` is for a button of one, `write` for what it asks. They
    return the cards that follow."""

    list_cases: Callable[[Act], object]
    press: Callable[[Act, str], object]
    write: Callable[[Act, str], object]


class Press(Body):
    data: Annotated[str, Field(min_length=1, max_length=64)]


class WrittenWords(Body):
    words: Annotated[str, Field(min_length=1, max_length=MAX_WORDS, pattern=project_keys.NO_NUL)]


def list_endpoints(cards: Cards) -> tuple[Endpoint, ...]:
    """Return the endpoints of the queue."""
    return (
        Endpoint("GET", "/cases", cards.list_cases, role=ADMIN),
        Endpoint("POST", "/cases/press", cards.press, role=ADMIN, body=Press),
        Endpoint("POST", "/cases/write", cards.write, role=ADMIN, body=WrittenWords),
    )
