"""What the backlog reads of the outbox, and in which order."""

from collections.abc import Iterable

from bot.clock import wall_clock
from bot.delivery.backlog import EACH, SELDOM, Backlog, BacklogWindow
from bot.delivery.rate_limit import SendRate
from storage.boxes.outbox import Lane, Letter
from storage.database import Database
from storage.unit import UnitOfWork
from tests.letters import say

MANY = 5 * EACH


class Counted(Backlog):
    """Counts the letters it reads."""

    read = 0

    def _put(self, window: BacklogWindow, letters: Iterable[Letter]) -> None:
        letters = list(letters)
        self.read += len(letters)
        super()._put(window, letters)


async def test_edits_that_pile_up_behind_a_busy_chat_are_not_read_at_each_turn(database: Database):
    await database.transact(_tidy, wall_clock())
    backlog = _backlog(database, is_busy=True)
    for _ in range(SELDOM - 1):
        backlog.start_over()
        await backlog.load()
    assert backlog.next(tuple(Lane)) is None
    assert backlog.read == MANY
    backlog.start_over()
    await backlog.load()
    assert backlog.read == 2 * MANY - EACH  # what is in memory is not read again


async def test_edits_that_piled_up_come_in_order_once_the_chat_is_quiet(database: Database):
    await database.transact(_tidy, wall_clock())
    backlog = _backlog(database, is_busy=False)
    backlog.start_over()
    gone = []
    while len(gone) < MANY:
        await backlog.load()
        while letter := backlog.next(tuple(Lane)):
            backlog.take(letter)
            gone.append(letter.facts["text"])
            await database.transact(lambda unit, number=letter.id: unit.outbox.drop(number, "said"), wall_clock())
            backlog.forget(letter)
    assert gone == list(range(MANY))


def _backlog(database: Database, is_busy: bool) -> Counted:
    return Counted(database, SendRate(per_second=0, rest=0), wall_clock, lambda chat: is_busy)


def _tidy(unit: UnitOfWork) -> None:
    person = unit.people.meet(700, None, "Ann", "en", unit.now).id
    for number in range(MANY):
        say(unit, person, "plain", text=number, lane=Lane.TIDY)
