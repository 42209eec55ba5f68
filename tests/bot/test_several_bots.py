"""Several bots over one database: each answers, sends and edits in its own chats, and a person is the same at all."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.clock import wall_clock
from bot.delivery.attachments import Attachments, FileDownloads
from bot.intake.polling import TokenRefused
from bot.running import run
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from domain.people.accounts import RoleGranted
from domain.people.bots import bot_of_number, number_at, number_in_telegram, split_file_id, stored_update
from faults.waiting import free_port
from services.people.bots import link_to_bot
from simulator.crowd.client import Phone
from simulator.limits import Limits
from simulator.running import Telegram, serve
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.bot.conftest import until
from tests.bot.test_running import house, settings_for, started
from tests.simulator.test_files import png


@pytest.fixture(params=("sqlite", "postgresql"))
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with serve(limits=Limits.off(), webhook_pause=0.01, bots=2) as running:
        yield running


def tokens(telegram: Telegram) -> str:
    return f"blue={telegram.others[0].token}"


async def at_both(telegram: Telegram, name: str, number: int) -> tuple[Phone, Phone]:
    """One person's chats with the two bots."""
    return await telegram.phone(name, id=number), await telegram.others[0].phone(name, id=number)


async def bots_of(database_url: str) -> list[tuple[int, int]]:
    database = Database(database_url)
    try:
        return await database.aside(
            lambda unit: [(row[0], row[1]) for row in unit.connection.all("SELECT telegram_id, bot FROM people")],
            wall_clock(),
        )
    finally:
        await database.close()


async def violations_of(database_url: str) -> list[object]:
    database = Database(database_url)
    try:
        return list(await database.aside(find_violations, wall_clock()))
    finally:
        await database.close()


def test_numbers_and_files_say_whose_they_are():
    for bot in (1, 2, 100):
        number = number_at(bot, 2**32)
        assert (bot_of_number(number), number_in_telegram(number)) == (bot, 2**32)
    assert number_at(1, 7) == 7
    update = {"message": {"message_id": 5, "photo": [{"file_id": "AgAC", "file_unique_id": "u"}]}}
    assert stored_update(2, update)["message"]["message_id"] == number_at(2, 5)
    assert split_file_id(stored_update(2, update)["message"]["photo"][0]["file_id"]) == (2, "AgAC")
    assert split_file_id("AgAC") == (1, "AgAC")


async def test_each_bot_answers_in_its_own_chats_and_a_person_moves(telegram: Telegram, database_url: str):
    blue = telegram.others[0]
    red_ann, blue_ann = await at_both(telegram, "Ann", 1_001)
    blue_bob = await blue.phone("Bob", id=1_002)
    async with house(settings_for(telegram, database_url, bot_tokens=tokens(telegram))):
        await red_ann.say("/start")
        await red_ann.wait_for("Pouce")
        await blue_bob.say("/start")
        await blue_bob.wait_for("Pouce")
        assert sorted(await bots_of(database_url)) == [(1_001, 1), (1_002, 2)]
        await red_ann.press(red_ann.keyboard[0])  # agrees: the message is edited where it is
        await red_ann.until(lambda phone: "You are in" in phone.text)
        assert not [message for message in blue_ann.messages if not message["out"]]
        await blue_ann.say("/balance")  # asks there, is answered there, and belongs where they were
        await blue_ann.wait_for("0.00")
        assert (1_001, 1) in await bots_of(database_url)
        await blue_ann.say("/start")
        await blue_ann.wait_for("Good to see you again")
        assert (1_001, 2) in await bots_of(database_url)
        await red_ann.block()  # no longer their bot: they stay reachable
        await blue_ann.say("/balance")
        await blue_ann.wait_for("0.00")
    assert {call.code for part in (telegram, blue) for call in part.stats.calls()} <= {200}
    assert await violations_of(database_url) == []


async def test_a_refused_token_stops_its_bot_alone(telegram: Telegram, database_url: str, caplog):
    """Whoever belonged to it moves with a word to another bot, which sends what the refused one still had to send."""
    red_ann, blue_ann = await at_both(telegram, "Ann", 1_001)
    blue = telegram.others[0]
    settings = settings_for(telegram, database_url, bot_tokens=tokens(telegram))
    async with house(settings):
        await blue_ann.say("/start")
        await blue_ann.wait_for("Pouce")
    blue.faults.add("refuse", "*", code=401, description="Unauthorized")
    with caplog.at_level(logging.ERROR):
        async with house(settings):
            await until(lambda: any("refuses a bot's token" in record.getMessage() for record in caplog.records))
            assert [record.__dict__["bot"] for record in caplog.records if "token" in record.getMessage()] == ["blue"]
            await say_unasked(database_url, 1_001)
            await red_ann.say("/balance")
            await red_ann.wait_for("0.00")
            await red_ann.until(lambda phone: any("open projects now" in str(message) for message in phone.messages))
            assert (1_001, 1) in await bots_of(database_url)
            links = [await link_of(database_url) for _ in range(2)]
            assert {"pouce_bot" in link for link in links} == {True}
    assert await violations_of(database_url) == []


