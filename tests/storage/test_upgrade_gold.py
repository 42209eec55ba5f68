"""Messages about contested check questions that waited during the upgrade, on both databases."""

from domain.moments import Moment
from handlers.quality.gold_challenges import JudgeGold
from handlers.screen import render
from storage.database import one_transaction
from storage.drivers.records import pack, unpack
from storage.unit import UnitOfWork
from tests.handlers.screens.quality_samples import DOUBTED
from tests.house import furnish
from tests.storage.test_upgrade import upgraded_from

WAITING = "SELECT facts FROM outbox WHERE screen = :screen"
OLDER = "UPDATE outbox SET facts = :facts WHERE screen = :screen"


def test_a_question_that_waits_in_the_words_of_the_version_before_is_shown(database_url: str, now: Moment) -> None:
    """A column of a task keeps its name, whatever it is."""
    screen = DOUBTED.stored_as

    def waiting(unit: UnitOfWork) -> dict[str, object]:
        ((facts,),) = unit.connection.all(WAITING, screen=screen)
        found: dict[str, object] = unpack(facts)
        return found

    with one_transaction(database_url, now) as unit:
        unit.outbox.tell(furnish(unit).requester, DOUBTED)
        (number, *_), rest = waiting(unit).items(), dict(list(waiting(unit).items())[1:])
        assert number == ("challenge", 5)
        unit.connection.changed(OLDER, screen=screen, facts=pack({"trial": 5, **rest, "content": {"trial": "x"}}))
    upgraded_from(database_url, "gold_challenge_named", "SELECT 1;")
    with one_transaction(database_url, now) as unit:
        assert waiting(unit) == {"challenge": 5, **rest, "content": {"trial": "x"}}
        shown = render(screen, {**waiting(unit), "content": rest["content"]}, "en")
    assert shown.keyboard[0][0].data == JudgeGold(challenge=5, keep=True).pack()
