"""A person can be erased however their letters ended: `verify` passes, and a backup can be restored."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.delivery.attempts import FailureServices, Outcome, OutcomeKind, record_outcomes
from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId
from domain.people.onboarding import WelcomeBack
from domain.people.personal_data import Farewell
from domain.refusals import Leaving
from handlers.work.offers import TakeTask
from handlers.work.tasks import AskForWork
from services.people import personal_data
from services.work import sweeps
from storage.boxes.outbox import Lane, Letter
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.cli.test_ledger import Pouce, pouce
from tests.house import House, furnish
from tests.letters import due_letters
from tests.storage.statements import statements

__all__ = ["pouce"]

SAID = "Ann of Lyon"
KEPT = "SELECT count(*) FROM outbox WHERE facts <> '{}' AND person = :person"


def letter_to(unit: UnitOfWork, person: PersonId, live: str | None = None) -> Letter:
    unit.outbox.tell(person, WelcomeBack(SAID), live=live)
    return next(each for each in due_letters(unit, 1_000) if each.person == person and each.facts["name"] == SAID)


def ended(verdict: OutcomeKind, reason: str = "", live: str | None = None) -> Callable[[UnitOfWork, PersonId], None]:
    """As the relay writes it down."""

    def end(unit: UnitOfWork, person: PersonId) -> None:
        outcome = Outcome(letter_to(unit, person, live), verdict, message_id=7, reason=reason)
        record_outcomes(unit, [outcome], FailureServices(sweeps.mark_unreachable, lambda *_: None))

    return end


def tidied(unit: UnitOfWork, person: PersonId) -> None:
    unit.outbox.tell(person, WelcomeBack(SAID), lane=Lane.TIDY, edits=7)
    unit.outbox.shown.forget_tidying(person, 7)


def waits(unit: UnitOfWork, person: PersonId) -> None:
    """Until nobody is there any more."""
    unit.outbox.tell(person, WelcomeBack(SAID), delay=100 * HOUR)


ENDS: dict[str, Callable[[UnitOfWork, PersonId], None]] = {
    "sent": ended(OutcomeKind.SENT),
    "sent live": ended(OutcomeKind.SENT, live="x"),
    "dropped": ended(OutcomeKind.DROPPED, "refused: Bad Request"),
    "expired": ended(OutcomeKind.DROPPED, "expired"),
    "outcome unknown": ended(OutcomeKind.DROPPED, "outcome unknown"),
    "unreachable": ended(OutcomeKind.UNREACHABLE, "Forbidden: bot was blocked by the user"),
    "tidied": tidied,
    "waits": waits,
}


def forget(url: str, person: PersonId, now: Moment) -> None:
    with one_transaction(url, now) as unit:
        personal_data.begin_erasure(act_of(unit, person))
    with one_transaction(url, later(now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        assert unit.people.get(person).telegram_id is None


def test_people_are_forgotten_however_their_letters_ended(
    pouce: Pouce, database_url: str, now: Moment, tmp_path: Path
) -> None:
    with one_transaction(database_url, now) as unit:
        house: House = furnish(unit, workers=len(ENDS))
        for end, worker in zip(ENDS.values(), house.workers, strict=True):
            end(unit, worker)
    for way, worker in zip(ENDS, house.workers, strict=True):
        forget(database_url, worker, now)
        with one_transaction(database_url, now) as unit:
            assert unit.connection.all(KEPT, person=worker)[0][0] == 0, way
    assert pouce(database_url, "verify")[0] == 0
    assert pouce(database_url, "backup", str(tmp_path / "copy"))[0] == 0
    assert pouce(database_url, "restore", str(tmp_path / "copy"))[::2] == (0, "")
    assert pouce(database_url, "verify")[0] == 0


def test_every_statement_that_ends_a_letter_empties_it() -> None:
    sets = [sql.split("WHERE")[0] for sql in statements().values() if "UPDATE outbox SET" in sql]
    ending = [what for what in sets if "state = 'sent'" in what or "state = 'dropped'" in what]
    assert len(ending) > 4
    assert [what for what in ending if "facts = '{}'" not in what] == []


def unkept(url: str, now: Moment) -> None:
    """A letter as an earlier version dropped it."""
    with one_transaction(url, now) as unit:
        house = furnish(unit)
        ended(OutcomeKind.DROPPED, "expired")(unit, house.workers[0])
        unit.connection.changed("""UPDATE outbox SET facts = '{"name":"Ann of Lyon"}' WHERE state = 'dropped'""")


def test_a_backup_with_such_letters_alone_is_mended_when_asked(
    pouce: Pouce, database_url: str, now: Moment, tmp_path: Path
) -> None:
    unkept(database_url, now)
    code, said, _ = pouce(database_url, "verify")
    assert (code, "rule 15, letter" in said) == (1, True)
    copy = str(tmp_path / "copy")
    pouce(database_url, "backup", copy)
    code, _, errors = pouce(database_url, "restore", copy)
    assert (code, errors.count("\n"), "(1)" in errors, "--mend" in errors) == (1, 1, True, True)
    code, said, errors = pouce(database_url, "restore", copy, "--mend")
    assert (code, errors, "Letters emptied: 1." in said) == (0, "", True)
    assert pouce(database_url, "verify")[0] == 0


def test_nothing_else_is_mended(pouce: Pouce, database_url: str, now: Moment, tmp_path: Path) -> None:
    unkept(database_url, now)
    with one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE people SET erased_at = 1 WHERE id = (SELECT max(id) FROM people)")
    copy = str(tmp_path / "copy")
    pouce(database_url, "backup", copy)
    code, _, errors = pouce(database_url, "restore", copy, "--mend")
    assert (code, "nothing names a person who was erased" in errors) == (1, True)


def test_who_is_about_to_be_erased_is_given_no_task(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2)
        (worker,) = house.workers
        assert isinstance(personal_data.begin_erasure(act_of(unit, worker)), Farewell)
        act = act_of(unit, worker)
        for payload in (AskForWork(), TakeTask(project=house.project)):
            with pytest.raises(Leaving):
                press(act, payload)
        assert unit.assignments.active_for(worker) is None
        unit.erasure.end_leaving(worker)
        press(act_of(unit, worker), AskForWork())  # who stays after all works on
        assert unit.assignments.active_for(worker) is not None
