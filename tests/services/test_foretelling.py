"""An attacker has the source, their own numbers and their own answers so far, and foretells which tasks are gold."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

import pytest

from domain.moments import DAY, MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.quality.gold import GoldAsked
from domain.work.assignments import Enrolment
from domain.work.dispatch import gold_share, is_gold_turn
from services.quality import gold
from services.work import submit, sweeps
from storage.database import Database
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import furnish

SEEN, FORETOLD = 36, 264
GUESSES = (b"", b"\0", b"\0" * 32, b"secret", b"pouce", b"pouce-gold", b"choices", b"gold")

Turn = tuple[Enrolment, bool]
Guess = Callable[[Enrolment], bool]


def unkeyed(known: Enrolment) -> bool:
    """As it was drawn once: from what the worker knows alone."""
    who = f"{known.worker}:{known.project}:{known.offered}"
    digest = blake2b(who.encode(), digest_size=8, person=b"pouce-gold").digest()
    return int.from_bytes(digest) / 2**64 < gold_share(known)


def keyed(secret: bytes) -> Guess:
    return lambda known: is_gold_turn(known, secret)


def attackers() -> list[Guess]:
    """Everything that can be computed without the installation's secret, small numbers tried as secrets, too."""
    return [unkeyed, *map(keyed, GUESSES), *(keyed(str(number).encode()) for number in range(500))]


def best_of(guesses: Sequence[Guess], history: Sequence[Turn]) -> Guess:
    """The one that explains the attacker's own history best."""
    return max(guesses, key=lambda guess: sum(guess(known) == met for known, met in history))


def gain(guess: Guess, turns: Sequence[Turn]) -> float:
    """How much likelier a foretold task is gold than any other: 1 for a seer, about 0 for one who throws dice."""
    told = [(guess(known), met) for known, met in turns]
    gold_ones = sum(met for _, met in told)
    hits = sum(said for said, met in told if met) / gold_ones
    alarms = sum(said for said, met in told if not met) / (len(told) - gold_ones)
    return hits - alarms


def history(unit: UnitOfWork, worker: PersonId, turns: int) -> list[Turn]:
    """The worker answers so many tasks, all right; what they knew before each, and whether it was gold."""
    person, met = unit.people.get(worker), list[Turn]()
    submit.show_work(unit, person)
    while len(met) < turns and (in_hand := unit.assignments.active_for(worker)) is not None:
        enrolled = unit.enrolments.enrol(worker, in_hand.project)
        known = replace(enrolled, offered=enrolled.offered - 1)  # as it was before this offer
        met.append((known, unit.tasks.get(in_hand.task).gold is not None))
        submit.submit_answer(unit, person, in_hand.id, "0", None)
    return met


async def test_gold_is_not_foretold_from_the_source_and_ones_own_answers(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=2, tasks=600, gold=100, overlap=1), now)
    for worker in house.workers:
        turns = await database.transact(history, now, worker, SEEN + FORETOLD)
        assert len(turns) == SEEN + FORETOLD
        guess = best_of(attackers(), turns[:SEEN])
        assert abs(gain(guess, turns[SEEN:])) < 0.25
        secret = await database.transact(lambda unit: unit.secrets.get(CHOICES), now)
        assert gain(best_of([*attackers(), keyed(secret)], turns[:SEEN]), turns[SEEN:]) == 1  # the attack does work


async def test_two_who_compare_notes_have_met_gold_in_different_orders(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=2, tasks=100, gold=20), now)
    orders = []
    for worker in house.workers:
        await database.transact(history, now, worker, 40)
        orders.append(await database.transact(gold_met, now, worker))
    assert min(map(len, orders)) >= 5
    assert orders[0][:5] != orders[1][:5]


def gold_met(unit: UnitOfWork, worker: PersonId) -> list[int]:
    met = "SELECT task FROM submissions WHERE worker = :worker AND gold IS NOT NULL ORDER BY id"
    return [row[0] for row in unit.connection.all(met, worker=worker)]


async def test_which_tasks_a_requester_is_asked_for_gold_hangs_on_the_secret(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, tasks=500), now)
    asked = []
    for _ in range(4):  # of 500 tasks: the same one four times would be one in 10⁸
        await database.transact(lambda unit: unit.secrets.renew(CHOICES, later(now, 1)), now)
        begun = await database.transact(lambda unit: gold.begin_gold(act_of(unit, house.requester), house.project), now)
        assert isinstance(begun, GoldAsked)
        asked.append(begun.task)
    assert len(set(asked)) > 1


async def test_a_secret_is_made_once_and_kept(database: Database, now: Moment) -> None:
    made = await database.transact(lambda unit: unit.secrets.get("new"), now)
    assert len(made) == 32
    assert await database.transact(lambda unit: unit.secrets.get("new"), now) == made
    assert await database.transact(lambda unit: unit.secrets.get("other"), now) != made


async def test_a_secret_that_is_rotated_elsewhere_is_known_here_soon_and_work_goes_on(
    database: Database, database_url: str, now: Moment
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=60, gold=10, overlap=1), now)
    before = await database.transact(lambda unit: unit.secrets.recent(CHOICES), now)
    other = Database(database_url)
    await other.transact(lambda unit: unit.secrets.renew(CHOICES, later(now, 1)), now)
    await other.close()
    soon = later(now, 2 * MINUTE)
    after = await database.transact(lambda unit: unit.secrets.recent(CHOICES), soon)
    assert after == await database.transact(lambda unit: unit.secrets.get(CHOICES), soon) != before
    assert len(await database.transact(history, soon, house.workers[0], 40)) == 40


async def test_draws_go_by_a_new_secret_every_month(database: Database, now: Moment) -> None:
    await database.transact(lambda unit: unit.secrets.renew(CHOICES, later(now, 1)), now)
    made = await database.transact(lambda unit: unit.secrets.get(CHOICES), now)
    await database.transact(sweeps.delete_old_rows, later(now, 29 * DAY))
    assert await database.transact(lambda unit: unit.secrets.get(CHOICES), now) == made
    await database.transact(sweeps.delete_old_rows, later(now, 31 * DAY))
    assert await database.transact(lambda unit: unit.secrets.get(CHOICES), now) != made


async def test_the_hot_path_reads_the_secret_from_memory(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.transact(lambda unit: unit.secrets.recent(CHOICES), now)

    def gone(*_: object) -> bytes:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("storage.secrets.Secrets.get", gone)
    assert await database.transact(lambda unit: unit.secrets.recent(CHOICES), now) == b"planted"
