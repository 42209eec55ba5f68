"""How a process starts, takes over and stops, as an operator sees it: exit codes, log lines, seconds."""

import asyncio
import logging
import signal
import sqlite3
import time
from configparser import ConfigParser

import pytest

from bot.__main__ import main
from bot.demo.demo import listen_on
from simulator import Telegram
from tests.bot.conftest import until
from tests.bot.test_running import ROOT, house, settings_for, started
from tests.databases import Server

AT_WORK, GAINED = "At work", "This process has the role now"
MALFORMED = {"ADMIN_IDS": "ada"}
AWAY = {"DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/x"}


@pytest.mark.parametrize(("variables", "restarts"), [(MALFORMED, False), ({"BOT_TOKEN": ""}, False), (AWAY, True)])
def test_systemd_starts_the_bot_again_unless_a_variable_is_wrong(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, variables: dict[str, str], restarts: bool
) -> None:
    """It did so for ever; and what stands in ExecStartPre is started again whatever its exit code."""
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy/pouce.service")
    service = unit["Service"]
    for name, value in {"BOT_TOKEN": "1:x", "DATABASE_URL": sqlite_url, **variables}.items():
        monkeypatch.setenv(name, value)
    code = main(service["ExecStart"].split()[1:])
    assert service["Restart"] == "on-failure"
    assert code != 0
    assert (str(code) not in service["RestartPreventExitStatus"].split()) == restarts
    assert "ExecStartPre" not in service


def test_compose_starts_no_bot_whose_variables_are_wrong(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    """Docker starts a bot again whatever its exit code; it waits for `migrate`, which reads all variables."""
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "BOT_TOKEN: ${BOT_TOKEN:?" in compose
    assert "migrate: { condition: service_completed_successfully }" in compose
    for name, value in {"DATABASE_URL": sqlite_url, **MALFORMED}.items():
        monkeypatch.setenv(name, value)
    assert main(["migrate"]) != 0


def test_run_migrates_first_where_it_is_asked_to(
    postgresql_server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen_on() as taken:
        monkeypatch.setenv("BOT_TOKEN", "1:x")
        monkeypatch.setenv("HTTP_PORT", str(taken.getsockname()[1]))
        for url in postgresql_server.fresh("template1"):
            monkeypatch.setenv("DATABASE_URL", url)
            assert main(["run", "--migrate"]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[0].startswith("0001")
    assert said.err.splitlines()[-1].startswith("HTTP_PORT: expected")


async def test_a_database_that_takes_no_writing_is_one_line_and_no_work(
    telegram: Telegram, postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A standby that is to take over, say. A former start leaves nothing to be written but that it is there."""
    caplog.set_level(logging.INFO)
    async with house(settings_for(telegram, postgresql_url)):
        await until(lambda: AT_WORK in caplog.messages)
    caplog.clear()
    async with house(settings_for(telegram, f"{postgresql_url}&options=-c%20default_transaction_read_only%3Don")):
        await until(lambda: any(line.startswith("The database cannot be written to") for line in caplog.messages))
        await asyncio.sleep(1.5)  # it has tried again
    assert AT_WORK not in caplog.messages
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert sum(line.startswith("The database cannot be written to") for line in caplog.messages) == 1


async def test_who_takes_over_says_so(
    telegram: Telegram, postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings = settings_for(telegram, postgresql_url)

    def gained() -> list[str]:
        return sorted(vars(record)["role"] for record in caplog.records if record.getMessage() == GAINED)

    roles = ["receiver", "relay", "scheduler"]
    async with house(settings) as stop:
        await until(lambda: gained() == roles)
        async with house(settings):
            await until(lambda: caplog.messages.count("Another process has the role; standing by") == len(roles))
            stop.set()
            await until(lambda: gained() == sorted(2 * roles))


async def test_a_stop_takes_three_seconds_whatever_the_database_is_at(telegram: Telegram, sqlite_url: str) -> None:
    """Another program keeps the file locked: an update that is under way, and the end of the lease, wait for half a
    minute. Nothing is lost."""
    ann = await telegram.phone("Ann")
    await ann.say("/start")
    process = await started(telegram, sqlite_url)
    await ann.wait_for("Pouce")
    locked = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    await ann.say("/help")
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert time.monotonic() - began < 10
    assert process.returncode == 0
    assert b"The stop took too long" in errors
    locked.close()
    async with house(settings_for(telegram, sqlite_url)):
        await ann.wait_for("What you can do here")
