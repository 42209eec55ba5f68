"""A crowd of phones that press buttons at once, twice, differently, and old ones too, without waiting."""

import asyncio
import random
import re
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from handlers.payload import unpack
from handlers.work.tasks import SubmitAnswer
from simulator.crowd.client import Phone, buttons_of
from simulator.values import Json

EUROS = re.compile(r"€([0-9.]+)")
RECEIVED = "Received"  # how the toast begins that promises an answer is kept


@dataclass(slots=True)
class ImpatientWorker:
    """One worker: `pressed` holds every press by its query's id, `shown` every task's assignment as it appeared,
    `times` the messages that showed it. Whoever has seen nothing new for `patience` seconds asks."""

    phone: Phone
    dice: random.Random
    patience: float = 30.0
    pressed: dict[str, SubmitAnswer] = field(default_factory=dict)
    shown: dict[int, Json] = field(default_factory=dict)
    times: dict[int, set[int]] = field(default_factory=dict)
    arrived: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.phone.listeners.append(self.sees)

    def sees(self, message: Json) -> None:
        options = options_of(message)
        if options:
            self.shown[options[0].assignment] = message
            self.times.setdefault(options[0].assignment, set()).add(message["message_id"])
            self.arrived.put_nowait(message)

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            await self.phone.say("/work")
            with suppress(TimeoutError):
                await self._answer_all()

    async def _answer_all(self) -> None:
        while True:
            async with asyncio.timeout(self.patience):  # wait_for may lose a cancellation
                message = await self.arrived.get()
            for option in self.dice.sample(options_of(message), self.dice.choice((1, 1, 1, 2))):
                await self.press(option, message)

    async def pester(self) -> None:
        """Presses the buttons of the latest tasks again."""
        for message in list(self.shown.values())[-3:]:
            await self.press(self.dice.choice(options_of(message)), message)

    async def press(self, option: SubmitAnswer, message: Json) -> str:
        query = await self.phone.press_data(option.pack(), message["message_id"])
        self.pressed[query] = option
        return query

    def told(self) -> dict[int, int]:
        """assignment → the option that a toast confirmed."""
        return {self.pressed[query].assignment: self.pressed[query].option for query in self._received()}

    def promised(self) -> dict[int, int]:
        """assignment → the pay in a toast, in millionths."""
        said = {self.pressed[query].assignment: text for query, text in self._received().items()}
        found = ((number, EUROS.search(text)) for number, text in said.items())
        return {number: int(Decimal(euros[1]) * 1_000_000) for number, euros in found if euros}

    def _received(self) -> dict[str, str]:
        """Query → the toast that promised to keep the answer."""
        texts = {query: str(self.phone.answers.get(query, {}).get("text", "")) for query in self.pressed}
        return {query: text for query, text in texts.items() if text.startswith(RECEIVED)}

    def outlived(self) -> set[int]:
        """Assignments after which another task was shown: whoever sees the next one takes the last for received."""
        return set(self.shown) - {max(self.shown, default=0)}


def options_of(message: Json) -> list[SubmitAnswer]:
    found = []
    for button in buttons_of(message):
        with suppress(ValueError):
            payload = unpack(button.get("callback_data", ""))
            if isinstance(payload, SubmitAnswer):
                found.append(payload)
    return found
