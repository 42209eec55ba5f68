"""Transactions: durable together, rolled back alone, signalled only after commit."""

import asyncio
import weakref

import pytest

from domain.moments import Moment
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork


class Sorry(Exception):
    pass


def put(unit: UnitOfWork, name: str, value: str = "") -> str:
    unit.settings.store(name, value)
    return name


def put_and_fail(unit: UnitOfWork, name: str) -> None:
    unit.settings.store(name, "")
    raise Sorry(name)


def settings(unit: UnitOfWork, prefix: str) -> list[str]:
    rows = unit.connection.all("SELECT name FROM settings WHERE name LIKE :like ORDER BY name", like=f"{prefix}%")
    return [row[0] for row in rows]


async def test_what_is_returned_is_kept(database: Database, database_url: str, now: Moment) -> None:
    assert await database.transact(put, now, "kept") == "kept"
    with one_transaction(database_url, now, read_only=True) as unit:
        assert settings(unit, "kept") == ["kept"]


async def test_what_raises_is_undone_and_told(database: Database, now: Moment) -> None:
    with pytest.raises(Sorry, match="lost"):
        await database.transact(put_and_fail, now, "lost")
    assert await database.transact(settings, now, "lost") == []


async def test_a_failing_job_in_a_shared_commit_undoes_only_itself(database: Database, now: Moment) -> None:
    def maybe(unit: UnitOfWork, n: int) -> None:
        put_and_fail(unit, f"job{n:02}") if n % 3 == 0 else put(unit, f"job{n:02}")

    before = database.commits
    outcomes = await asyncio.gather(*(database.transact(maybe, now, n) for n in range(30)), return_exceptions=True)
    assert [isinstance(outcome, Sorry) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    assert await database.transact(settings, now, "job") == [f"job{n:02}" for n in range(30) if n % 3]
    assert database.commits - before < 15


async def test_a_constraint_that_refuses_in_a_shared_commit_undoes_only_itself(database: Database, now: Moment) -> None:
    def twice(unit: UnitOfWork) -> None:
        for _ in range(2):
            unit.connection.changed("INSERT INTO leases (name, holder, until) VALUES ('relay', 'me', 1)")

    refused, kept = await asyncio.gather(
        database.transact(twice, now), database.transact(put, now, "kept"), return_exceptions=True
    )
    assert isinstance(refused, Exception)
    assert kept == "kept"


async def test_a_failure_nobody_waited_for_undoes_its_own_transaction_alone(database: Database, now: Moment) -> None:
    def fail_late(unit: UnitOfWork) -> None:
        put(unit, "sent2")
        unit.connection.send("INSERT INTO leases (name, holder, until) VALUES ('relay', 'me', NULL)")

    jobs = [database.transact(fail_late if n == 2 else lambda unit, n=n: put(unit, f"sent{n}"), now) for n in range(5)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert [n for n in range(5) if isinstance(outcomes[n], Exception)] == [2]
    assert "until" in str(outcomes[2])
    assert await database.transact(settings, now, "sent") == ["sent0", "sent1", "sent3", "sent4"]


async def test_results_are_told_only_when_another_connection_can_see_them(
    database: Database, database_url: str, now: Moment
) -> None:
    async def one(n: int) -> bool:
        name = await database.transact(put, now, f"seen{n:02}")
        with one_transaction(database_url, now, read_only=True) as unit:
            return unit.settings.get(name) is not None

    assert all(await asyncio.gather(*(one(n) for n in range(8))))


async def test_listeners_hear_a_commit_and_never_a_failure(database: Database, now: Moment) -> None:
    heard: list[str] = []
    database.on("bell", lambda: heard.append("bell"))

    def ring(unit: UnitOfWork, fail: bool) -> None:
        unit.signals.add("bell")
        if fail:
            raise Sorry

    with pytest.raises(Sorry):
        await database.transact(ring, now, True)
    assert heard == []
    await database.transact(ring, now, False)
    assert heard == ["bell"]


async def test_a_listener_that_is_gone_is_let_go(database: Database, now: Moment) -> None:
    term = asyncio.Event()
    gone = weakref.ref(term)
    database.on("bell", term.set)
    await database.transact(lambda unit: unit.signals.add("bell"), now)
    assert term.is_set()
    del term
    assert gone() is None
    await database.transact(lambda unit: unit.signals.add("bell"), now)


async def test_facts_and_arguments_reach_the_service(database: Database, now: Moment) -> None:
    def add(unit: UnitOfWork, a: int, *, b: int) -> tuple[int, Moment]:
        return a + b, unit.now

    assert await database.transact(add, now, 2, b=3) == (5, now)


async def test_closing_ends_after_the_work_already_handed_in(database_url: str, now: Moment) -> None:
    database = Database(database_url)
    jobs = [asyncio.ensure_future(database.transact(put, now, f"late{n}")) for n in range(5)]
    await asyncio.sleep(0)
    await database.close()
    assert len(await asyncio.gather(*jobs)) == 5


async def test_a_cancelled_caller_leaves_the_others_alone(database: Database, now: Moment) -> None:
    cancelled = asyncio.ensure_future(database.transact(put, now, "cancelled"))
    await asyncio.sleep(0)
    cancelled.cancel()
    assert await database.transact(put, now, "other") == "other"


def test_one_transaction_for_the_command_line_keeps_all_or_nothing(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        put(unit, "whole")
    with pytest.raises(Sorry), one_transaction(database_url, now) as unit:
        put_and_fail(unit, "half")
    with one_transaction(database_url, now, read_only=True) as unit:
        assert settings(unit, "whole") == ["whole"]
        assert settings(unit, "half") == []


def test_a_reading_transaction_cannot_write(database_url: str, now: Moment) -> None:
    with pytest.raises(Exception, match=r"read-?only"), one_transaction(database_url, now, read_only=True) as unit:
        put(unit, "never")


async def test_a_reading_transaction_sees_one_moment(database: Database, database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now, read_only=True) as unit:
        assert settings(unit, "late") == []
        await database.transact(put, now, "late")
        assert settings(unit, "late") == []
