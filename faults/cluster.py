"""Several processes behind a balancer over one PostgreSQL: one killed, one frozen, then all restarted in turn."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import aiohttp
from aiohttp import web

from faults.campaign import Campaign
from faults.forks import ForkedProcess
from faults.waiting import free_port
from storage.database import one_transaction

ROLES = ("relay", "scheduler", "receiver")
PATIENCE = 1.0  # seconds after which the balancer asks another process
LED = re.compile(r'pouce_leading\{role="(\w+)"\} 1')
DONE = re.compile(r'pouce_updates_total\{outcome="done"\} (\d+)')
# Each end of an update is noted as it happens.
NOTES = """
CREATE TABLE ended (n BIGSERIAL PRIMARY KEY, update_id BIGINT);
CREATE FUNCTION note_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ended (update_id) VALUES (NEW.update_id);
  RETURN NULL;
END $$;
CREATE TRIGGER note_end AFTER UPDATE OF state ON inbox FOR EACH ROW WHEN (NEW.state <> 'waiting')
  EXECUTE FUNCTION note_end();
CREATE TRIGGER note_ended AFTER INSERT ON inbox FOR EACH ROW WHEN (NEW.state <> 'waiting')
  EXECUTE FUNCTION note_end()"""
ENDED = "SELECT update_id FROM ended ORDER BY n"


@dataclass(slots=True)
class BotProcess:
    """A process and its door."""

    port: int
    process: ForkedProcess | asyncio.subprocess.Process

    async def figures(self) -> str:
        """The figures of /metrics; empty when it does not answer."""
        with suppress(aiohttp.ClientError, TimeoutError):
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            url = f"http://127.0.0.1:{self.port}/metrics"
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
                return await response.text()
        return ""

    async def roles(self) -> set[str]:
        return set(LED.findall(await self.figures()))

    async def handled(self) -> int:
        return sum(map(int, DONE.findall(await self.figures())))


@dataclass(slots=True)
class Cluster:
    """Each update goes to the next process in turn; to another one where that does not answer."""

    fire: Campaign
    port: int
    session: aiohttp.ClientSession
    all: list[BotProcess] = field(default_factory=list)
    turn: int = 0

    async def start(self) -> BotProcess:
        """One more, once it handles updates."""
        told = {"WEBHOOK_URL": f"http://127.0.0.1:{self.port}/hook", "HTTP_PORT": str(free_port())}
        one = BotProcess(int(told["HTTP_PORT"]), await self.fire.launch("is_quick", **told))
        await soon(lambda: _has(one, "handler"), 60)
        self.all.append(one)
        return one

    async def pass_on(self, request: web.Request) -> web.Response:
        body, self.turn = await request.read(), self.turn + 1
        headers = {name: value for name, value in request.headers.items() if name.startswith(("X-", "Content-Type"))}
        for number in range(len(self.all)):
            one = self.all[(self.turn + number) % len(self.all)]
            with suppress(aiohttp.ClientError, TimeoutError):
                url = f"http://127.0.0.1:{one.port}/hook"
                async with self.session.post(url, data=body, headers=headers) as response:
                    return web.Response(status=response.status)
        return web.Response(status=502)

    async def leader(self, role: str = "relay", but: BotProcess | None = None) -> BotProcess:
        """Who has the role now; one of whom it is known that they don't answer is not asked."""
        async with asyncio.timeout(30):
            while True:
                for one in self.all:
                    if one is not but and role in await one.roles():
                        return one
                await asyncio.sleep(0.05)

    async def end(self, one: BotProcess, how: signal.Signals) -> None:
        """The balancer finds out by itself."""
        one.process.send_signal(how)
        code = await asyncio.wait_for(one.process.wait(), 15)
        self.all.remove(one)
        self.fire.alive.remove(one.process)
        if how is signal.SIGTERM and code:
            self.fire.untrue.append(f"a bot ended with {code}")

    async def answered(self) -> float:
        """Seconds from a request to its answer: handled and relayed."""
        began, phone = time.monotonic(), await self.fire.telegram.phone(f"Asker {time.monotonic_ns()}")
        await phone.say("/help")
        await phone.wait_for("/", timeout=30)
        return time.monotonic() - began


