"""A canary sings: no token, text, name, password or IBAN reaches a log line, and every event is one line."""

import asyncio
import io
import logging
import re
import sys

import aiohttp
import pytest

from bot import logs
from bot.settings import Settings
from storage.database import Database

TOKEN = "987654321:AAcanaryCANARYcanary_canary-canary12"
IBAN = "DE89 3704 0044 0532 0130 00"
SAID = " ".join(("I live in canary", "street"))
ADDRESS = "postgresql://pouce:hun%40ter2@db/pouce"
SECRETS = (TOKEN, TOKEN.split(":")[1], "BBcanary", "s3cret", "DE89", "0532", "hun@ter2", "hun%40ter2", "canary street")
LINE = re.compile(r"time=\S+Z level=\w+ where=[\w.]+ event=(\"(\\.|[^\"\\])*\"|\S+)( \w+=(\"(\\.|[^\"\\])*\"|\S+))*")


@pytest.fixture
def root():
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook


@pytest.fixture
def lines(root):
    """What was logged: whole lines, each of the one form, none with a secret."""
    password = Settings(database_url=ADDRESS, _env_file=None).database_password
    logs.set_up_logging("INFO", TOKEN, "s3cret-of-hook", password)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)

    def read() -> list[str]:
        told = stream.getvalue()
        assert not [secret for secret in SECRETS if secret in told]
        found = told.splitlines()
        assert [line for line in found if not LINE.fullmatch(line)] == []
        return found

    return read


def test_secrets_do_not_sing(lines):
    log = logging.getLogger("bot.canary")
    log.info("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    log.info("another bot's: 123456789:BBcanaryCANARY; hook s3cret-of-hook")
    log.info("pay to %s\nor %s", IBAN, IBAN.replace(" ", ""))
    log.info("%s is away", ADDRESS, extra={"conninfo": "host=db password=hun@ter2", "who": f'"{IBAN}"'})
    assert len(lines()) == 4


def test_an_error_is_its_class_and_its_place(lines):
    try:
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError as inner:
            raise ExceptionGroup(SAID, [RuntimeError(SAID)]) from inner
    except ExceptionGroup as error:
        logging.getLogger("canary").error("Failed", exc_info=error, extra={"letter": 7})
        sys.excepthook(type(error), error, error.__traceback__)
    failed, ended = lines()
    assert " letter=7 " in failed
    assert 'error="ExceptionGroup(RuntimeError) < ValueError"' in failed
    assert re.search(r"trace=.*bot/test_logs\.py:\d+ test_an_error_is_its_class", failed)
    assert 'level=critical where=bot event="The process ends"' in ended


async def test_what_libraries_say_of_their_errors_is_discreet(lines):
    """A task nobody waited for, and a request that failed with the token in its address."""

    async def fails() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get(f"http://127.0.0.1:1/bot{TOKEN}/sendMessage?text={SAID}")

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    told = {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    asyncio.get_running_loop().call_exception_handler(told)
    logging.getLogger("aiohttp.server").error("Error handling request", exc_info=task.exception())
    unheard, served = lines()
    assert 'where=asyncio event="Task exception was never retrieved" error="ClientConnectorError' in unheard
    assert "error=" in served


def test_what_is_no_secret_is_left_alone(lines):
    said = "Update 100000001: done at 2027-01-15 08:00:00, listening on 127.0.0.1:8080"
    logging.getLogger("bot.x").info(said, extra={"seconds": 1.5})
    [line] = lines()
    assert f'event="{said}" seconds=1.5' in line


def test_libraries_that_log_addresses_are_quiet(root):
    logs.set_up_logging("DEBUG")
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("aiohttp.access").isEnabledFor(logging.INFO)


def test_a_disk_too_full_for_the_log_ends_nothing(monkeypatch):
    full = io.TextIOWrapper(io.FileIO("/dev/full", "wb"), write_through=True)
    monkeypatch.setattr(sys, "stderr", full)
    logs.LogHandler(full).handle(logging.makeLogRecord({"msg": "still at work"}))
    with pytest.raises(OSError, match="No space"):
        full.write("no room it was")


async def test_no_library_tells_what_it_is_doing_even_at_debug(root, sqlite_url):
    """aiosqlite would tell every statement with its values: a Telegram id among them."""
    logs.set_up_logging("DEBUG", TOKEN)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)
    database = Database(sqlite_url)
    found = [row async for row in database.rows("SELECT :person", person="P-canary")]
    await database.close()
    logging.getLogger("some.library").debug("canary street")
    logging.getLogger("bot.anything").debug("ours")
    assert found == [("P-canary",)]
    told = stream.getvalue().splitlines()
    assert [line for line in told if "where=bot.anything" not in line] == []
    assert len(told) == 1
