"""Letters that are handed to the relay once they are committed, without being read."""

from collections.abc import AsyncIterator

import pytest
from pydantic import TypeAdapter

from bot.clock import wall_clock
from bot.delivery.backlog import MAX_LETTERS_PER_CHAT, Backlog
from bot.delivery.rate_limit import SendRate
from domain.messages import Message
from domain.moments import MINUTE, later
from domain.people.accounts import PersonId
from services.work import answer_messages, submit
from storage.boxes import outbox
from storage.boxes.outbox import Lane, Letter, WrittenLetter, letter_of
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish
from tests.letters import due_letters, say

CHAT = 700
ALL = tuple(Lane)


class Desk:
    """A backlog as the relay keeps it, without calls to Telegram."""

    def __init__(self, database: Database) -> None:
        self.database, self.handed = database, list[Letter]()
        self.backlog = Backlog(database, SendRate(per_second=0, rest=0), wall_clock, lambda chat: False)
        database.on("outbox", self.backlog.note_written)
        database.on_handed(WrittenLetter, self.take)

    def take(self, written: list[WrittenLetter]) -> None:
        letters = list(map(letter_of, written))
        self.handed += letters
        self.backlog.hand_over(letters)

    def waiting(self) -> list[str]:
        return [letter.screen for lane in ALL for letter in self.backlog.windows[lane].letters.values()]


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    database = Database(sqlite_url)
    desk = Desk(database)
    await desk.backlog.load()
    yield desk
    await database.close()


async def test_an_answer_to_whoever_acts_comes_as_it_would_be_read(desk: Desk) -> None:
    read = await desk.database.transact(_acts, wall_clock(), "a", "b")
    assert desk.handed == read
    assert desk.waiting() == ["a", "b"]
    assert not desk.backlog.wake.is_set()
    desk.backlog.start_over()
    await desk.backlog.load()
    assert desk.waiting() == ["a", "b"]


async def test_what_is_undone_or_said_already_is_not_handed_over(desk: Desk) -> None:
    def fails(unit: UnitOfWork) -> None:
        _acts(unit, "never")
        raise LookupError

    with pytest.raises(LookupError):
        await desk.database.transact(fails, wall_clock())
    assert desk.waiting() == desk.handed == []
    await desk.database.transact(_acts, wall_clock(), "once")
    await desk.database.transact(_acts, wall_clock(), "once")
    assert desk.waiting() == ["once"]


async def test_nothing_overtakes_what_is_to_be_read_first(desk: Desk) -> None:
    await desk.database.transact(_hears, wall_clock(), "first")
    await desk.database.transact(_acts, wall_clock(), "second")
    assert desk.waiting() == []
    assert desk.backlog.wake.is_set()
    await desk.backlog.load()
    assert desk.waiting() == ["first", "second"]
    await desk.database.transact(_acts, wall_clock(), "third")
    assert desk.waiting() == ["first", "second", "third"]


async def test_what_is_written_while_the_table_is_read_is_read_next(desk: Desk) -> None:
    desk.backlog.start_over()
    await desk.database.transact(_acts, wall_clock(), "first")
    assert desk.waiting() == []
    await desk.backlog.load()
    assert desk.waiting() == ["first"]


async def test_of_one_chat_a_few_are_held_and_the_others_keep_their_order(desk: Desk) -> None:
    said = [f"letter {number}" for number in range(2 * MAX_LETTERS_PER_CHAT)]
    for each in said:
        await desk.database.transact(_acts, wall_clock(), each)
    assert desk.waiting() == said[:MAX_LETTERS_PER_CHAT]
    gone = []
    while len(gone) < len(said):
        await desk.backlog.load()
        while letter := desk.backlog.find_next(ALL):
            desk.backlog.take(letter)
            gone.append(letter.screen)
            await desk.database.transact(lambda unit, number=letter.id: unit.outbox.drop(number, "said"), wall_clock())
            desk.backlog.forget(letter)
    assert gone == said


