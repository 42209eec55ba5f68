"""Attacks on the wage floor: pushed tasks that nobody times, a requester's own quick accounts, stated times that
are too short, and a HIT whose title says that it takes an hour."""

from collections.abc import Callable, Sequence
from random import Random

from benchmarks.attacks.attack import Attack
from benchmarks.databases import fresh
from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.money.pricing import pay_for_floor
from domain.people.accounts import PersonId
from domain.refusals import BelowFloor
from services.projects import launches
from services.work import dispatch, submit
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import a_project, settle_requester, settle_tasks, settle_worker
from tests.services.money.test_topups import FLOOR, TERMS, Crowd

NOON = Moment(1_800_000_000_000)
WORKERS, HONEST, OWN = 101, 4, 12
REAL, STATED = 120, 3  # seconds that an answer takes, and those that its requester states
QUICK = 1.0
NOISE = 10.0  # percent by which the median of five answers may miss their mean
ELSEWHERE = "UPDATE enrolments SET answered = :answers WHERE worker = :worker AND project = :project"
SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd"
QUESTION = f"""<QuestionForm xmlns="{SCHEMA}">
<Question><QuestionIdentifier>q</QuestionIdentifier><QuestionContent><Text>Begin?</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer/></AnswerSpecification></Question></QuestionForm>"""


def measure_attacks(seed: int) -> Sequence[Attack]:
    """Return what requesters gain by each, in percent of the pay that the floor asks for."""
    return [
        _push_one_task(Random(seed)),
        _outvote_by_own_accounts(),
        _understate_long_texts(),
        _sell_an_hour_as_a_hit(),
    ]


