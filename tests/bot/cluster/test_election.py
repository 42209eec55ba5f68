"""Two houses over one database: one acts, the other takes over when it falls silent."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.clock import wall_clock
from bot.cluster import election
from bot.cluster.election import Leadership, Membership, holder_name, is_gone
from bot.cluster.roles import LeaseCheckedApi
from bot.transport.requests import BotApi, NotSent
from domain.moments import HOUR, Moment
from simulator.running import Telegram
from storage.cluster.leases import LeaseLost
from storage.database import Database
from tests.bot.conftest import until


@dataclass
class SteadyClock:
    """Seconds of which the machine takes none away: however long all stood still, at most a tenth has passed."""

    seconds: float = 0.0
    read_at: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        read_at, self.read_at = self.read_at, time.monotonic()
        self.seconds += min(self.read_at - read_at, 0.1)
        return self.seconds


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch):
    for name, seconds in (("RENEWED", 0.1), ("SILENCE", 0.4), ("MARGIN", 0.1), ("BEAT", 0.1)):
        monkeypatch.setattr(election, name, seconds)
    monkeypatch.setattr(election, "elapsed", SteadyClock())


@pytest.fixture(params=("sqlite", "postgresql"))
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


def elsewhere() -> str:
    return f"other-machine/1 {holder_name().split(' ', 1)[1]}"


async def test_only_one_leads_and_the_other_takes_over_a_silent_one(database: Database, other: Database):
    first, second = Leadership(database, wall_clock, elsewhere), Leadership(other, wall_clock, elsewhere)
    await first.gain()
    keeping, waiting = asyncio.create_task(first.keep()), asyncio.create_task(second.gain())
    await asyncio.sleep(0.7)
    assert first.leads
    assert not waiting.done()
    keeping.cancel()
    began = asyncio.get_running_loop().time()
    await asyncio.wait_for(waiting, 2)
    assert asyncio.get_running_loop().time() - began >= 0.2
    assert second.leads
    assert not first.leads


async def test_a_lease_given_up_is_taken_at_once(database: Database, other: Database):
    first, second = Leadership(database, wall_clock, elsewhere), Leadership(other, wall_clock, elsewhere)
    await first.gain()
    await first.give_up()
    await asyncio.wait_for(second.gain(), 0.3)


async def test_a_holder_whose_database_is_away_stops_acting_in_time(database: Database, other: Database, monkeypatch):
    first = Leadership(database, wall_clock, elsewhere)
    await first.gain()

    async def never(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(database, "freely", never)
    await asyncio.wait_for(first.keep(), 0.5)
    assert not first.leads


async def test_a_clock_that_jumps_neither_gives_nor_takes_the_lease(database: Database, other: Database):
    ahead = [0]
    first = Leadership(database, wall_clock, elsewhere)
    second = Leadership(other, lambda: Moment(wall_clock() + ahead[0]), elsewhere)
    await first.gain()
    keeping, waiting = asyncio.create_task(first.keep()), asyncio.create_task(second.gain())
    for jump in (HOUR, -HOUR):
        ahead[0] = jump
        await asyncio.sleep(0.5)
        assert first.leads
        assert not waiting.done()
    keeping.cancel()
    await asyncio.wait_for(waiting, 2)


async def test_a_process_killed_on_this_machine_is_followed_at_once(database: Database, other: Database):
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    place, _, rest = holder_name().split(" ", 2)
    dead = f"{place} {process.pid} {rest}"
    assert is_gone(dead)
    assert not is_gone(holder_name().replace(holder_name().split(" ")[1], "1"))
    await Leadership(database, wall_clock, lambda: dead).gain()
    await asyncio.wait_for(Leadership(other, wall_clock).gain(), 0.2)


def start_sleep() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "60"])


async def test_a_process_whose_parent_has_not_read_its_end_is_gone(database: Database, other: Database, monkeypatch):
    """Who stands by notices it long before the next request for the lease."""
    monkeypatch.setattr(election, "RENEWED", 60.0)
    process = start_sleep()
    place, _, rest = holder_name().split(" ", 2)
    holder = f"{place} {process.pid} {rest}"
    await Leadership(database, wall_clock, lambda: holder).gain()
    members = Membership(database, wall_clock, holder), Membership(other, wall_clock)
    for member in (*members, members[1]):
        await member.beat()
    waiting = [asyncio.create_task(Leadership(other, wall_clock).gain()), asyncio.create_task(members[1].run())]
    await asyncio.sleep(0.3)
    assert not waiting[0].done()
    assert holder in members[1].alive
    process.kill()
    await asyncio.wait_for(waiting[0], 2)
    await until(lambda: members[1].alive == {members[1].holder})
    waiting[1].cancel()
    process.wait()


async def test_two_that_take_over_at_the_same_time_are_still_one(database: Database, other: Database):
    dead = Leadership(database, wall_clock, elsewhere)
    await dead.gain()
    heirs = [Leadership(database, wall_clock, elsewhere), Leadership(other, wall_clock, elsewhere)]
    waiting = [asyncio.create_task(heir.gain()) for heir in heirs]
    await until(lambda: any(task.done() for task in waiting))
    assert [heir.leads for heir in heirs].count(True) == 1
    for task in waiting:
        task.cancel()


async def test_nothing_is_kept_of_one_who_has_lost_the_role_unnoticed(database: Database, other: Database):
    first, second = Leadership(database, wall_clock, elsewhere), Leadership(other, wall_clock, elsewhere)
    await first.gain()
    fenced = database.fenced(first.fence)
    assert await fenced.transact(lambda unit: unit.settings.store("a", "kept"), wall_clock()) is None
    await asyncio.sleep(0.5)  # it is silent: frozen
    await asyncio.wait_for(second.gain(), 2)
    with pytest.raises(LeaseLost):
        await fenced.transact(lambda unit: unit.settings.store("a", "lost"), wall_clock())
    assert await other.transact(lambda unit: unit.settings.get("a"), wall_clock()) == "kept"


async def test_who_is_silent_or_gone_is_struck_off(database: Database, other: Database):
    first, second = Membership(database, wall_clock, elsewhere()), Membership(other, wall_clock, elsewhere())
    for presence in (first, second, first):
        await presence.beat()
    assert first.alive == second.alive == {first.holder, second.holder}
    shares = {person: first.share(person) for person in range(100)}
    assert shares == {person: second.share(person) for person in range(100)}
    assert 20 < list(shares.values()).count(first.holder) < 80
    beats = asyncio.create_task(first.run())
    await until(lambda: first.alive == {first.holder})
    await second.beat()  # it comes back
    await until(lambda: first.alive == {first.holder, second.holder})
    await second.leave()
    await until(lambda: first.alive == {first.holder})
    beats.cancel()


async def test_one_who_has_lost_the_role_calls_nobody(api: BotApi, telegram: Telegram):
    phone = await telegram.phone("Ann")
    await phone.say("/start")
    leads = [True, False]
    gated = LeaseCheckedApi(api.request, api.base, lambda: leads.pop(0))
    await gated("sendMessage", chat_id=phone.id, text="mine")
    with pytest.raises(NotSent):
        await gated("sendMessage", chat_id=phone.id, text="no longer mine")
    assert len(telegram.stats.calls("sendMessage")) == 1
