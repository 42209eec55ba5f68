"""Attacks on the pre-flight card: slow workers, and any order of all that can raise a project's cost, try to make a
project take more of its requester's money than cards, offers and replies stated before."""

import json
from collections.abc import Sequence
from random import Random

from benchmarks.attacks.attack import Attack
from benchmarks.databases import fresh
from domain.moments import Moment
from domain.refusals import Refusal
from handlers.payload import Payload
from handlers.projects.launches import LaunchShown
from handlers.projects.pay_raises import AskMore, RaisePay
from services.act import Act
from services.projects import pay_raises
from services.work import sweeps
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.services.money.test_topups import TERMS, Crowd

NOON = Moment(1_800_000_000_000)
ROUNDS, STEPS = 6, 12
TAKEN = """
SELECT coalesce(sum(t.amount), 0) FROM transfers t JOIN accounts d ON d.id = t.debit
WHERE t.project = :project AND d.name LIKE 'requester:%'"""


def measure_attacks(seed: int) -> Sequence[Attack]:
    """Return the largest sum, in euros, that a project took beyond what its requester had read before."""
    dice, worst, presses = Random(seed), 0, 0
    for _ in range(ROUNDS):
        beyond, steps = _play(dice)
        worst, presses = max(worst, beyond), presses + steps
    told = f"{ROUNDS} projects, tasks of up to 60 times the expected time, {presses} raises, further answers, reserves"
    return [Attack("budget against the card", worst / 1_000_000, 0.0, " €", told)]


def _play(dice: Random) -> tuple[int, int]:
    """Return what one project took beyond what was stated, and how many presses raised its cost."""
    with fresh("sqlite") as place:
        crowd = Crowd(place.url, NOON, workers=5, tasks=8, overlap=5)
        stated, raised = _taken(crowd), 0  # by the card of the launch
        worst = 0
        for _ in range(STEPS):
            crowd.answers(*(dice.choice((0, 3, 9, 60, 180)) for _ in range(5)), rounds=dice.randrange(1, 4))
            crowd.do(sweeps.return_leftovers)
            worst = max(worst, _taken(crowd) - stated)
            more = _raise_cost(crowd, dice)
            stated, raised = stated + more, raised + (more > 0)
            worst = max(worst, _taken(crowd) - stated)
        for service in (crowd.stop, sweeps.expire_assignments, sweeps.return_leftovers):
            crowd.do(service)
        crowd.is_in_order()
        return max(worst, _taken(crowd) - stated), raised


def _raise_cost(crowd: Crowd, dice: Random) -> int:
    """Press one of the buttons that raise the cost; return the sum that its message named, zero where nothing was
    taken."""
    before, named = _taken(crowd), 0

    def press_one(unit: UnitOfWork) -> None:
        nonlocal named
        act = act_of(unit, crowd.house.requester, terms=TERMS)
        named, payload = dice.choice(_buttons(act, crowd))
        press(act, payload)

    try:
        crowd.do(press_one)
    except Refusal:
        return 0
    return named if _taken(crowd) > before else 0


def _buttons(act: Act, crowd: Crowd) -> list[tuple[int, Payload]]:
    """Return what each button would take by its message, and its payload."""
    number = crowd.project
    found: list[tuple[int, Payload]] = []
    for missing in (json.loads(each)["missing"] for each in crowd.told("money.ReserveMissing")[-1:]):
        found += [(missing, LaunchShown(number=number, price=missing))] * 3
    for offered in pay_raises.offer_raise(act, number).offered:
        found.append((offered.more, RaisePay(number=number, pay=offered.pay)))
    for more in pay_raises.offer_more_answers(act, number).offered:
        found.append((more.cost, AskMore(number=number, overlap=more.overlap)))
    return found


def _taken(crowd: Crowd) -> int:
    """Return what the project has taken of its requester's money so far."""
    return int(crowd.ask(lambda unit: unit.connection.all(TAKEN, project=crowd.project)[0][0]))
