"""While a project runs, nothing that workers can read tells which of their right answers were to check questions."""

from benchmarks.attacks.records import NOON, Seen, by_chance, everything, identify, leaks, watch
from domain.moments import HOUR, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectState
from services.projects.lifecycle import end_project
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import House

WORKERS, ANSWERS = 4, 7


def judged(unit: UnitOfWork, worker: PersonId) -> int:
    row = unit.connection.all("SELECT count(gold) FROM submissions WHERE worker = :worker", worker=worker)
    return int(row[0][0])


def ended(unit: UnitOfWork, house: House) -> dict[PersonId, Seen]:
    end_project(unit, unit.people.get(house.requester), unit.projects.get(house.project), ProjectState.STOPPED)
    return {worker: everything(unit, house, worker) for worker in house.workers}


async def test_everything_a_worker_reads_after_each_answer_gives_no_check_question_away_until_the_project_has_ended(
    database: Database,
) -> None:
    """Each right answer to a check question could be told from others by `/record`, `/mydata`, `/why skill`
    and the Mini App's reply, and one a worker by the pay that became available with it."""
    house, seen = await watch(database, 1, WORKERS, ANSWERS)
    assert len(seen) == WORKERS * ANSWERS
    assert identify(seen) <= by_chance(seen, 1), leaks(seen)
    for worker, shown in (await database.transact(lambda unit: ended(unit, house), later(NOON, HOUR))).items():
        answered = await database.transact(lambda unit, who=worker: judged(unit, who), NOON)
        assert answered > 0
        assert shown["record.check_questions.seen"] == shown["record.check_questions.right"] == [answered]
        assert shown["mydata answers.right_answer"].count(1) == answered
        assert shown["mydata projects_answered.check_questions"] == [answered]
        assert shown["skill.projects.figures.gold_right"] == [answered]
        assert "mydata held_back.project" not in shown


async def test_the_file_says_what_it_holds_back_and_until_when(database: Database) -> None:
    house, _ = await watch(database, 1, 1, 1)
    shown = await database.transact(lambda unit: everything(unit, house, house.workers[0]), NOON)
    assert shown["mydata held_back.project"] == ["Is the review positive?"]
    assert shown["mydata held_back.told_when"] == ["the project ends"]
