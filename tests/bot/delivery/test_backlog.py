"""What the backlog reads of the outbox, and in which order."""

from collections.abc import Iterable

from bot.clock import wall_clock
from bot.delivery.backlog import (
    FRESH_SECONDS,
    LETTERS_AHEAD,
    MAX_LETTERS_PER_CHAT,
    ROUNDS_PER_TIDY_READING,
    Backlog,
    BacklogWindow,
)
from bot.delivery.rate_limit import SendRate
from storage.boxes.outbox import Lane, Letter
from storage.database import Database
from storage.unit import UnitOfWork
from tests.letters import say

MANY, CHAT = 5 * MAX_LETTERS_PER_CHAT, 700


class Counted(Backlog):
    """Counts the letters it reads."""

    read = 0

    def _add_page(self, window: BacklogWindow, letters: Iterable[Letter]) -> None:
        letters = list(letters)
        self.read += len(letters)
        super()._add_page(window, letters)


async def test_edits_that_pile_up_behind_a_busy_chat_are_not_read_at_each_turn(database: Database):
    await database.transact(_tidy, wall_clock())
    backlog = _backlog(database, is_busy=True)
    for _ in range(ROUNDS_PER_TIDY_READING - 1):
        backlog.start_over()
        await backlog.load()
    assert backlog.find_next(tuple(Lane)) is None
    assert backlog.read == MANY
    backlog.start_over()
    await backlog.load()
    assert backlog.read == 2 * MANY - MAX_LETTERS_PER_CHAT  # what is in memory is not read again


async def test_edits_that_piled_up_come_in_order_once_the_chat_is_quiet(database: Database):
    await database.transact(_tidy, wall_clock())
    backlog = _backlog(database, is_busy=False)
    backlog.start_over()
    gone = []
    while len(gone) < MANY:
        await backlog.load()
        while letter := backlog.find_next(tuple(Lane)):
            backlog.take(letter)
            gone.append(letter.facts["text"])
            await database.transact(lambda unit, number=letter.id: unit.outbox.drop(number, "said"), wall_clock())
            backlog.forget(letter)
    assert gone == list(range(MANY))


async def test_who_comes_first_at_last_is_read_again_alone(database: Database):
    """Those behind it were read again a moment ago."""
    clock = [100.0]
    pace = SendRate(clock=lambda: clock[0])
    backlog = Backlog(database, pace, wall_clock, lambda chat: False)
    await database.transact(_one_each, wall_clock())
    await backlog.load()
    first, *others = backlog.windows[Lane.REPLY].letters
    clock[0] += 2 * FRESH_SECONDS
    pace.put_off(CHAT, FRESH_SECONDS / 4)
    await backlog.refresh(tuple(Lane))
    assert _read_at(backlog, clock[0]) == others[:LETTERS_AHEAD]
    clock[0] += FRESH_SECONDS / 2
    await backlog.refresh(tuple(Lane))
    assert _read_at(backlog, clock[0]) == [first]


def _read_at(backlog: Backlog, moment: float) -> list[int]:
    return [letter for letter, at in sorted(backlog.read_at.items()) if at == moment]


def _one_each(unit: UnitOfWork) -> None:
    for number in range(3 * LETTERS_AHEAD):
        person = unit.people.upsert(CHAT + number, None, "Ann", "en", unit.now).id
        say(unit, person, "plain", text=number)


def _backlog(database: Database, is_busy: bool) -> Counted:
    return Counted(database, SendRate(per_second=0, rest=0), wall_clock, lambda chat: is_busy)


def _tidy(unit: UnitOfWork) -> None:
    person = unit.people.upsert(CHAT, None, "Ann", "en", unit.now).id
    for number in range(MANY):
        say(unit, person, "plain", text=number, lane=Lane.TIDY)
