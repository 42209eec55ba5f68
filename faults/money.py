"""People who move money beside the answers: rejections, appeals, bonuses, payouts, bank answers.

They guess numbers and send each request twice; the rows must decide.
"""

import asyncio
import random
from dataclasses import dataclass, field

from handlers import payload
from handlers.fairness.appeals import AppealRejection, Judge
from handlers.fairness.review import AcceptAnswer, CiteLine, RejectAnswer
from handlers.money.bank_statements import BankPaid, MakeBankFile
from handlers.projects.progress import StopProject
from simulator.crowd.client import Phone, buttons_of
from simulator.values import Json

REASON = "The second line was plainly not followed here"


@dataclass(slots=True)
class RandomActor:
    """A person who acts at random intervals (least and most seconds), each time twice."""

    phone: Phone
    dice: random.Random
    rest: tuple[float, float]

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self.dice.uniform(*self.rest))
            await self.pester()

    async def pester(self) -> None:
        act = self.dice.choice(self.acts())
        for _ in range(2):
            await self.does(act)

    async def does(self, act: str | payload.Payload) -> None:
        if isinstance(act, payload.Payload):
            await self.phone.press_data(act.pack(), max(self.phone.shown, default=1))
        else:
            await self.phone.say(act)

    def acts(self) -> list[str | payload.Payload]:
        raise NotImplementedError

    def number(self, last: int) -> int:
        return self.dice.randint(1, last)


@dataclass(slots=True)
class RandomRequester(RandomActor):
    """A requester with more plans than money: launches and stops projects, judges answers, gives thanks."""

    projects: list[int] = field(default_factory=list)

    def acts(self) -> list[str | payload.Payload]:
        answer = self.number(60)
        launches: list[str | payload.Payload] = [f"/launch {self.dice.choice(self.projects)}" for _ in range(4)]
        return [
            *launches,
            StopProject(number=self.dice.choice(self.projects), sure=True),
            AcceptAnswer(submission=answer),
            RejectAnswer(submission=answer),
            CiteLine(submission=answer, line=2),
            CiteLine(submission=self.number(60), line=1),
            *(REASON, REASON, REASON),
            f"/bonus {self.number(400)} 0.01 with thanks",
        ]


@dataclass(slots=True)
class RandomWorker(RandomActor):
    """A worker who has earnings paid out, appeals, and judges what is put before them."""

    def __post_init__(self) -> None:
        self.phone.listeners.append(self.hears)

    def acts(self) -> list[str | payload.Payload]:
        appeal = AppealRejection(submission=self.number(60))
        return ["/payout 0.05", "/payout all", appeal, appeal, *self.judgements()]

    def judgements(self) -> list[payload.Payload]:
        return [Judge(appeal=self.number(8), verdict=self.number(2) - 1)]

    def hears(self, message: Json) -> None:
        for button in buttons_of(message):
            if button.get("callback_data", "").startswith(Judge.code + ":"):
                asyncio.get_running_loop().create_task(
                    self.phone.press_data(button["callback_data"], message["message_id"])
                )
                return


@dataclass(slots=True)
class RandomAdmin(RandomActor):
    """An admin who makes bank files and records bank answers for random numbers."""

    def acts(self) -> list[str | payload.Payload]:
        payout = self.number(20)
        return [
            *(MakeBankFile(currency="EUR", after=self.number(4) - 1) for _ in range(4)),
            *(BankPaid(file=self.number(3), left=self.number(4)) for _ in range(4)),
            f"/payouts {payout} failed account closed",
            f"/payouts {payout} unknown",
            f"/payouts {payout} paid",
        ]