Strike = Callable[[Cluster], Awaitable[list[str]]]


async def many_processes(fire: Campaign) -> list[str]:
    """Killed, frozen, restarted in turn: a person's updates end in their order, every process has handled some, another
    takes over within five seconds, and whoever comes back from the ice changes nothing."""
    return await struck(fire, 3, 2.0, (_killed, _frozen, _restarted))


async def four_processes(fire: Campaign) -> list[str]:
    """The same of four: two are killed, and one comes back from the ice to two."""
    return await struck(fire, 4, 2.0, (_killed, _frozen, _killed))


async def two_processes(fire: Campaign) -> list[str]:
    """The same in a few seconds: one is frozen, and follows the other again, who is killed."""
    return await struck(fire, 2, 0.7, (_frozen, _killed))


async def struck(fire: Campaign, processes: int, seconds: float, strikes: Sequence[Strike]) -> list[str]:
    """So many seconds at work before the first strike and after each."""
    with one_transaction(fire.database_url, fire.clock()) as unit:
        unit.connection.script(NOTES)
    async with behind_a_balancer(fire) as many:
        await asyncio.gather(*(many.start() for _ in range(processes)))
        fire.begin()
        await asyncio.sleep(seconds)
        broken = await _idle(many)
        for strike in strikes:
            broken += await strike(many)
            await asyncio.sleep(seconds)
        await fire.peace()
    return [*broken, *out_of_order(fire)]


def out_of_order(fire: Campaign) -> list[str]:
    """What ended after a later update of the same person, of presses and of all else: Telegram has two queues."""
    latest, broken = dict[tuple[str, bool], int](), list[str]()
    for (update,) in fire.look(ENDED):
        kind, _, person = fire.telegram.world.updates.lanes[update].partition(":")
        lane = person, kind == "callback_query"
        if update < latest.get(lane, 0):
            broken.append(f"update {update} ended after {latest[lane]}, which came later")
        latest[lane] = max(update, latest.get(lane, 0))
    return broken


async def _idle(many: Cluster) -> list[str]:
    """Who handles nothing, however long it is waited for."""
    broken = []
    for one in many.all:
        try:
            await soon(partial(_has_handled, one), 30)
        except TimeoutError:
            broken.append(f"port {one.port} has handled nothing")
    return broken


async def _has_handled(one: BotProcess) -> bool:
    return await one.handled() > 0


async def _killed(many: Cluster) -> list[str]:
    await many.end(await many.leader(), signal.SIGKILL)
    waited = await many.answered()
    return [f"after a kill an answer took {waited:.1f} s"] if waited > 5 else []


async def _frozen(many: Cluster) -> list[str]:
    """The one with most roles stops in the midst of its work, and comes back when others have them."""
    one = await many.leader()
    one.process.send_signal(signal.SIGSTOP)
    waited = await many.answered()
    had = [await many.leader(role, but=one) for role in ROLES]
    one.process.send_signal(signal.SIGCONT)
    await asyncio.sleep(0.7)
    has = [await many.leader(role) for role in ROLES]
    broken = [f"after a freeze an answer took {waited:.1f} s"] if waited > 5 else []
    return broken if had == has else [*broken, "a role went back to who was frozen"]


async def _restarted(many: Cluster) -> list[str]:
    """One after the other, at work."""
    broken = []
    for one in list(many.all):
        await many.start()
        await many.end(one, signal.SIGTERM)
        waited = await many.answered()
        broken += [f"during a restart an answer took {waited:.1f} s"] if waited > 5 else []
    return broken


@asynccontextmanager
async def behind_a_balancer(fire: Campaign) -> AsyncIterator[Cluster]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        many = Cluster(fire, free_port(), session)
        app = web.Application()
        app.router.add_post("/hook", many.pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", many.port).start()
        try:
            yield many
        finally:
            await runner.cleanup()


async def _has(one: BotProcess, role: str) -> bool:
    assert one.process.returncode is None
    return role in await one.roles()


async def soon(condition: Callable[[], Awaitable[bool]], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.05)
