"""People do much at once: one floods, many want the last place, a project ends with everybody at work on it."""

import asyncio
from typing import Any

from benchmarks.faults.scenario import answers_to_passers, at_work, goes_on, kept_waiting
from domain.moments import MINUTE, later
from domain.work.assignments import AssignmentId, AssignmentState
from faults.campaign import Campaign
from faults.waiting import until
from handlers.projects.progress import StopProject
from handlers.work.tasks import SubmitAnswer
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.house import House

FLOOD = 1_000
OPEN_OF_ENDED = "SELECT count(*) FROM openings o JOIN projects p ON p.id = o.project WHERE p.ended_at IS NOT NULL"
ENDED = "SELECT ended_at FROM projects WHERE id = :project AND ended_at IS NOT NULL"
PROJECT_OF = "SELECT id, project FROM assignments"
RAISES = "SELECT count(*) FROM pay_raises WHERE project = :project"
PAYS = "SELECT pay FROM submissions WHERE project = :project ORDER BY id"
STORED = "SELECT assignment FROM submissions"


async def one_person_floods(fire: Campaign) -> list[str]:
    """A thousand messages from one: others are answered within two seconds, or thrice the usual, all the while."""
    await at_work(fire, seconds=0)
    usual = await answers_to_passers(fire, 5)
    flooder = await fire.telegram.phone("Flooder")
    flood = asyncio.create_task(_flood(flooder))
    waits = await answers_to_passers(fire, 12)
    await flood
    await until(lambda: not fire.telegram.world.updates.pending, 60)
    await flooder.block()
    await fire.peace()
    return kept_waiting(waits, usual)


async def _flood(phone: Any) -> None:
    for number in range(FLOOD):
        await phone.say(f"/balance {number}")


async def the_last_place_wanted_by_sixteen(fire: Campaign) -> list[str]:
    """Two processes, and sixteen who were late with the same task answer at once: one is received."""
    wanted = _all_late(fire)
    await fire.start()
    await fire.join()
    broken = []
    for assignments in wanted:
        said = await asyncio.gather(*(_press(fire, *each) for each in enumerate(assignments)))
        received = sum(words.startswith("Received") for words in said)
        broken += [] if received == 1 else [f"{received} of sixteen were told that the last place was theirs"]
    await fire.peace()
    return broken


def _all_late(fire: Campaign) -> list[list[AssignmentId]]:
    """One after the other each had each task in hand until their time was up; its one place is free again."""
    now, wanted = fire.clock(), []
    for task in fire.house.tasks[: fire.plan.kills]:
        with one_transaction(fire.database_url, later(now, -30 * MINUTE)) as unit:
            wanted.append([_was_late(unit, fire.house, task, worker) for worker in fire.house.workers])
    return wanted


def _was_late(unit: UnitOfWork, house: House, task: Any, worker: Any) -> AssignmentId:
    unit.enrolments.enrol(worker, house.project)
    number = unit.assignments.add(house.project, task, worker, unit.now, later(unit.now, 10 * MINUTE))
    assert number is not None
    assert unit.assignments.end(number, AssignmentState.EXPIRED)
    return number


async def _press(fire: Campaign, number: int, assignment: AssignmentId) -> str:
    hand = fire.hands[number]
    message = max(hand.phone.shown, default=1)
    query = await hand.press(SubmitAnswer(assignment=assignment, option=number % 2), {"message_id": message})
    return str((await hand.phone.answer_to(query, timeout=30)).get("text", ""))


async def stopped_with_everybody_at_work(fire: Campaign) -> list[str]:
    """Whatever was in somebody's hands is still received and paid; nothing more is handed out."""
    await at_work(fire)
    anna, project = fire.movers[0].phone, fire.house.project
    for _ in range(2):
        await anna.press_data(StopProject(number=project, sure=True).pack(), max(anna.shown, default=1))
    await until(lambda: bool(fire.look(ENDED, project=project)), 20)
    open_places = fire.look(OPEN_OF_ENDED)[0][0]
    await asyncio.sleep(3)
    await fire.peace()
    broken = [f"{open_places} places of an ended project are on offer"] if open_places else []
    return broken + _unpaid(fire)


def _unpaid(fire: Campaign) -> list[str]:
    """Presses on a task of the stopped project that came to nothing."""
    projects = dict(fire.look(PROJECT_OF))  # type: ignore[arg-type]  # rows are pairs
    stored = {row[0] for row in fire.look(STORED)}
    pressed = {option.assignment for hand in fire.hands for option in hand.pressed.values()}
    lost = [number for number in pressed - stored if projects.get(number) == fire.house.project]
    return [f"assignment {number} was in hand at the stop, was answered and is not paid" for number in lost]


async def pay_raised_with_everybody_at_work(fire: Campaign) -> list[str]:
    """Said twice, raised once: no answer is paid less than was promised when it came, and later ones are paid more."""
    await at_work(fire)
    anna, project = fire.movers[0].phone, fire.house.project
    for turn, euros in enumerate(("0.06", "0.075"), 1):
        await asyncio.gather(*(anna.say(f"/raise {project} {euros}") for _ in range(2)))
        await until(lambda turn=turn: fire.look(RAISES, project=project)[0][0] >= turn, 30)  # type: ignore[misc]
        await goes_on(fire, answers=20)
    await fire.peace()
    raises, pays = fire.look(RAISES, project=project)[0][0], [row[0] for row in fire.look(PAYS, project=project)]
    broken = [] if raises == 2 else [f"{raises} raises were made of two"]
    return broken if pays == sorted(pays) and len(set(pays)) == 3 else [*broken, "a later answer was paid less"]


async def two_schedulers_at_once(fire: Campaign) -> list[str]:
    """Both receive, relay and sweep: a message may stand twice, an answer, a sum or an expiry never counts twice."""
    await at_work(fire, "leads_whoever_else_does", seconds=0)
    await fire.join("leads_whoever_else_does")
    await asyncio.sleep(6)
    fire.clock.jump(11 * MINUTE)
    await asyncio.sleep(6)
    await fire.peace()
    return []
