"""Evidence against a worker, what it leads to, and the ways out."""

import random

from domain.conduct.evidence import RESTRICTING_NATS
from jobs import evidence
from services.work import submit
from simulator.crowd.client import Phone, text_of
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.stories.town import Town, ask, csv

TASKS, TRUTH = 60, ("positive", "negative")


def fill(town: Town, workers: list[int]) -> None:
    """Everybody answers everything, through the services: the honest nine times in ten, the last one by the dice."""
    dice = random.Random(1)
    for phone in workers:
        with one_transaction(town.bot.settings.database_url, town.clock()) as unit:
            for _ in range(TASKS + 5):
                answer(unit, phone, dice, phone == workers[-1])


def answer(unit: UnitOfWork, phone: int, dice: random.Random, spams: bool) -> None:
    person = unit.people.find_by_telegram_id(phone)
    assert person is not None
    in_hand = unit.assignments.active_for(person.id)
    if in_hand is None:
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
    if in_hand is None:
        return
    truth = int(unit.tasks.get(in_hand.task).content["text"].split()[1]) % 2
    said = dice.randrange(2) if spams else truth if dice.random() < 0.95 else 1 - truth
    submit.submit_answer(unit, person, in_hand.id, str(said), None)


async def examined(town: Town) -> None:
    database = Database(town.bot.settings.database_url)
    project = town.look(lambda unit: unit.projects.get(1))
    await evidence.examine(database, project, town.clock)
    await database.close()


async def suspected(town: Town) -> tuple[Phone, list[Phone]]:
    """A crowd of which the last one answers by the dice, and is restricted."""
    rosa = await town.requester()
    await town.project(rosa, csv(*(f"review {number}" for number in range(TASKS))), overlap=8)
    crowd = [await town.worker(name) for name in ("Ann", "Bob", "Cid", "Dan", "Eve", "Sam")]
    fill(town, [phone.id for phone in crowd])
    await examined(town)
    return crowd[-1], crowd[:-1]


async def test_chance_is_found_and_restricted_with_reason_end_and_appeal(home: Town):
    sam, honest = await suspected(home)
    told = text_of(await sam.wait_for("no tasks of this project for you until"))
    assert "like chance" in told
    assert "Other projects go on" in told
    assert home.one("SELECT count(*) FROM restrictions") == 1
    assert home.one("SELECT max(nats) FROM evidence") > RESTRICTING_NATS
    assert "No tasks until" in await ask(sam, "/why skill", "What your skill is made of")
    assert "like chance" not in await ask(home.admin, f"/audit {honest[0].id}", "answers")
    audit = await ask(home.admin, f"/audit {sam.id}", "like chance")
    assert "times likelier than of honest work" in audit
    await examined(home)
    assert home.one("SELECT count(*) FROM restrictions") == 1


async def test_an_appeal_goes_to_an_admin_who_lifts_it_and_the_machine_obeys(home: Town):
    sam, _ = await suspected(home)
    await sam.wait_for("no tasks of this project")
    await sam.press("⚖️ I object")
    await sam.wait_for("a human will look at it")
    await home.admin.wait_for("objects")
    await home.admin.press("✅ Lift 1")
    await sam.wait_for("the restriction is lifted")
    assert home.rows("SELECT state, appeal FROM restrictions") == [("lifted", "granted")]
    assert home.one("SELECT max(restricted_until) FROM enrolments") is None
    await examined(home)
    assert home.one("SELECT count(*) FROM restrictions") == 1


async def test_an_admin_confirms_it_with_a_reason_and_it_ends_by_itself(home: Town):
    sam, _ = await suspected(home)
    await sam.wait_for("no tasks of this project")
    await home.admin.wait_for("1 restriction waits for a human")
    await home.admin.press("👀 Look at the next one")
    await home.admin.wait_for("Do you find the same?")
    await home.admin.press("⏸ Confirm 1")
    await home.admin.wait_for("it stays")
    await home.admin.say("Half of these answers are wrong, as if by chance.")
    assert "as if by chance" in text_of(await sam.wait_for("the restriction stays"))
    home.clock.skip(hours=7 * 24 + 1)
    await sam.wait_for("the restriction is over")
