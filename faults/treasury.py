"""The circle of money, from a QR code to a worker's bank and back, driven through the chat while the bot is killed.

A requester scans and pays, an admin drops the bank's statement, a card pays, a project is launched and answered, a
worker asks for their money, fills in the tax form and gives a SIRET; the bank pays, sends it back days later, and is
asked again; contributions are declared and paid; a month later the fees are invoiced. Nobody types a number but
their own.
"""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from domain.moments import as_datetime
from domain.people.settings import Preferences
from faults import forks
from faults.checks import Found, updates_kept
from faults.clock import Clock
from faults.crowd import ImpatientWorker
from faults.forks import ForkedProcess
from faults.log_errors import errors_in
from faults.money_circle import ANSWERS, Circle
from faults.waiting import until
from simulator.limits import Limits
from simulator.running import Telegram, fresh_token, serve
from storage import invariants
from storage.database import one_transaction
from tests.bank import PAYER_BIC, PAYER_IBAN, a_bank
from tests.house import settle_worker

ADMIN, ROSA = 900, 1_000
UNSEALED = "id NOT IN (SELECT transfer FROM hash_chain)"
SETTINGS = {
    "ADMIN_IDS": str(ADMIN),
    "APPROVE_FIRST": "false",
    "LOG_LEVEL": "ERROR",
    "PAYER_NAME": "ACME Corporation",
    "PAYER_IBAN": PAYER_IBAN,
    "PAYER_BIC": PAYER_BIC,
    "PAYMENT_PROVIDER_TOKEN": "284685063:TEST:treasury",
    "SECRETS_KEY": "a key of at least 16 signs",
    "CONTRIBUTIONS": "FR",
    "VAT_RULE": "FR",
    "OPERATOR_NAME": "Pouce SAS",
    "OPERATOR_COUNTRY": "FR",
    "OPERATOR_TAX_NUMBER": "732829320",
    "OPERATOR_VAT": "FR44732829320",
    "OPERATOR_STREET": "3 rue de la Paix",
    "OPERATOR_POSTCODE": "75002",
    "OPERATOR_TOWN": "Paris",
    "OPERATOR_ZONE": "Europe/Paris",
}


