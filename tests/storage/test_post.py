"""The relay's side of the outbox, and the lease, on both databases."""

from domain.moments import DAY, MINUTE, Moment, later
from domain.people.accounts import PersonId
from services.work import sweeps
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.drivers.records import Page
from storage.unit import UnitOfWork
from tests.letters import say


def people(unit: UnitOfWork) -> tuple[PersonId, PersonId]:
    first, second = (unit.people.upsert(number, None, "N", "en", unit.now).id for number in (1, 2))
    return first, second


async def test_a_lane_is_read_in_order_without_what_is_known(database: Database, now: Moment):
    def write(unit: UnitOfWork) -> None:
        ann, bob = people(unit)
        for number, person in enumerate((ann, bob, ann, bob)):
            say(unit, person, "s", lane=Lane.PUSH, number=number)
        say(unit, ann, "s", lane=Lane.PUSH, delay=MINUTE, number=9)

    await database.transact(write, now)
    first = await database.transact(lambda unit: unit.outbox_queue.list_due(Lane.PUSH, 0, 3), now)
    assert [letter.facts["number"] for letter in first.records] == [0, 1, 2]
    assert first.is_full
    known = {first.records[0].id}
    again = await database.transact(lambda unit: unit.outbox_queue.list_due(Lane.PUSH, 0, 9, known), now)
    assert [letter.facts["number"] for letter in again.records] == [1, 2, 3]
    assert not again.is_full
    behind = first.last_id
    rest = await database.transact(lambda unit: unit.outbox_queue.list_due(Lane.PUSH, behind, 9), later(now, MINUTE))
    assert [letter.facts["number"] for letter in rest.records] == [3, 9]
    nothing = await database.transact(lambda unit: unit.outbox_queue.list_due(Lane.REPLY, 7, 9), now)
    assert nothing == Page([], 7, is_full=False)
    assert await database.transact(lambda unit: unit.outbox_queue.lag(), now) == (4, now)


async def test_a_live_letter_is_sent_only_as_it_was_read(database: Database, now: Moment):
    person, _ = await database.transact(people, now)
    await database.transact(lambda unit: say(unit, person, "s", live="x", step=1), now)
    [letter] = (await database.transact(lambda unit: unit.outbox_queue.list_due(Lane.REPLY, 0, 9), now)).records
    await database.transact(lambda unit: say(unit, person, "s", live="x", step=2), now)
    assert not await database.transact(lambda unit: unit.outbox_queue.mark_live_sent(letter, 5), now)
    newer = await database.transact(lambda unit: unit.outbox_queue.find_waiting(letter.id), now)
    assert newer is not None
    assert newer.facts == {"step": 2}
    assert await database.transact(lambda unit: unit.outbox_queue.mark_live_sent(newer, 5), now)
    assert await database.transact(lambda unit: unit.outbox_queue.find_waiting(letter.id), now) is None


async def test_a_held_chat_is_remembered_until_its_time(database: Database, now: Moment):
    ann, bob = await database.transact(people, now)

    def hold(unit: UnitOfWork) -> None:
        for person in (ann, ann, bob):
            say(unit, person, "s")
        unit.outbox_queue.hold(ann, later(now, MINUTE))

    await database.transact(hold, now)
    due = await database.transact(lambda unit: unit.outbox_queue.list_due(Lane.REPLY, 0, 9), now)
    assert [letter.person for letter in due.records] == [bob]
    assert await database.transact(lambda unit: unit.outbox_queue.held_chats(), now) == {1: now + MINUTE}
    assert await database.transact(lambda unit: unit.outbox_queue.held_chats(), later(now, MINUTE)) == {}


async def test_all_letters_of_one_person_are_dropped(database: Database, now: Moment):
    ann, bob = await database.transact(people, now)
    await database.transact(lambda unit: [say(unit, person, "s") for person in (ann, ann, bob)], now)
    await database.transact(lambda unit: unit.outbox_queue.drop_all(ann, "unreachable"), now)
    rows = [tuple(row) async for row in database.rows("SELECT state, reason FROM outbox ORDER BY id")]
    assert rows == [("dropped", "unreachable")] * 2 + [("waiting", None)]


async def test_a_lease_is_taken_over_only_as_it_was_seen(database: Database, now: Moment):
    async def begin(holder: str, at: Moment):
        return await database.transact(lambda unit: unit.leases.begin("house", holder, MINUTE), at)

    seen = await begin("a", now)
    assert await begin("b", later(now, 2 * MINUTE)) == seen
    renewed = await begin("a", later(now, 1))
    assert renewed != seen

    async def seize(lease):
        return await database.transact(lambda unit: unit.leases.seize("house", "b", MINUTE, lease), now)

    assert not await seize(seen)
    assert await seize(renewed)
    assert not await seize(renewed)
    assert (await begin("a", later(now, 2))).holder == "b"
    await database.transact(lambda unit: unit.leases.give_up("house", "b"), now)
    assert (await begin("a", later(now, 3))).holder == "a"


async def test_what_telegram_has_is_known_until_it_is_refused_or_old(database: Database, now: Moment):
    def use(unit: UnitOfWork) -> list[str | None]:
        unit.uploaded_files.keep("old", "a")
        unit.uploaded_files.keep("cat", "b")
        unit.uploaded_files.keep("cat", "c")
        unit.uploaded_files.forget_refused("cat", "b")
        return [unit.uploaded_files.find_id(content) for content in ("old", "cat", "dog")]

    assert await database.transact(use, now) == ["a", "c", None]
    await database.transact(lambda unit: unit.uploaded_files.keep("cat", "d"), later(now, 8 * DAY))
    await database.transact(sweeps.delete_old_rows, later(now, 8 * DAY))
    left = await database.transact(
        lambda unit: [unit.uploaded_files.find_id(content) for content in ("old", "cat")], now
    )
    assert left == [None, "d"]


async def test_only_pushes_that_could_go_hold_further_pushes_back(database: Database, now: Moment):
    def write(unit: UnitOfWork) -> int:
        ann, bob = people(unit)
        for lane in (Lane.PUSH, Lane.TIDY, Lane.REPLY):
            say(unit, ann, "s", lane=lane)
        say(unit, bob, "s", lane=Lane.PUSH)
        unit.outbox_queue.hold(bob, later(now, MINUTE))
        return unit.outbox_queue.count_due(Lane.PUSH)

    assert await database.transact(write, now) == {1: 1}