def _push_one_task(dice: Random) -> Attack:
    """A task of 120 s, stated as 3, reaches 101 workers who did not ask for it; then the requester stops and leaves."""
    with fresh("sqlite") as place:
        crowd = Crowd(place.url, NOON, workers=WORKERS, tasks=1, overlap=WORKERS, seconds=STATED)
        answered = _answer_pushed(crowd, dice)
        crowd.do(crowd.stop)
        paid, owed = sum(crowd.earned()), crowd.ask(lambda unit: _owed(unit, crowd))
        crowd.is_in_order()
    needed = answered * -(-FLOOR * REAL // 3600)
    told = (
        f"{REAL} s stated as {STATED}, {WORKERS} places: the project rested after {answered} answers; {_money(paid)} of"
        f" the {_money(needed)} for them were held and paid, {_money(owed)} are a debt that bars other launches"
    )
    return Attack(
        "floor, pushed task: neither paid nor owed", _percent(needed - paid - owed, needed), NOISE, " %", told
    )


def _answer_pushed(crowd: Crowd, dice: Random) -> int:
    """Return how many answers came before nothing was given out any more."""
    answered = 0
    while in_hand := _push_to_all(crowd):
        for worker in in_hand:
            took = round(REAL * 1000 * dice.uniform(0.85, 1.15))
            crowd.now = later(crowd.now, 10)
            with one_transaction(crowd.url, crowd.now) as unit:
                assignment = unit.assignments.active_for(worker)
                assert assignment is not None
                begun = "UPDATE assignments SET offered_at = :at WHERE id = :id"
                unit.connection.changed(begun, id=assignment.id, at=unit.now - took)
                submit.submit_answer(unit, unit.people.get(worker), assignment.id, "0", None)
            answered += 1
    return answered


def _push_to_all(crowd: Crowd) -> list[PersonId]:
    with one_transaction(crowd.url, crowd.now) as unit:
        for worker in crowd.house.workers:
            if unit.assignments.active_for(worker) is None:
                dispatch.dispatch_next_task(unit, unit.people.get(worker), Lane.PUSH)
        return [worker for worker in crowd.house.workers if unit.assignments.active_for(worker) is not None]


def _outvote_by_own_accounts() -> Attack:
    """Four honest workers take 120 s; three times as many accounts of the requester's answer in one second each."""
    with fresh("sqlite") as place:
        crowd = Crowd(place.url, NOON, workers=HONEST + OWN, tasks=25, overlap=16, pay=Millionths(220_000))
        crowd.do(lambda unit: _work_elsewhere(unit, crowd.house.workers[:HONEST]))
        crowd.answers(*[REAL] * HONEST, *[QUICK] * OWN, rounds=8)
        crowd.do(crowd.stop)
        paid = sum(crowd.earned()[:HONEST])
        given = crowd.ask(lambda unit: sum(map(unit.submissions.count_of, crowd.house.workers[:HONEST])))
        owed = crowd.ask(lambda unit: _owed(unit, crowd))
    needed = given * -(-FLOOR * REAL // 3600)
    told = f"{HONEST} workers of {REAL} s beside {OWN} own accounts of {QUICK:.0f} s; {given} honest answers"
    return Attack("floor, own accounts: unpaid to honest ones", _percent(needed - paid - owed, needed), 0.0, " %", told)


def _work_elsewhere(unit: UnitOfWork, workers: Sequence[PersonId]) -> None:
    """Each has answered enough for another requester."""
    other = settle_worker(unit, 9_000)
    project = unit.projects.add(a_project(other.id, unit.now))
    for worker in workers:
        unit.enrolments.enrol(worker, project)
        unit.connection.changed(ELSEWHERE, worker=worker, project=project, answers=10)


def _understate_long_texts() -> Attack:
    """Texts of 600 words, whose requester states 3 s and pays for 3 s."""
    with fresh("sqlite") as place, one_transaction(place.url, NOON) as unit:
        requester = settle_requester(unit)
        pay = pay_for_floor(Millionths(FLOOR), STATED)
        project = a_project(requester.id, NOON, template="{text} " + "word " * 600, seconds=STATED, pay=pay)
        number = unit.projects.add(project)
        settle_tasks(unit, number, requester.id, 5, 0)
        launched, why = _try(lambda: launches.launch_project(act_of(unit, requester.id, terms=TERMS), number))
    gain = 100 * (1 - STATED / 150) if launched else 0.0
    return Attack("floor, long texts stated as 3 s", gain, 0.0, " %", f"a launch of 150 s of reading: {why}")


def _sell_an_hour_as_a_hit() -> Attack:
    """CreateHIT: "One hour survey", 7,200 s allowed, 0.02."""
    from extensions.mturk.domain.hits import RequestError
    from extensions.mturk.services import hits

    with fresh("sqlite") as place, one_transaction(place.url, NOON) as unit:
        requester = settle_requester(unit)
        act = act_of(unit, requester.id, terms=TERMS)
        hit = {"title": "One hour survey", "description": "Answer it.", "reward": "0.02", "question": QUESTION}
        times = {"assignment_duration_in_seconds": 7_200, "lifetime_in_seconds": 86_400}
        try:
            hits.create(act, **hit, **times)
            created, why = True, "launched"
        except RequestError as refusal:
            created, why = False, f"refused: {refusal}"
    gain = 100 * (1 - 20_000 / FLOOR) if created else 0.0
    return Attack("floor, an hour as a HIT of 0.02", gain, 0.0, " %", why)


def _try(launch: Callable[[], object]) -> tuple[bool, str]:
    """Return whether the launch was made, and what was said."""
    try:
        launch()
    except BelowFloor as refusal:
        return False, f"refused, {refusal.facts['needed'] / 1_000_000:.2f} would pass"
    return True, "launched"


def _owed(unit: UnitOfWork, crowd: Crowd) -> int:
    return sum(unit.topups.sum_arrears(crowd.house.requester, "EUR").values())


def _percent(part: int, whole: int) -> float:
    return max(0.0, 100 * part / whole)


def _money(amount: int) -> str:
    return f"{amount / 1_000_000:.2f} €"