@dataclass(slots=True)
class Treasury(Circle):
    """`kills` so far, of `most`; a life lasts `life` seconds at most; `mortal` while processes are killed."""

    telegram: Telegram
    dice: random.Random
    life: float
    most: int
    kills: int = field(default=0, init=False)
    mortal: bool = field(default=True, init=False)
    process: ForkedProcess | None = field(default=None, init=False)
    untrue: list[str] = field(default_factory=list, init=False)

    async def run(self, kills: int) -> Found:
        """Whole rounds until there were so many kills, one at least; then one life in peace, and the reckoning."""
        killer = asyncio.create_task(self._lives())
        try:
            while self.kills < kills or not self.rounds:
                await self.round()
        finally:
            self.mortal = False
            await killer
        return await self._reckon()

    async def _lives(self) -> None:
        """One after the other; each ends at some moment of its start or its work."""
        while self.mortal and self.kills < self.most:
            asked = self._asked()
            process = self.process = await self._launch()
            if self.dice.random() > 0.15:
                await until(lambda: self._asked() > asked or process.returncode is not None, 90)  # noqa: B023
            await asyncio.sleep(self.dice.uniform(0, self.life * (6 if self.patient else 1)))
            if process.returncode is not None:
                self.untrue.append(f"the bot ended with {process.returncode}")
            if self.mortal:
                process.kill()
                await process.wait()
                self.kills += 1
        if self.kills >= self.most:
            self.process = await self._launch()

    async def _launch(self) -> ForkedProcess:
        environment = {
            **SETTINGS,
            "BOT_TOKEN": self.telegram.token,
            "BOT_API_URL": self.telegram.url,
            "DATABASE_URL": self.database_url,
            "FAULT_CLOCK": str(self.clock.path),
        }
        return await forks.start(("reads_another_clock",), environment, self.log)

    def _asked(self) -> int:
        return sum(count for (method, _), count in self.telegram.stats.counts.items() if method == "getUpdates")

    async def _reckon(self) -> Found:
        """After a life in peace: every promise, and the sums of the whole circle."""
        process = self.process
        if process is None or process.returncode is not None:
            process = await self._launch()
        await self.until(lambda: not self.telegram.world.updates.pending)
        await self.until(lambda: not self.count("inbox", "state = 'waiting'"))
        await self.until(lambda: not self.count("transfers", UNSEALED), "the seals")  # the month's jump is their hour
        process.send_signal(signal.SIGTERM)
        if (code := await asyncio.wait_for(process.wait(), 30)) != 0:
            self.untrue.append(f"the bot ended with {code}")
        found = Found(stored=self.count("submissions"))
        with one_transaction(self.database_url, self.clock(), read_only=True) as unit:
            updates_kept(unit, self.telegram.world.updates, found)
            found.untrue += [str(violation) for violation in invariants.find_violations(unit)]
        found.untrue += [*self.untrue, *errors_in(self.log), *self._sums()]
        return found

    def _sums(self) -> list[str]:
        """Each thing happened once a round."""
        rounds = self.rounds
        expected = {
            ("transfers", "kind = 'deposit' AND amount = 100000000"): rounds,
            ("transfers", "kind = 'deposit'"): 2 * rounds,
            ("card_payments", "state = 'paid' AND refunded = 5000000"): rounds,
            ("card_payments", "state <> 'asked'"): rounds,
            ("stray_card_payments", "1 = 1"): 0,
            ("transfers", "kind = 'refund' AND amount = 5000000"): rounds,
            ("transfers", "kind = 'card fee' AND amount = 600000"): rounds,
            ("submissions", "1 = 1"): rounds * ANSWERS,
            ("payouts", "state = 'failed'"): rounds,
            ("payouts", "state = 'paid'"): rounds,
            ("payouts", "1 = 1"): 2 * rounds,
            ("bank_files", "1 = 1"): 2 * rounds,
            ("transfers", "kind = 'paid'"): 2 * rounds,
            ("transfers", "kind = 'bounced'"): rounds,
            ("invoices", "corrects IS NULL"): rounds,
            ("contribution_declarations", "transfer IS NOT NULL"): rounds,
        }
        counts = {about: self.count(*about) for about in expected}
        return [f"{about}: {counts[about]}, not {each}" for about, each in expected.items() if counts[about] != each]


@asynccontextmanager
async def treasury(
    database_url: str, log: Path, seed: int = 1, life: float = 1.4, most: int = 1_000
) -> AsyncIterator[Treasury]:
    """A house with a requester, a worker and a bank, without money."""
    clock = Clock(log.with_name(f"{log.name}.clock"))
    with one_transaction(database_url, clock()) as unit:
        rosa = unit.people.upsert(ROSA, "rosa", "Rosa", "en", unit.now)
        unit.people.make_requester(rosa.id, True)
        worker = settle_worker(unit, 1)
        unit.preferences.store(worker.id, Preferences(begin_hour=0, end_hour=0))
    assert worker.telegram_id is not None
    with a_bank(as_datetime(clock()).strftime("%Y-%m-%dT%H:%M")) as bank:
        async with serve(fresh_token(), limits=Limits.off(), clock=lambda: time.time() + clock.telegram) as telegram:
            rosa_phone, till = await telegram.phone("Rosa", id=ROSA), await telegram.phone("Till", id=ADMIN)
            ann = await telegram.phone("Ann", id=worker.telegram_id)
            dice = random.Random(seed)
            hand = ImpatientWorker(ann, random.Random(f"{seed}|ann"), 6)
            house = Treasury(
                database_url,
                log,
                clock=clock,
                rosa=rosa_phone,
                till=till,
                ann=ann,
                bank=bank,
                hand=hand,
                telegram=telegram,
                dice=dice,
                life=life,
                most=most,
            )
            try:
                yield house
            finally:
                if house.process is not None and house.process.returncode is None:
                    house.process.kill()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(house.process.wait(), 30)
