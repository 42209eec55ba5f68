"""Inbox and outbox, drafts, leases: known once, ended once, said once, held by one."""

import asyncio
from typing import Any

import pytest

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from services.work.answer_messages import TIDYING_DELAY_MILLISECONDS, tidying_options
from storage.boxes.inbox import ReceivedUpdate
from storage.boxes.outbox import Lane, Letter
from storage.cluster.leases import Lease
from storage.database import Database
from storage.drivers.records import pack
from storage.people.settings import Draft
from storage.unit import UnitOfWork
from tests.letters import due_letters, say, waiting_letters


def meet(unit: UnitOfWork, telegram_id: int = 1) -> PersonId:
    return unit.people.upsert(telegram_id, None, "Anna", "en", unit.now).id


async def test_an_update_is_kept_once_whoever_brings_it(database: Database, database_url: str, now: Moment) -> None:
    others = [Database(database_url) for _ in range(3)]
    updates = [ReceivedUpdate(n, 7, {"update_id": n}) for n in range(5)]
    new = await asyncio.gather(*(other.transact(lambda unit: unit.inbox.store(updates), now) for other in others))
    assert sorted(number for numbers in new for number in numbers) == [0, 1, 2, 3, 4]
    waiting = await database.transact(lambda unit: unit.inbox.list_waiting([(1, 99)], 2)[0].records, now)
    assert [(update.update_id, update.person, update.payload) for update in waiting] == [
        (2, 7, {"update_id": 2}),
        (3, 7, {"update_id": 3}),
    ]
    await asyncio.gather(*(other.close() for other in others))


