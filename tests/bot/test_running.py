"""`pouce run` from outside: started, stopped, started twice, killed, by polling and by webhook."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main
from bot.clock import wall_clock
from bot.cluster import election
from bot.cluster import supervisor as terms
from bot.cluster.roles import HandlerRole
from bot.cluster.runtime import until_done
from bot.running import run
from bot.settings import BadSetting, Settings, read_settings
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from faults import forks
from faults.waiting import free_port, listens
from simulator.crowd.client import PATIENCE_SECONDS, Phone, buttons_of
from simulator.running import Telegram
from storage.database import one_transaction
from storage.drivers.connection import Row
from tests.bot.conftest import until
from tests.house import FIRST_WORKER, furnish
from web.metrics import FAMILIES
from web.webhook import HEADER

ROOT = Path(__file__).parents[2]


def settings_for(telegram: Telegram, database_url: str, **more: object) -> Settings:
    values = {"bot_token": telegram.token, "bot_api_url": telegram.url, "database_url": database_url, **more}
    return read_settings(_env_file=None, **values)


@asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    running = asyncio.create_task(run(settings, stop, per_second=0, rest=0))
    yield stop
    stop.set()
    await asyncio.wait_for(running, 10)


async def started(telegram: Telegram, database_url: str, **more: str) -> asyncio.subprocess.Process:
    told = {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "DATABASE_URL": database_url, **more}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **told}, stderr=asyncio.subprocess.PIPE
    )


async def test_it_answers_and_ends_cleanly_on_a_signal(telegram: Telegram, database_url: str):
    ann = await telegram.phone("Ann")
    await ann.say("/start")
    process = await started(telegram, database_url)
    await ann.wait_for("Pouce", timeout=30)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    _, errors = await asyncio.wait_for(process.communicate(), 5)
    assert process.returncode == 0
    assert time.monotonic() - began < 3
    assert telegram.token.encode() not in errors
    assert b"Traceback" not in errors


async def test_a_stop_while_telegram_is_away_leaves_no_connection_open(sqlite_url: str):
    told = {"BOT_TOKEN": "1:x", "BOT_API_URL": f"http://127.0.0.1:{free_port()}", "DATABASE_URL": sqlite_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **told}, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    first = await asyncio.wait_for(process.stderr.readuntil(b"Telegram does not answer"), 20)
    process.send_signal(signal.SIGTERM)
    _, rest = await asyncio.wait_for(process.communicate(), 20)
    assert b"level=error" not in first + rest
    assert b"reason=NotSent cause=ConnectionRefusedError" in rest
    assert process.returncode == 0


async def test_the_bot_describes_itself_in_each_language_and_only_when_that_changed(
    telegram: Telegram, database_url: str
):
    settings = settings_for(telegram, database_url)
    ann = await telegram.phone("Ann")

    def writings() -> int:
        return sum(len(telegram.stats.calls(f"setMy{name}")) for name in ("Description", "ShortDescription"))

    for start in (1, 2):  # the default, which is English, and French; the second start changes nothing
        await ann.say("/start")
        async with house(settings):
            await ann.wait_for("Pouce")
            await until(lambda read=3 * start: len(telegram.stats.calls("getMyShortDescription")) == read)
            await until(lambda: writings() == 4)
        assert writings() == 4
    async with Http1Request() as request:
        call = BotApi(request, f"{telegram.url}/bot{telegram.token}")
        told = [(await call("getMyDescription", language_code=code))["description"] for code in ("", "en", "fr")]
    assert told[0] == told[1] != told[2]
    assert "Start" in told[0]


async def test_people_are_answered_while_telegram_keeps_the_description_waiting(telegram: Telegram, sqlite_url: str):
    telegram.faults.add("delay", "getMy*", seconds=600)
    ann = await telegram.phone("Ann")
    await ann.say("/start")
    async with house(settings_for(telegram, sqlite_url)):
        await ann.wait_for("Pouce")


@pytest.fixture
def long_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits until another's lease is over waits longer than any phone."""
    monkeypatch.setattr(election, "SILENCE", 2 * PATIENCE_SECONDS)


async def test_after_a_kill_the_next_start_goes_on_at_once(telegram: Telegram, database_url: str, long_silence: None):
    ann = await telegram.phone("Ann")
    await ann.say("/start")
    process = await started(telegram, database_url)
    await ann.wait_for("Pouce", timeout=30)
    process.kill()
    await process.wait()
    await ann.say("/help")
    async with house(settings_for(telegram, database_url)):
        await ann.wait_for("/")


