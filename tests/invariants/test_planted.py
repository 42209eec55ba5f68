"""Each invariant: a planted violation of one rule is reported by exactly that rule."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

import pytest

from domain.extensions import find_extensions
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, budget_account, requester_account
from storage import invariants
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.databases import Server
from tests.house import House
from tests.invariants.attack import attack
from tests.invariants.boxes import BOXES
from tests.invariants.broken_chain import CHAINED
from tests.invariants.flows import a_day
from tests.invariants.misrated import MISRATED
from tests.invariants.plants import PLANTS as EARLIER
from tests.invariants.plants import Plant
from tests.invariants.reworded import REWORDED
from tests.invariants.test_health import check
from tests.invariants.underpaid import UNDERPAID
from tests.invariants.unearned import UNEARNED
from tests.invariants.unfair import UNFAIR
from tests.invariants.unforgotten import UNFORGOTTEN
from tests.invariants.unheard import UNHEARD
from tests.invariants.unjust import UNJUST
from tests.invariants.unpaid import UNPAID
from tests.invariants.untaught import UNTAUGHT
from tests.invariants.unteamed import UNTEAMED
from tests.sqlite_files import Files

NOW = Moment(1_800_000_000_000)


def extension_plants(extension: str) -> Sequence[Plant]:
    """The violations of an extension's invariants, if it has any."""
    name = f"tests.{extension}.plants"
    return import_module(name).PLANTS if find_spec(name) else ()


PLANTS = (
    *UNTEAMED,
    *EARLIER,
    *BOXES,
    *CHAINED,
    *UNFAIR,
    *UNDERPAID,
    *UNPAID,
    *UNJUST,
    *UNFORGOTTEN,
    *UNHEARD,
    *MISRATED,
    *UNEARNED,
    *UNTAUGHT,
    *REWORDED,
    *(plant for extension in find_extensions() for plant in extension_plants(extension)),
)


class Days:
    """The same day of work, which breaks no rule, in one database after the other: done once, then copied."""

    def __init__(self, made: Server | Files, migrated: str, now: Moment) -> None:
        self.made = made
        self.plain = made.copy(migrated)
        self.house = a_day(self.plain, now)
        self.rich = made.copy(self.plain)
        with one_transaction(self.rich, now) as unit:
            give(unit, self.house)
        assert check(self.plain, now) == check(self.rich, now) == []

    @contextmanager
    def copy(self, with_money: bool) -> Iterator[str]:
        url = self.made.copy(self.rich if with_money else self.plain)
        yield url
        self.made.drop(url)


@pytest.fixture(scope="module")
def days(copies: tuple[Server | Files, str]) -> Iterator[Days]:
    days = Days(*copies, NOW)
    yield days
    days.made.drop(days.rich)
    days.made.drop(days.plain)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.says)
def test_exactly_that_rule_is_named_when(plant: Plant, days: Days, now: Moment) -> None:
    with days.copy(plant.with_money) as url:
        with attack(url, now, *plant.stripped, asleep=plant.asleep) as unit:
            plant.breaks(unit, days.house)
        found = check(url, now)
    assert {violation.rule for violation in found} == {plant.rule}, found
    named = [violation for violation in found if violation.name == plant.name]
    assert named, found
    assert any(violation.row.startswith(plant.row) and violation.detail for violation in named), found


def give(unit: UnitOfWork, house: House) -> None:
    """A budget with room, so that rule 4 stays out of it."""
    source = requester_account(unit.people.get(house.requester))
    unit.spending.stated.add(house.project, 10_000_000)
    unit.ledger.post(
        Transfer("more", "launch", source, budget_account(house.project), Millionths(10_000_000), "EUR", house.project)
    )


def test_every_invariant_has_a_planted_violation() -> None:
    planted = {plant.name for plant in PLANTS}
    assert {i.name for i in invariants.list_invariants()} - planted == {"the guards of what is written are awake"}


@pytest.mark.parametrize("trigger", ["transfers_post", "transfers_keep", "entries_keep", "entries_true", "audit_keep"])
def test_a_guard_that_is_gone_is_named(trigger: str, database_url: str, now: Moment) -> None:
    table = trigger.partition("_")[0]
    with attack(database_url, now) as unit:
        on = f" ON {table}" if unit.connection.dialect == "postgresql" else ""
        unit.connection.changed(f"DROP TRIGGER {trigger}{on}")
    assert [(v.rule, v.row) for v in check(database_url, now)] == [(10, f"trigger {trigger}")]


def test_a_guard_that_sleeps_is_named(postgresql_url: str, now: Moment) -> None:
    with attack(postgresql_url, now) as unit:
        unit.connection.changed("ALTER TABLE entries DISABLE TRIGGER entries_keep")
    assert [(v.rule, v.row) for v in check(postgresql_url, now)] == [(10, "trigger entries_keep")]


REPLACED = {
    "sqlite": (
        "DROP TRIGGER entries_keep",
        "CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN SELECT 1; END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION entries_true() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    ),
}


def test_a_guard_that_was_talked_to_is_named(database_url: str, now: Moment) -> None:
    with attack(database_url, now) as unit:
        for statement in REPLACED[unit.connection.dialect]:
            unit.connection.changed(statement)
    (found,) = check(database_url, now)
    assert (found.rule, found.row.partition("_")[0]) == (10, "trigger entries")
    assert "something else" in found.detail
