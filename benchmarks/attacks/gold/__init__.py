"""Who can tell gold from other tasks before they answer: by all that one account sees, by comparing two accounts, by
skipping, or by what a right answer changes.

How much gold comes at which stage of a worker's way is no secret (the manual gives the shares). So gold is compared
with other tasks of the same stage only, of both accounts where two compare, and chance is what a classifier reaches on
labels shuffled within a stage. What two accounts gain from the stages themselves stands beside it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from random import Random

import numpy as np

from benchmarks.attacks.attack import Attack
from benchmarks.attacks.gold.classifier import DEVIATIONS, Floats, Integers, area, chance, score, shuffle
from benchmarks.attacks.gold.crowd import BEGIN, Offer, Plan, settle
from benchmarks.attacks.gold.crowd import play as play_crowd
from benchmarks.databases import fresh
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.work.assignments import SKIPS_A_DAY
from services.work import submit
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.databases import memory

STAGES = np.array([2, 5, 10, 15, 20, 30, 50, 70, 100, 150])  # answers at which a stage begins
ACCOUNTS = 120  # ordered pairs of accounts that are compared
SKIPPERS = Plan(ordinary=400, gold=80, workers=20)
Observed = tuple[Floats, Integers, Integers, Integers]  # features, labels, groups, strata


def measure_attacks(seed: int) -> Sequence[Attack]:
    """Return what a stranger gains over guessing, for kinds with and without options."""
    return [*_of_crowd(Plan(), seed), *_of_crowd(Plan(kind="text"), seed), measure_skipping(seed, SKIPPERS)]


def _of_crowd(plan: Plan, seed: int) -> Iterator[Attack]:
    offers = play_crowd(plan, seed)
    about = f"{len(offers):,} offers to {plan.workers} workers, kind {plan.kind}"
    yield measure_attack(f"one account, before answering ({plan.kind})", before_answering(offers), seed, about)
    yield measure_attack(f"one account, after a right answer ({plan.kind})", after_answering(offers), seed, about)
    compared = comparing_two(offers, seed)
    together = np.isfinite(compared[0][:, 1])
    gold = compared[1] == 1
    shares = f"{together[gold].mean():.0%} of gold and {together[~gold].mean():.0%} of other tasks went to both"
    by_stage = f"{_by_stages(compared):.3f} AUC where the second account's published stage is used, too"
    yield measure_attack(f"two accounts that compare ({plan.kind})", compared, seed, f"{about}; {shares}; {by_stage}")


def measure_attack(name: str, observed: Observed, seed: int, about: str) -> Attack:
    features, labels, groups, strata = observed
    gain = area(score(features, labels, groups), labels, strata)
    return Attack(name, gain, chance(features, labels, groups, strata, seed), " AUC", about)


def _by_stages(compared: Observed) -> float:
    """Return how far gold is told by where in its way the second account met it: newcomers meet more of it."""
    features, labels, groups, strata = compared
    there, here = strata % 100, strata // 100
    return area(score(np.column_stack([features, there]), labels, groups), labels, here)


def before_answering(offers: Sequence[Offer]) -> Observed:
    """Return what each account sees of a task and of those before it: its place in the file, against the last, the
    highest and the usual one; times, sizes, numbers, counts, edits and buttons."""
    return _observe(offers, _seen_before)


def after_answering(offers: Sequence[Offer]) -> Observed:
    """Return what a right answer changed: the count of tasks left, the messages and edits that came, the toast."""
    return _observe(offers, lambda row, number: row[number].after)


def _observe(offers: Sequence[Offer], see: Callable[[Sequence[Offer], int], Sequence[float]]) -> Observed:
    features, labels, groups, numbers = [], [], [], []
    for worker, row in _by_worker(offers).items():
        for number, offer in enumerate(row):
            features.append(see(row, number))
            labels.append(offer.is_gold)
            groups.append(worker)
            numbers.append(offer.number)
    return np.array(features, float), np.array(labels, int), np.array(groups), np.digitize(numbers, STAGES)


def _seen_before(row: Sequence[Offer], number: int) -> tuple[float, ...]:
    offer, before = row[number], [offer.place for offer in row[max(0, number - 9) : number]]
    around = np.median([offer.place for offer in row[max(0, number - 5) : number + 6]])
    if not before:
        missing = (np.nan,) * 6
        return offer.place, abs(offer.place - around), *missing, *offer.seen[1:3], *offer.seen[5:]
    last = row[number - 1]
    highest = max(offer.place for offer in row[:number])
    since = (offer.place - last.place, offer.place - highest, abs(offer.place - np.median(before)))
    steps = (offer.at - last.at, offer.seen[0] - last.seen[0], offer.seen[3] - last.seen[3])
    return offer.place, abs(offer.place - around), *map(float, since + steps), *offer.seen[1:3], *offer.seen[5:]


def comparing_two(offers: Sequence[Offer], seed: int) -> Observed:
    """Return what the second account tells of each task of the first: whether and when it was offered the task, too,
    and how far that is from where it had the tasks around. A stage is that of both accounts, as far as known."""
    rows, features, labels, groups, strata = _by_worker(offers), [], [], [], []
    pairs = Random(seed).sample(list(permutations(rows, 2)), min(ACCOUNTS, len(rows) * (len(rows) - 1)))
    for group, (first, second) in enumerate(pairs):
        theirs = {offer.place: (number, offer) for number, offer in enumerate(rows[second])}
        common = [(n, theirs[o.place][0]) for n, o in enumerate(rows[first]) if o.place in theirs]
        for number, offer in enumerate(rows[first]):
            there, also = theirs.get(offer.place, (None, None))
            stage = 0
            if there is None or also is None:
                features.append((0.0, np.nan, np.nan, np.nan))
            else:
                near = [b - there for a, b in common if 0 < abs(a - number) < 15]
                apart = float(np.median(near)) if near else np.nan
                features.append((1.0, abs(also.at - offer.at), apart, abs(apart)))
                stage = 1 + int(np.digitize(there, STAGES))
            labels.append(offer.is_gold)
            groups.append(group)
            strata.append(100 * int(np.digitize(number, STAGES)) + stage)
    return np.array(features, float), np.array(labels, int), np.array(groups), np.array(strata)


def _by_worker(offers: Sequence[Offer]) -> dict[PersonId, list[Offer]]:
    rows = defaultdict[PersonId, list[Offer]](list)
    for offer in offers:
        rows[offer.worker].append(offer)
    return rows


def measure_skipping(seed: int, plan: Plan) -> Attack:
    """Return how likely skipped tasks are gold where the task after them was: a skip must tell nothing of the draw."""
    runs = asyncio.run(_skip(plan, seed))
    skipped = [(number, end, gold) for number, tasks, end in runs for gold in tasks]
    stages, ends, golds = np.array(skipped, int).T
    gain, dice = _share_gained(ends, golds), np.random.default_rng(seed)
    by_chance = [_share_gained(ends, shuffle(golds, stages, dice)) for _ in range(400)]
    about = (
        f"{len(golds)} tasks skipped, at most {SKIPS_A_DAY} a day and worker: gold where the next was missed, or not"
    )
    return Attack(
        "skipping until a miss", gain, float(np.mean(by_chance) + DEVIATIONS * np.std(by_chance)), " of tasks", about
    )


def _share_gained(ends: Integers, golds: Integers) -> float:
    return float(golds[ends == 1].mean() - golds[ends == 0].mean())


async def _skip(plan: Plan, seed: int) -> list[tuple[int, list[bool], bool]]:
    """Return (answers before, whether each skipped task was gold, whether the one answered then was) of runs of six
    skips."""
    with fresh("sqlite", memory()) as at:
        with one_transaction(at.url, Moment(BEGIN)) as unit:
            ground = settle(unit, plan, seed)

        def run(unit: UnitOfWork, worker: PersonId) -> tuple[list[bool], bool] | None:
            person, tasks = unit.people.get(worker), list[bool]()
            submit.show_work(unit, person)
            while (in_hand := unit.assignments.active_for(worker)) is not None and len(tasks) < 6:
                tasks.append(ground.rows[in_hand.task].is_gold)
                submit.skip_task(act_of(unit, worker), in_hand.id)
            if in_hand is None:
                return None
            submit.submit_answer(unit, person, in_hand.id, "0", None)
            return tasks, ground.rows[in_hand.task].is_gold

        database, now, runs = Database(at.url), Moment(BEGIN), []
        for number in range(6):
            for worker in ground.workers:
                now = later(now, 60_000)
                made = await database.transact(run, now, worker)
                runs += [(number, *made)] if made else []
        await database.close()
    return runs
