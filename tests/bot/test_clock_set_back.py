"""The system clock of a running bot is set: what time asks for goes on. libfaketime moves the wall clock of that
process alone; its monotonic clock goes on, as it does when a machine's clock is set."""

import sys
import time
from functools import partial

import pytest

from domain.moments import DAY, HOUR, SECOND
from tests import faketime
from tests.bot.outside import SOON, Outside, bot
from tests.conftest import BOTH
from tests.house import furnish

NOON = 12 * HOUR
READY = 20.0  # seconds: a first message waited 28 after a jump of 32 days


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def library() -> str:
    if not sys.platform.startswith("linux"):
        pytest.skip("libfaketime is loaded this way on Linux")
    return faketime.find() or pytest.fail(faketime.MISSING)


async def test_pushes_and_seals_go_on_when_the_clock_is_set_back_and_forward(telegram, database_url, tmp_path, library):
    clock = faketime.SystemClock(tmp_path / "clock")
    house = Outside(database_url, (NOON - time.time_ns() // 1_000_000) % DAY)  # people may be written to
    clock.set(house.ahead // SECOND)
    requester = house.do(partial(furnish, workers=0, tasks=4, overlap=1, max_overlap=1)).requester
    ann, *others = [await telegram.phone(name) for name in ("Ann", "Ben", "Cid", "Dee")]
    async with bot(telegram, database_url, clock.environment(library)):
        for phone in (ann, *others):
            await phone.say("/start")
            await phone.wait_for("Pouce", timeout=SOON)
        house.await_push(ann)
        await ann.wait_for("pleased", timeout=SOON)
        await house.sealed()
        for number, (jump, phone) in enumerate(zip((-HOUR, 3 * HOUR, 32 * DAY), others, strict=True), 2):
            house.ahead += jump
            clock.set(house.ahead // SECOND)
            await phone.say("/help")
            await phone.wait_for("What you can do here", timeout=READY)
            house.deposit(requester, number)
            house.await_push(phone)
            await phone.wait_for("pleased", timeout=SOON)
            await house.sealed()