async def test_of_two_one_acts_and_the_other_follows(telegram: Telegram, database_url: str, long_silence: None):
    settings = settings_for(telegram, database_url)
    ann = await telegram.phone("Ann")
    async with house(settings) as stop:
        await ann.say("/start")
        await ann.wait_for("Pouce")
        async with house(settings):
            await asyncio.sleep(0.3)
            stop.set()
            await ann.say("/help")
            await ann.wait_for("/")
    assert telegram.stats.refusals(409) == 0


async def test_over_postgresql_both_handle_while_one_polls(telegram: Telegram, postgresql_url: str):
    ports = [free_port(), free_port()]
    first, second = (settings_for(telegram, postgresql_url, http_port=port) for port in ports)
    async with house(first), house(second), aiohttp.ClientSession() as session:

        async def told(port: int, figure: str) -> int:
            await until(lambda: listens(port))
            async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                return sum(map(int, re.findall(rf"^{figure} (\d+)", await response.text(), re.MULTILINE)))

        async def are_two() -> bool:
            return [await told(port, "pouce_processes") for port in ports] == [2, 2]

        async def have_shared() -> bool:
            done = [await told(port, r'pouce_updates_total\{outcome="done"\}') for port in ports]
            return sum(done) == 12 and min(done) > 0

        await until(are_two)
        phones = [await telegram.phone(f"Person {number}") for number in range(12)]
        await asyncio.gather(*(phone.say("/start") for phone in phones))
        await asyncio.gather(*(phone.wait_for("Pouce") for phone in phones))
        await until(have_shared)
        for role in ("relay", "scheduler", "receiver"):
            assert sum([await told(port, rf'pouce_leading\{{role="{role}"\}}') for port in ports]) == 1
    assert telegram.stats.refusals(409) == 0


async def test_by_webhook_it_works_the_same(telegram: Telegram, database_url: str):
    port = free_port()
    hook = f"http://127.0.0.1:{port}/hook"
    ann = await telegram.phone("Ann")
    async with house(settings_for(telegram, database_url, webhook_url=hook, http_port=port)):
        await until(lambda: bool(telegram.stats.calls("setWebhook")))
        await ann.say("/start")
        await ann.wait_for("Pouce")
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
            figures = await response.text()
        for role in ("handler", "relay", "scheduler", "receiver"):
            assert f'pouce_leading{{role="{role}"}} 1\n' in figures
        assert 'pouce_updates_total{outcome="done"} 1\n' in figures
        assert 'pouce_telegram_responses_total{status="429"} 0\n' in figures
        assert set(re.findall(r"^# TYPE (\w+)", figures, re.MULTILINE)) <= set(FAMILIES)
        async with aiohttp.ClientSession() as session, session.post(hook, json={"update_id": 1}) as response:
            assert response.status == 401
    assert telegram.stats.calls("getUpdates") == []


async def test_a_toast_comes_in_the_response_of_the_webhook_and_no_answer_is_lost_with_it(
    telegram: Telegram, database_url: str
):
    with one_transaction(database_url, wall_clock()) as unit:
        furnish(unit, workers=1, tasks=3)
    port = free_port()
    hook = f"http://127.0.0.1:{port}/hook"
    worker = await telegram.phone("Worker 0", id=FIRST_WORKER)
    settings = settings_for(telegram, database_url, webhook_url=hook, http_port=port, webhook_secret="secret")
    async with house(settings), aiohttp.ClientSession() as session:
        await worker.say("/work")
        await worker.wait_for_button("positive")
        before = await _count_calls(session, port)
        toast = await worker.answer_to(await worker.press("positive"))
        assert toast["text"].startswith("Received.")
        assert len(telegram.stats.calls("answerCallbackQuery")) == 1
        await until(lambda: len(telegram.stats.calls("editMessageText")) == 1)
        assert await _count_calls(session, port) == before + 1  # the edit alone
        await _press_and_hang_up(port, worker)
        await until(lambda: len(_list_answers(database_url)) == 2)
        await until(lambda: len(telegram.stats.calls("editMessageText")) == 2)  # the next task is there
        assert len(telegram.stats.calls("answerCallbackQuery")) == 1  # the second toast is lost
        query = await worker.press("negative")
        assert (await worker.answer_to(query))["text"].startswith("Received.")
    assert [answer for (answer,) in _list_answers(database_url)] == ["positive", "positive", "negative"]


async def _count_calls(session: aiohttp.ClientSession, port: int) -> int:
    """Return how many requests of the bot Telegram has answered."""
    async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
        return int(re.findall(r'^pouce_telegram_responses_total\{status="200"\} (\d+)', await response.text(), re.M)[0])