async def say_unasked(database_url: str, telegram_id: int) -> None:
    """Write a letter to a person who has not asked for one."""

    def write(unit: UnitOfWork) -> None:
        person = unit.people.find_by_telegram_id(telegram_id)
        assert person is not None
        unit.outbox.tell(person.id, RoleGranted())

    database = Database(database_url)
    try:
        await database.transact(write, wall_clock())
    finally:
        await database.close()


async def link_of(database_url: str) -> str:
    database = Database(database_url)
    try:
        return str(await database.aside(lambda unit: link_to_bot(unit, "abc"), wall_clock()))
    finally:
        await database.close()


async def test_both_refused_ends_the_process(telegram: Telegram, sqlite_url: str):
    settings = settings_for(
        telegram, sqlite_url, bot_token="1000001:wrong-token", bot_tokens="blue=1000002:wrong-token"
    )
    with pytest.raises(TokenRefused):
        await asyncio.wait_for(run(settings, asyncio.Event(), per_second=0, rest=0), 20)


async def test_each_bot_has_a_path_of_its_own_for_its_webhook(telegram: Telegram, database_url: str):
    port = free_port()
    red_ann, blue_ann = await at_both(telegram, "Ann", 1_001)
    hook = {"webhook_url": f"http://127.0.0.1:{port}/hook", "http_port": port, "http_host": "127.0.0.1"}
    async with house(settings_for(telegram, database_url, bot_tokens=tokens(telegram), **hook)):
        for phone in (red_ann, blue_ann):
            await phone.say("/start")
            await phone.wait_for("Pouce")
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
            metrics = await response.text()
        for bot in ("first", "blue"):
            assert f'pouce_leading{{role="relay",bot="{bot}"}} 1' in metrics
            assert f'pouce_bot_refused{{bot="{bot}"}} 0' in metrics
    paths = [part.stats.calls("setWebhook")[0].params["url"] for part in (telegram, *telegram.others)]
    assert [path.rpartition(str(port))[2] for path in paths] == ["/hook", "/hook/blue"]


async def test_two_processes_share_four_bots_and_one_is_killed(postgresql_url: str):
    """Whatever was written to any bot is answered by that bot, whichever process had its relay and its receiver."""
    async with serve(limits=Limits.off(), bots=4) as telegram:
        bots = (telegram, *telegram.others)
        phones = [await bot.phone(f"Ann {n}", id=2_000 + n) for n, bot in enumerate(bots)]
        phones += [await bot.phone(f"Bob {n}", id=3_000 + n) for n, bot in enumerate(bots)]
        variables = {
            "BOT_TOKENS": ",".join(f"bot{n}={bot.token}" for n, bot in enumerate(telegram.others)),
            "HTTP_PORT": str(free_port()),
        }
        first = await started(telegram, postgresql_url, **variables)
        second = await started(telegram, postgresql_url, **{**variables, "HTTP_PORT": str(free_port())})
        try:
            for phone in phones:
                await phone.say("/start")
            for phone in phones:
                await phone.wait_for("Pouce", timeout=60)
            for phone in phones:
                await phone.say("/balance")
            first.kill()
            for phone in phones:
                await phone.wait_for("0.00", timeout=60)
        finally:
            for process in (first, second):
                if process.returncode is None:
                    process.terminate()
            await asyncio.gather(first.communicate(), second.communicate())
        assert sorted(await bots_of(postgresql_url)) == sorted(
            (start + n, n + 1) for n in range(4) for start in (2_000, 3_000)
        )
        assert {call.code for bot in bots for call in bot.stats.calls("sendMessage")} == {200}
        assert await violations_of(postgresql_url) == []


async def test_a_file_that_one_bot_got_is_uploaded_by_another(telegram: Telegram, sqlite_url: str, api: BotApi):
    blue = telegram.others[0]
    blue_ann = await blue.phone("Ann", id=1_001)
    red_rosa = await telegram.phone("Rosa", id=1_002)
    await blue_ann.say("/start")
    await red_rosa.say("/start")
    sent = await blue_ann.upload(png(3, 2), "cat.png", kind="photo")
    reference = f"2:{sent['photo'][-1]['file_id']}"
    database = Database(sqlite_url)
    async with Http1Request() as request:
        others = {2: FileDownloads(BotApi(request, f"{blue.url}/bot{blue.token}"), f"{blue.url}/file/bot{blue.token}")}
        download = FileDownloads(api, f"{telegram.url}/file/bot{telegram.token}", others)
        attachments = Attachments(database, wall_clock, download=download)
        for _ in range(2):
            attachment = await attachments.attach_picture(reference)
            message = await api("sendPhoto", attachment.files, chat_id=red_rosa.id, photo=attachment.reference)
            attachments.note_upload(attachment, message)
            attachments.end_upload(attachment)
        assert attachment.is_uploaded
    await database.close()