async def test_updates_that_come_twice_or_late_are_kept_once_whatever_set_they_are_in(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> list[list[int]]:
        def brought(holder: str, *numbers: int) -> list[int]:
            updates = [ReceivedUpdate(n, n % 2 + 1, {"by": holder}) for n in numbers]
            return list(unit.inbox.store(updates, lambda person: holder))

        return [brought("a", 100, 101, 100), brought("b", 99, 101, 7, 100, 102), brought("c", 7, 99), brought("c")]

    assert await database.transact(play, now) == [[100, 101], [99, 7, 102], [], []]
    kept = "SELECT update_id, payload, holder FROM inbox ORDER BY update_id"
    rows = await database.transact(lambda unit: unit.connection.all(kept), now)
    by = {7: "b", 99: "b", 100: "a", 101: "a", 102: "b"}
    assert [tuple(row) for row in rows] == [(number, pack({"by": by[number]}), "a") for number in sorted(by)]


async def test_an_edit_takes_the_place_of_the_tidying_that_waits(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[str]:
        ann, bob = meet(unit), meet(unit, 2)
        for person, message in ((ann, 7), (ann, 8), (bob, 7)):
            say(unit, person, f"tidying {person == ann} {message}", **tidying_options(message))
        say(unit, ann, "said", edits=7)
        say(unit, ann, "tidied again", **tidying_options(7))
        return [letter.screen for letter in due_letters(unit, 9)]

    def later_on(unit: UnitOfWork) -> list[str]:
        return [letter.screen for letter in due_letters(unit, 9)]

    assert await database.transact(play, now) == ["said"]
    expected = ["said", "tidying True 8", "tidying False 7", "tidied again"]
    assert await database.transact(later_on, later(now, TIDYING_DELAY_MILLISECONDS)) == expected


async def test_an_edit_that_stood_aside_is_outdated_once_a_later_one_was_made(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[bool]:
        ann, seen = meet(unit), list[bool]()
        for screen, message in (("before", 7), ("aside", 7), ("of another", 8), ("sent anew", 7), ("made", 7)):
            say(unit, ann, screen, edits=message)
        before, aside, *rest = (letter.id for letter in due_letters(unit, 5))
        unit.outbox_queue.step_aside(aside, unit.now, 2)
        for number, message in zip((before, *rest), (7, 8, 9, 7), strict=True):
            unit.outbox.mark_sent([(number, message)])
            seen += [letter.outdated for letter in unit.outbox_queue.list_due(Lane.REPLY, 0, 1).records]
        return seen

    assert await database.transact(play, now) == [False, False, False, True]


async def test_an_update_ends_once_and_keeps_its_number(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[object]:
        unit.inbox.store([ReceivedUpdate(5, 7, {})])
        seen = [unit.inbox.count_failure(5), unit.inbox.count_failure(5), unit.inbox.is_waiting(5), unit.inbox.lag()]
        seen += [unit.inbox.finish(5, "dead", "broken"), unit.inbox.finish(5), unit.inbox.is_waiting(5)]
        return [*seen, unit.inbox.store([ReceivedUpdate(5, 7, {})]), unit.inbox.lag()]

    assert await database.transact(play, now) == [1, 2, True, (1, now), True, False, False, {}, (0, None)]


async def test_whose_an_ended_update_was_is_let_go_unless_it_failed(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        unit.inbox.store([ReceivedUpdate(n, 7, {}) for n in range(4)])
        unit.inbox.finish(0)
        unit.inbox.foresee([1])
        unit.inbox.finish(1, "ignored", "nothing to do")
        unit.inbox.finish(2, "dead", "broken")

    await database.transact(play, now)
    kept = "SELECT person FROM inbox ORDER BY update_id"
    people = await database.transact(lambda unit: [row[0] for row in unit.connection.all(kept)], now)
    assert people == [0, 0, 7, 7]


async def test_old_updates_are_let_go_and_waiting_ones_never(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> int:
        unit.inbox.store([ReceivedUpdate(n, 7, {}) for n in range(4)])
        for number in range(3):
            unit.inbox.finish(number)
        return unit.inbox.forget(later(unit.now, 1), 2)

    assert await database.transact(play, now) == 2
    assert await database.transact(lambda unit: unit.connection.all("SELECT count(*) FROM inbox")[0][0], now) == 2


async def test_a_keyed_letter_is_said_once(database: Database, now: Moment) -> None:
    person = await database.transact(meet, now)
    said = [
        await database.transact(lambda unit: say(unit, person, "wallet.paid", key="paid:1", amount=5), now)
        for _ in range(2)
    ]
    assert said == [True, False]
    letters = await database.transact(lambda unit: due_letters(unit, 10), now)
    assert [(letter.screen, letter.facts, letter.chat, letter.lane) for letter in letters] == [
        ("wallet.paid", {"amount": 5}, 1, Lane.REPLY)
    ]


async def test_a_live_letter_that_waits_takes_the_newer_facts(database: Database, now: Moment) -> None:
    person = await database.transact(meet, now)
    for done in range(3):
        await database.transact(lambda unit, n=done: say(unit, person, "projects.progress", live="p:1", done=n), now)
    letters = await database.transact(lambda unit: due_letters(unit, 10), now)
    assert [letter.facts for letter in letters] == [{"done": 2}]
    await database.transact(lambda unit: unit.outbox.mark_sent([(letters[0].id, 42)]), now)
    await database.transact(lambda unit: unit.live_messages.keep(person, "p:1", 42), now)
    await database.transact(lambda unit: say(unit, person, "projects.progress", live="p:1", done=9), now)
    again = await database.transact(lambda unit: due_letters(unit, 10), now)
    assert [(letter.facts, letter.live_message) for letter in again] == [({"done": 9}, 42)]


async def test_an_answer_that_a_broadcast_waits_to_show_goes_as_an_answer(database: Database, now: Moment) -> None:
    person = await database.transact(meet, now)
    waits: dict[str, Any] = {"lane": Lane.BROADCAST, "klass": "nudge", "delay": 60_000}
    await database.transact(lambda unit: say(unit, person, "projects.progress", live="p:1", done=1, **waits), now)
    await database.transact(lambda unit: say(unit, person, "projects.progress", live="p:1", done=2), now)
    await database.transact(lambda unit: say(unit, person, "projects.progress", live="p:1", done=3, **waits), now)
    [letter] = await database.transact(lambda unit: due_letters(unit, 10), now)
    assert (letter.lane, letter.klass, letter.facts) == (Lane.REPLY, "sure", {"done": 3})


async def test_a_new_live_message_has_told_what_it_was_sent_with(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[int]:
        person = meet(unit)
        unit.live_messages.keep(person, "project:1", 42, news=7)
        unit.live_messages.note_news(person, "project:1", 9)
        unit.live_messages.keep(person, "project:1", 42, news=8)  # an edit that was under way
        unit.live_messages.keep(person, "project:2", 43, news=7)
        return [told for number in (1, 2) for _, told in unit.live_messages.list_watchers(f"project:{number}")]

    assert sorted(await database.transact(play, now)) == [7, 9]


async def test_live_messages_of_another_day_are_let_go(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[str]:
        person = meet(unit)
        for name in ("project:1:7", "project:1:8", "project:12:18", "other:7"):
            unit.live_messages.keep(person, name, 42)
        unit.live_messages.forget_days("project:", ":8")
        names = ("project:1:7", "project:1:8", "project:12:18")
        return [name for name in names if unit.live_messages.list_watchers(name)]

    assert await database.transact(play, now) == ["project:1:8"]


async def test_a_live_letter_that_changed_on_its_way_goes_out_again(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> tuple[bool, bool]:
        person = meet(unit)
        say(unit, person, "projects.progress", live="p:1", done=1)
        read = due_letters(unit, 1)[0]
        say(unit, person, "projects.progress", live="p:1", done=2)
        stale = unit.outbox_queue.mark_live_sent(read, 1)
        newer = unit.outbox_queue.find_waiting(read.id)
        assert newer is not None
        return stale, unit.outbox_queue.mark_live_sent(newer, 1)

    assert await database.transact(play, now) == (False, True)


async def test_replies_go_first_and_what_is_not_due_waits(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        person = meet(unit)
        say(unit, person, "broadcast", lane=Lane.BROADCAST)
        say(unit, person, "push", lane=Lane.PUSH, klass="push")
        say(unit, person, "reply")
        say(unit, person, "late", delay=5_000, expires_in=1_000)

    def screens(letters: list[Letter]) -> list[str]:
        return [letter.screen for letter in letters]

    await database.transact(play, now)
    assert screens(await database.transact(lambda unit: due_letters(unit, 10), now)) == ["reply", "push", "broadcast"]
    after = later(now, 5_000)
    assert "late" in screens(await database.transact(lambda unit: due_letters(unit, 10), after))
    assert await database.transact(lambda unit: waiting_letters(unit), now) == 4


async def test_a_letter_ends_once_as_sent_or_dropped(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[int]:
        person = meet(unit)
        for screen in ("sent", "dropped", "waiting"):
            say(unit, person, screen)
        sent, dropped, _ = due_letters(unit, 3)
        unit.outbox.mark_sent([(sent.id, 9), (sent.id, 10)])
        unit.outbox.drop(dropped.id, "blocked")
        left = waiting_letters(unit), unit.outbox_queue.forget(later(unit.now, 1), 10)
        return [len(due_letters(unit, 10)), *left]

    assert await database.transact(play, now) == [1, 1, 2]


async def test_signals_ring_for_the_relay(database: Database, now: Moment) -> None:
    heard: list[int] = []
    database.on("outbox", lambda: heard.append(1))
    await database.transact(lambda unit: say(unit, meet(unit), "hello"), now)
    assert heard == [1]


async def test_one_draft_each_survives_until_dropped(database: Database, now: Moment) -> None:
    person = await database.transact(meet, now)
    await database.transact(lambda unit: unit.drafts.keep(person, "newproject", {"step": 1}, now), now)
    await database.transact(lambda unit: unit.drafts.keep(person, "newproject", {"step": 2}, now), now)
    assert await database.transact(lambda unit: unit.drafts.find(person), now) == Draft("newproject", {"step": 2}, now)
    await database.transact(lambda unit: unit.drafts.drop(person), now)
    assert await database.transact(lambda unit: unit.drafts.find(person), now) is None


async def test_a_lease_has_one_holder_until_it_falls_silent(database: Database, now: Moment) -> None:
    def holder(unit: UnitOfWork, name: str) -> Lease:
        return unit.leases.begin("house", name, 1_000)

    def seize(unit: UnitOfWork, name: str, silent: Lease) -> bool:
        return unit.leases.seize("house", name, 1_000, silent)

    first = await database.transact(holder, now, "a")
    assert await database.transact(holder, later(now, 900), "b") == first
    renewed = await database.transact(holder, later(now, 900), "a")
    assert not await database.transact(seize, later(now, 1_500), "b", first)  # it has spoken since
    assert await database.transact(seize, later(now, 2_000), "b", renewed)
    await database.transact(lambda unit: unit.leases.give_up("house", "a"), now)  # no longer theirs to give
    assert (await database.transact(holder, later(now, 2_000), "a")).holder == "b"


async def test_of_those_who_seize_a_silent_lease_one_does(database: Database, database_url: str, now: Moment) -> None:
    silent = await database.transact(lambda unit: unit.leases.begin("house", "gone", 1_000), now)
    others = [Database(database_url) for _ in range(4)]
    seized = await asyncio.gather(
        *(
            o.transact(lambda unit, n=n: unit.leases.seize("house", f"n{n}", 1_000, silent), later(now, 1))
            for n, o in enumerate(others)
        )
    )
    assert sum(seized) == 1
    await asyncio.gather(*(other.close() for other in others))


@pytest.mark.parametrize("name", ["Zoë's", 'quo"te', "100 % :name", "💶\n"])
async def test_any_text_is_kept_as_it_is(database: Database, now: Moment, name: str) -> None:
    await database.transact(lambda unit: unit.settings.store(name, name), now)
    assert await database.transact(lambda unit: unit.settings.get(name), now) == name