async def _press_and_hang_up(port: int, worker: Phone) -> None:
    """Deliver a press of the first option, and close the connection before the response comes."""
    message = worker.last
    person = {"id": worker.id, "is_bot": False, "first_name": "Worker 0", "language_code": "en"}
    chat = {"id": worker.id, "type": "private", "first_name": "Worker 0"}
    shown = {"message_id": message["message_id"], "date": message["date"], "chat": chat}
    (data,) = (button["callback_data"] for button in buttons_of(message) if button["text"] == "positive")
    query = {"id": "lost", "from": person, "chat_instance": "1", "data": data, "message": shown}
    body = json.dumps({"update_id": 200_000_000, "callback_query": query}).encode()
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /hook HTTP/1.1\r\nHost: bot\r\n{HEADER}: secret\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()


def _list_answers(database_url: str) -> list[Row]:
    with one_transaction(database_url, wall_clock(), read_only=True) as unit:
        return unit.connection.all("SELECT answer FROM submissions ORDER BY id")


async def test_a_term_that_ends_with_a_bug_is_followed_by_another(telegram: Telegram, database_url: str, monkeypatch):
    terms = []
    whole = HandlerRole.run

    async def fails_at_first(self: HandlerRole) -> None:
        terms.append(self)
        if len(terms) == 1:
            raise ExceptionGroup("tasks", [ZeroDivisionError()])
        await whole(self)

    monkeypatch.setattr(HandlerRole, "run", fails_at_first)
    ann = await telegram.phone("Ann")
    async with house(settings_for(telegram, database_url)):
        await ann.say("/start")
        await ann.wait_for("Pouce")
    assert len(terms) == 2


async def test_who_misses_being_told_to_end_is_told_again(monkeypatch):
    monkeypatch.setattr(terms, "TOLD_AGAIN", 0.05)
    stop = asyncio.Event()
    stop.set()

    async def deaf() -> None:
        for _ in range(2):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)

    assert not await asyncio.wait_for(terms._run_until_first(stop, deaf()), 2)


async def test_a_postgresql_database_of_another_version_is_not_touched(telegram: Telegram, postgresql_server):
    for url in postgresql_server.fresh("template1"):
        with pytest.raises(BadSetting, match="run `pouce migrate` first"):
            await run(settings_for(telegram, url), asyncio.Event())


def test_a_postgresql_role_that_may_make_no_tables_is_one_line(postgresql_server, monkeypatch, capsys):
    for url in postgresql_server.fresh("template1"):
        postgresql_server.run("CREATE ROLE guest")
        monkeypatch.setenv("DATABASE_URL", f"{url}&options=-c%20role%3Dguest")
        try:
            assert main(["migrate"]) == 2
        finally:
            postgresql_server.run("DROP ROLE guest")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("DATABASE_URL: expected")
    assert line.endswith("permission denied for schema public")


async def test_a_taken_port_is_one_line(telegram: Telegram, database_url: str):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_for(telegram, database_url, http_port=taken.getsockname()[1])
        with pytest.raises(BadSetting, match=r"^HTTP_PORT: expected"):
            await run(settings, asyncio.Event())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:////no/such/folder/pouce.db", "/no/such/folder/pouce.db: No such file or directory"),
        ("postgresql://nobody:secret@127.0.0.1:1/x", "Connection refused"),
    ],
)
@pytest.mark.parametrize("command", ["run", "migrate"])
async def test_a_database_that_cannot_be_reached_is_one_line_with_the_reason(
    command: str, url: str, reason: str, tmp_path: Path
):
    told, log = {"BOT_TOKEN": "12345:nothing_secret", "DATABASE_URL": url}, tmp_path / "log"
    process = await forks.start((), told, log, command)
    assert await asyncio.wait_for(process.wait(), 30) == 2
    (line,) = log.read_text().splitlines()
    assert line.startswith("DATABASE_URL: expected a database that can be reached and written to: ")
    assert line.endswith(reason)
    assert "secret" not in line


async def test_a_webhook_address_telegram_refuses_is_one_line(telegram: Telegram, database_url: str):
    telegram.faults.add("refuse", "setWebhook", code=400)
    settings = settings_for(telegram, database_url, webhook_url="http://127.0.0.1:1/hook", http_port=free_port())
    with pytest.raises(BadSetting, match=r"^WEBHOOK_URL: expected"):
        await asyncio.wait_for(run(settings, asyncio.Event()), 10)


async def test_a_start_waits_as_long_as_telegram_asks(telegram: Telegram):
    request = Http1Request()
    await request.initialize()
    telegram.faults.add("refuse", "getMe", code=429, retry_after=1, count=1)
    api, began = BotApi(request, f"{telegram.url}/bot{telegram.token}"), time.monotonic()
    await until_done(lambda: api("getMe"))
    assert time.monotonic() - began >= 1
    await request.shutdown()