async def test_what_answers_hand_over_is_what_is_stored(desk: Desk) -> None:
    house = await desk.database.transact(lambda unit: furnish(unit, workers=1, tasks=5, gold=2), wall_clock())
    (worker,) = house.workers
    for _ in range(6):
        await desk.database.transact(_answers, wall_clock(), worker)
    told = [letter.message for letter in desk.handed if letter.message is not None]
    assert {type(message).__name__ for message in told} >= {"TaskShown"}
    for letter in desk.handed:
        assert isinstance(letter.message, Message)
        assert TypeAdapter(type(letter.message)).validate_python(letter.facts) == letter.message


async def test_an_edit_that_tidies_is_at_hand_when_it_is_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = await _tidied_later(desk)
    assert desk.waiting() == []
    monkeypatch.setattr(outbox, "letter_from", None)  # no row is read whole
    assert await _due(desk) == [letter]
    assert await _again(desk, letter) is letter


async def test_what_has_changed_of_one_at_hand_is_read(desk: Desk) -> None:
    await _tidied_later(desk)
    await desk.database.transact(lambda unit: unit.people.set_language(_meet(unit), "fr"), wall_clock())
    (read,) = await _due(desk)
    assert (read.language, read.facts) == ("fr", {"text": "tidied"})
    await desk.database.transact(lambda unit: unit.people.set_language(_meet(unit), "de"), wall_clock())
    now = await _again(desk, read)
    assert now is not None
    assert now.language == "de"


async def test_one_at_hand_that_was_dropped_meanwhile_does_not_come(desk: Desk) -> None:
    letter = await _tidied_later(desk)
    await desk.database.transact(lambda unit: unit.outbox.drop(letter.id, "said"), wall_clock())
    assert await _due(desk) == []
    assert await _again(desk, letter) is None


async def test_one_at_hand_comes_behind_another_that_has_to_be_read(desk: Desk) -> None:
    heard = {"lane": Lane.TIDY, "edits": 5, "text": "heard"}
    await desk.database.transact(lambda unit: say(unit, _meet(unit), "tidied", **heard), wall_clock())
    await _tidied_later(desk)
    assert [letter.facts["text"] for letter in await _due(desk)] == ["heard", "tidied"]


async def test_without_a_relay_it_is_signalled(sqlite_url: str) -> None:
    database, heard = Database(sqlite_url), list[int]()
    database.on("outbox", lambda: heard.append(1))
    await database.transact(_acts, wall_clock(), "a")
    assert heard == [1]
    await database.close()


async def _tidied_later(desk: Desk) -> Letter:
    """As it was handed over."""
    await desk.database.transact(_tidies, wall_clock())
    return desk.handed[-1]


def _tidies(unit: UnitOfWork) -> None:
    unit.outbox.answers = unit.people.get(_meet(unit)).id
    say(unit, unit.outbox.answers, "tidied", text="tidied", **answer_messages.tidying_options(message=7))


async def _due(desk: Desk) -> list[Letter]:
    """The edits that tidy, once their time has come."""
    desk.backlog.clock = lambda: later(wall_clock(), MINUTE)
    desk.backlog.start_over()
    await desk.backlog.load()
    return [*desk.backlog.windows[Lane.TIDY].letters.values()]


async def _again(desk: Desk, letter: Letter) -> Letter | None:
    return await desk.database.transact(lambda unit: unit.outbox_queue.find_waiting(letter.id, letter), wall_clock())


def _meet(unit: UnitOfWork) -> PersonId:
    found = unit.people.find_by_telegram_id(CHAT)
    return found.id if found else unit.people.upsert(CHAT, None, "Ann", "en", unit.now).id


def _acts(unit: UnitOfWork, *said: str) -> list[Letter]:
    """The letters as they are read."""
    person = unit.people.get(_meet(unit)).id
    unit.outbox.answers = person
    for each in said:
        say(unit, person, each, text=each)
    return due_letters(unit, 100)


def _hears(unit: UnitOfWork, *said: str) -> None:
    for each in said:
        say(unit, _meet(unit), each, text=each)


def _answers(unit: UnitOfWork, number: PersonId) -> None:
    worker = unit.people.get(number)
    unit.outbox.answers = worker.id
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        submit.show_work(unit, worker)
    else:
        submit.submit_answer(unit, worker, in_hand.id, "0", 1, pressed=True)
