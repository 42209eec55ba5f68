"""What an admin is shown of those who slept, answered by one key or copied; and what is done meanwhile."""

import random
from collections.abc import Callable
from itertools import count

from jobs import refits
from services.work import submit
from simulator.crowd.client import Phone
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.stories.quality.test_restrictions import examined
from tests.stories.town import CAPTION, Town, ask, csv

Says = Callable[[int, int, int], str]  # (seat, number of the task, answers given before) → what is answered
WORDS = ("red", "boat", "came", "home", "late", "nobody", "asked", "why", "it", "was", "so", "quiet", "old", "river")


async def answered(town: Town, tasks: int, crowd: list[Phone], says: Says, caption: str = CAPTION) -> None:
    """A project that everybody answers whole, one after the other, through the services; then it is looked at."""
    rosa = await town.requester()
    rows = csv(*(f"review {number}" for number in range(tasks)))
    await town.project(rosa, rows, caption, overlap=len(crowd))
    for seat, phone in enumerate(crowd):
        with one_transaction(town.bot.settings.database_url, town.clock()) as unit:
            answer_all(unit, phone, seat, says)
    await examined(town)


def answer_all(unit: UnitOfWork, phone: Phone, seat: int, says: Says) -> None:
    person = unit.people.find_by_telegram_id(phone.id)
    assert person is not None
    submit.show_work(unit, person)
    for given in count():
        in_hand = unit.assignments.active_for(person.id)
        if in_hand is None:
            return
        number = int(unit.tasks.get(in_hand.task).content["text"].split()[1])
        submit.submit_answer(unit, person, in_hand.id, says(seat, number, given), None)


async def test_a_sleeper_is_found_by_what_came_before_and_since(home: Town):
    crowd = [await home.worker(name) for name in ("Ann", "Bob", "Cid", "Dan", "Sam")]
    dice = random.Random(2)

    def says(seat: int, number: int, given: int) -> str:
        asleep = seat == 4 and given >= 25
        return str(dice.randrange(2) if asleep else number % 2 if dice.random() < 0.95 else 1 - number % 2)

    await answered(home, 60, crowd, says)
    audit = await ask(home.admin, f"/audit {crowd[-1].id}", "good before")
    assert "like chance since" in audit
    assert "Meanwhile: more check questions among their tasks" in audit
    assert "good before" not in await ask(home.admin, f"/audit {crowd[0].id}", "Nothing speaks against")


async def test_a_ring_is_shown_to_an_admin_with_its_pairs_and_heard_once(home: Town):
    crowd = [await home.worker(name) for name in ("Ann", "Bob", "Cid", "Dan", "Eve", "Kim", "Lea", "Mia")]
    dice = random.Random(3)
    key = [str(dice.randrange(2)) for _ in range(50)]

    def says(seat: int, number: int, given: int) -> str:
        return key[number] if seat >= 5 else str(number % 2 if dice.random() < 0.9 else 1 - number % 2)

    await answered(home, 50, crowd, says)
    audit = await ask(home.admin, f"/audit {crowd[-1].id}", "the same answers as somebody else")
    assert audit.count("50 of 50 the same") == 2
    assert (await ask(home.admin, "/audit", "Worth looking at")).count("the same as others’") == 3
    assert home.one("SELECT count(*) FROM restrictions") == 0  # the project is over: there is nothing to keep from them
    database = Database(home.bot.settings.database_url)
    await refits.refit(database, home.look(lambda unit: unit.projects.get(1)), home.clock)
    await database.close()
    drawn = home.rows("SELECT content, consensus FROM tasks")
    right = [
        said == ("positive", "negative")[int(content.split("review ")[1].split('"')[0]) % 2] for content, said in drawn
    ]
    assert sum(right) >= 46


async def test_copied_text_is_shown_with_whose_it_is(home: Town):
    crowd = [await home.worker(name) for name in ("Ann", "Bob", "Cid", "Sam")]
    dice = random.Random(4)
    written: dict[tuple[int, int], str] = {}

    def says(seat: int, number: int, given: int) -> str:
        own = " ".join(dice.choices(WORDS, k=14))
        return written.setdefault((seat, number), written[1, number] if seat == 3 else own)

    form = CAPTION.replace("options: positive, negative", "kind: text")
    await answered(home, 12, crowd, says, form)
    audit = await ask(home.admin, f"/audit {crowd[-1].id}", "the same answers as somebody else")
    assert "12 of 12 the same" in audit
    assert home.one("SELECT count(*) FROM evidence WHERE suspicion = 'ring'") == 1
