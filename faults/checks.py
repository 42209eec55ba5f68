"""The check after a campaign: the phones' and the local Telegram's records against the database, and all invariants."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from faults.crowd import ImpatientWorker
from faults.expected_balances import money
from simulator.updating.updates import Updates
from storage import invariants
from storage.unit import UnitOfWork
from tests.house import House

MOVED = "SELECT kind, count(*) FROM transfers GROUP BY kind"
FIRST_UPDATE = 100_000_001
ENDED = "SELECT id FROM assignments WHERE state NOT IN ('active', 'submitted')"
LIVE = """
SELECT a.id, p.telegram_id FROM assignments a JOIN people p ON p.id = a.worker
WHERE a.state = 'active' AND p.reachable = 1"""


@dataclass(slots=True)
class Found:
    """What there was to lose, `moved` the transfers of each kind; `untrue` is empty where every promise was kept."""

    told: int = 0
    outlived: int = 0
    stored: int = 0
    confirmed: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)


def remembered(unit: UnitOfWork, house: House, hands: Sequence[ImpatientWorker], updates: Updates) -> Found:
    found = Found(moved=Counter(dict(unit.connection.all(MOVED))))  # type: ignore[arg-type]  # rows are pairs
    _answers(unit, house, hands, found)
    updates_kept(unit, updates, found)
    _shown(unit, hands, found)
    found.untrue += money(unit, house)
    found.untrue += [str(violation) for violation in invariants.find_violations(unit)]
    return found


def _answers(unit: UnitOfWork, house: House, hands: Sequence[ImpatientWorker], found: Found) -> None:
    """Every confirmed answer is stored as it was given."""
    rows = unit.connection.all("SELECT assignment, answer, pay FROM submissions")
    stored, paid = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    ended = {row[0] for row in unit.connection.all(ENDED)}
    options = unit.projects.get(house.project).options  # every plan has the same
    found.stored = len(stored)
    for hand in hands:
        told, outlived = hand.told(), hand.outlived()
        found.told += len(told)
        found.outlived += len(outlived)
        wrong = {number for number, option in told.items() if stored.get(number) != options[option]}
        for number in wrong | (outlived - stored.keys() - ended):
            found.untrue.append(f"answer to assignment {number} was received and is not stored as it was given")
        for number, pay in hand.promised().items():
            if paid.get(number) != pay:
                found.untrue.append(f"answer to assignment {number} was promised {pay} and is paid {paid.get(number)}")


def updates_kept(unit: UnitOfWork, updates: Updates, found: Found) -> None:
    """Every update the local Telegram may forget is there, and has ended well."""
    confirmed = set(range(FIRST_UPDATE, updates._next_id)) - updates.pending.keys() - updates.dropped
    kept = dict(unit.connection.all("SELECT update_id, state FROM inbox"))  # type: ignore[arg-type]  # pairs
    found.confirmed = len(confirmed)
    for update in confirmed - kept.keys():
        found.untrue.append(f"update {update} was confirmed and is not in the inbox")
    for update, state in kept.items():
        if state not in ("done", "ignored"):
            found.untrue.append(f"update {update} is {state}")


def _shown(unit: UnitOfWork, hands: Sequence[ImpatientWorker], found: Found) -> None:
    """Every open assignment is shown on its worker's phone."""
    phones = {hand.phone.id: hand for hand in hands}
    for assignment, worker in unit.connection.all(LIVE):
        if worker in phones and assignment not in phones[worker].shown:
            found.untrue.append(f"assignment {assignment} is in the hands of {worker} and was never shown")
