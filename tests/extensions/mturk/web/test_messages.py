"""What a program tells workers comes after answers to them, and not without end."""

from collections import Counter
from typing import Any

import pytest

from domain.moments import DAY
from domain.people.qualifications import QualificationGranted, QualificationRevoked
from extensions.mturk.domain.notifications import ProgramNote
from extensions.mturk.services.notifications import MAX_NOTES_PER_DAY
from services.people import qualification_grants
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork
from tests.extensions.mturk.web.test_hits import Town, house, town  # noqa: F401
from tests.extensions.mturk.web.test_qualifications import a_type, worker_id
from tests.extensions.mturk.web.turk import present

NOTE = {"Subject": "More to come", "MessageText": "Tomorrow we send more."}


async def letters(town: Town) -> list[tuple[Lane, str, str]]:  # noqa: F811
    """Lane, screen and facts of those that wait for the first worker."""

    def look(unit: UnitOfWork) -> list[Any]:
        asked = "SELECT lane, screen, facts FROM outbox WHERE person = :who AND state = 'waiting' ORDER BY id"
        return [(Lane(row[0]), row[1], row[2]) for row in unit.connection.all(asked, who=town.workers[0])]

    return await town.database.transact(look, present())


async def send_all(town: Town) -> None:  # noqa: F811
    """As if the relay had sent all that waits."""

    def play(unit: UnitOfWork) -> None:
        for row in unit.connection.all("SELECT id, live FROM outbox WHERE state = 'waiting'"):
            if row[1]:
                unit.live_messages.keep(town.workers[0], row[1], 7_000 + row[0])
            unit.outbox.mark_sent([(row[0], 7_000 + row[0])])

    await town.database.transact(play, present())


async def given(town: Town, type_: Any, who: str, value: int = 1) -> None:  # noqa: F811
    about = {"QualificationTypeId": type_["QualificationTypeId"], "WorkerId": who}
    await town.turk.ask("associate_qualification_with_worker", **about, IntegerValue=value)


async def taken(town: Town, type_: Any, who: str) -> None:  # noqa: F811
    about = {"QualificationTypeId": type_["QualificationTypeId"], "WorkerId": who}
    await town.turk.ask("disassociate_qualification_from_worker", **about)


async def test_grants_of_a_type_that_wait_are_one_message_behind_answers(town: Town):  # noqa: F811
    """A hundred grants were a hundred messages, before the answers to what the worker did."""
    who, type_ = await worker_id(town), await a_type(town)
    await send_all(town)
    for value in range(30):
        await given(town, type_, who, value)
    ((lane, screen, facts),) = await letters(town)
    assert (lane, screen) == (Lane.BROADCAST, QualificationGranted.stored_as)
    assert '"value":29' in facts


async def test_what_a_worker_has_by_then_is_told_below_what_was_told_before(town: Town):  # noqa: F811
    who, type_ = await worker_id(town), await a_type(town)
    told, kept = [], []

    def is_kept(unit: UnitOfWork) -> bool:
        live = f"{qualification_grants.LIVE_PREFIX}1:{unit.now // DAY}"
        return unit.live_messages.is_kept(town.workers[0], live)

    for change in (given, given, taken, given):
        await send_all(town)
        await change(town, type_, who)
        told += [screen for _, screen, _ in await letters(town)]
        kept.append(await town.database.transact(is_kept, present()))
    granted, revoked = QualificationGranted.stored_as, QualificationRevoked.stored_as
    assert told == [granted, granted, revoked, granted]
    assert kept == [False, True, False, False]  # the second edits the first; the others are new messages


async def test_a_requesters_grants_are_told_a_worker_so_often_a_day(
    town: Town,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(qualification_grants, "MAX_NOTICES_PER_DAY", 3)
    who = await worker_id(town)
    await send_all(town)
    types = [await a_type(town, Name=f"Type {number}") for number in range(5)]
    for type_ in types:
        await given(town, type_, who)
        await taken(town, type_, who)
    assert Counter(screen for _, screen, _ in await letters(town)) == {QualificationRevoked.stored_as: 3}
    has = {"QualificationTypeId": types[4]["QualificationTypeId"]}
    assert (await town.turk.ask("list_workers_with_qualification_type", **has, Status="Revoked"))["NumResults"] == 1


async def test_a_worker_has_so_many_notes_of_a_requester_a_day(
    town: Town,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    """A key that may not spend sent a hundred within a second."""
    who = await worker_id(town)
    await send_all(town)
    for _ in range(MAX_NOTES_PER_DAY):
        said = await town.turk.ask("notify_workers", **NOTE, WorkerIds=[who])
        assert said["NotifyWorkersFailureStatuses"] == []
    (failed,) = (await town.turk.ask("notify_workers", **NOTE, WorkerIds=[who]))["NotifyWorkersFailureStatuses"]
    assert (failed["WorkerId"], failed["NotifyWorkersFailureCode"]) == (who, "SoftFailure")
    assert "5 notes" in failed["NotifyWorkersFailureMessage"]
    assert [screen for _, screen, _ in await letters(town)] == [ProgramNote.stored_as] * MAX_NOTES_PER_DAY
