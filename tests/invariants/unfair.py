"""Violations of rules 11 and 12 to be planted: a restriction that lacks something, an appeal that nobody answered."""

from collections.abc import Callable
from typing import Any

from domain.conduct.evidence import Evidence
from domain.moments import DAY, HOUR
from domain.quality.restrictions import RestrictionOver
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant

RESTRICT = """
INSERT INTO restrictions (worker, project, reason, evidence, state, imposed_at, ends_at, notice, appeal_until, appeal,
  appealed_at, appeal_due, confirm_by)
VALUES (:worker, :project, :reason, :evidence, 'standing', :imposed_at, :ends_at, 'notice', :appeal_until, :appeal,
  :appealed_at, :appeal_due, :confirm_by)"""
ON_TRIAL = """
INSERT INTO gold_challenges (project, task, gold, state, opened_at, due_at)
VALUES (:project, :task, '["positive"]', 'open', :opened, :due)"""


def restrict(told: bool = True, **changes: Any) -> Callable[[UnitOfWork, House], None]:
    """A restriction that is well made but for `changes`."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        worker, now = house.workers[0], unit.now
        evidence = [Evidence(worker, "random", 12.0, 40, 5, 0.8, 0.5)]
        facts = {"worker": worker, "project": house.project, "reason": "random", "evidence": pack(evidence)}
        times = {
            "imposed_at": now,
            "ends_at": now + 7 * DAY,
            "appeal_until": now + 7 * DAY,
            "confirm_by": now + 3 * DAY,
        }
        appeal = {"appeal": None, "appealed_at": None, "appeal_due": None}
        unit.connection.changed(RESTRICT, **{**facts, **times, **appeal, **changes})
        if told:
            unit.outbox.tell(worker, RestrictionOver(""), key="notice")

    return breaks


STOP = """
INSERT INTO stops (person, reason, made_by, made_at, state, words, due_at, ruling)
VALUES (:person, 'why', :by, 5, 'appealed', 'no', :due, '')"""


def stop(suspended: bool = True, **changes: Any) -> Callable[[UnitOfWork, House], None]:
    """An appealed suspension that is well made but for `changes`."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        facts = {"person": house.workers[0], "by": house.requester, "due": unit.now + DAY}
        unit.connection.changed(STOP, **{**facts, **changes})
        unit.stops.set_suspended(house.workers[0], suspended)

    return breaks


def suspend(unit: UnitOfWork, house: House) -> None:
    unit.stops.set_suspended(house.workers[0], True)


def keep_out(unit: UnitOfWork, house: House) -> None:
    unit.connection.changed("UPDATE enrolments SET restricted_until = :until", until=unit.now + DAY)


def forget_a_challenge(unit: UnitOfWork, house: House) -> None:
    """It should have been decided before anything in this house happened."""
    now = unit.now
    unit.connection.changed(
        ON_TRIAL, project=house.project, task=house.tasks[-1], opened=now - 9 * DAY, due=now - 6 * DAY
    )


UNFAIR = (
    Plant(
        "somebody is restricted on no evidence",
        *(11, "every restriction has its grounds and its end", "restriction"),
        restrict(evidence="[]"),
    ),
    Plant(
        "somebody is restricted for good",
        *(11, "every restriction has its grounds and its end", "restriction"),
        restrict(ends_at=2**52),
    ),
    Plant(
        "somebody is restricted and not told",
        *(11, "every restriction was told", "restriction"),
        restrict(told=False),
    ),
    Plant(
        "somebody is kept out quietly",
        *(11, "nobody is kept out without a restriction", "worker"),
        keep_out,
    ),
    Plant(
        "an appeal is left lying",
        *(12, "no appeal is open past its deadline", "restriction"),
        restrict(appeal="open", appealed_at=1, appeal_due=HOUR),
    ),
    Plant(
        "a restriction nobody confirmed goes on",
        *(12, "no restriction stands unconfirmed past its deadline", "restriction"),
        restrict(confirm_by=HOUR),
    ),
    Plant(
        "somebody is suspended quietly",
        *(11, "nobody is suspended without a stop in force", "person"),
        suspend,
    ),
    Plant(
        "whoever was stopped goes on",
        *(11, "nobody is suspended without a stop in force", "person"),
        stop(suspended=False),
    ),
    Plant(
        "an appeal against a stop is left lying",
        *(12, "no appeal against a stop is open past its deadline", "stop"),
        stop(due=HOUR),
    ),
    Plant(
        "a contested gold answer is forgotten",
        *(12, "no appeal is open past its deadline", "challenge"),
        forget_a_challenge,
    ),
)
