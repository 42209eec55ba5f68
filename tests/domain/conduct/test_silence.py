"""“Can't tell” where others can is evidence against a worker; on hard tasks it is none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from domain.conduct.evidence import CLOSELY_WATCHED_NATS, WATCHED_NATS, Evidence, find_restricting_evidence, watch_level
from domain.conduct.evidence import MIN_SILENCE_ANSWERS as LEAST
from domain.conduct.evidence import find_silences as silences_of

TASKS, WORKERS = 120, 8


@dataclass(frozen=True)
class Said:
    task: int
    worker: int
    silent: bool


def silences(said: Sequence[Said], gold: Collection[int]) -> list[Evidence]:
    rows = np.array([(each.task, each.worker, each.silent) for each in said])
    return silences_of(rows[:, 0], rows[:, 1], rows[:, 2].astype(bool), gold)


def crowd(habits: list[float], hard: float = 0.0, seed: int = 1) -> list[Said]:
    """Everybody meets every task; a worker can't tell an easy one with their own chance, a hard one with 0.9."""
    rng = np.random.default_rng(seed)
    return [
        Said(task, worker, bool(rng.random() < (0.9 if task < hard * TASKS else habit)))
        for task in range(TASKS)
        for worker, habit in enumerate(habits)
    ]


def nats(said: list[Said], gold: tuple[int, ...] = ()) -> dict[int, float]:
    return {each.worker: each.nats for each in silences(said, gold)}


def test_who_never_says_anything_is_found_and_nobody_else() -> None:
    found = nats(crowd([1.0, *[0.05] * (WORKERS - 1)]))
    assert found[0] > CLOSELY_WATCHED_NATS
    assert max(value for worker, value in found.items() if worker) < 0


def test_nobody_is_blamed_for_hard_tasks() -> None:
    for seed in range(20):
        assert max(nats(crowd([0.05] * WORKERS, hard=0.5, seed=seed)).values()) < WATCHED_NATS


def test_a_careful_worker_is_not_a_silent_one() -> None:
    for seed in range(20):
        assert max(nats(crowd([0.3, 0.2, *[0.05] * (WORKERS - 2)], hard=0.1, seed=seed)).values()) < WATCHED_NATS


def test_three_of_four_who_are_silent_together_do_not_become_usual() -> None:
    found = nats(crowd([1.0, 1.0, 1.0, 0.05]))
    assert min(found[worker] for worker in range(3)) > CLOSELY_WATCHED_NATS
    assert found[3] <= 0


def test_one_alone_is_told_by_gold() -> None:
    alone = [Said(task, 1, True) for task in range(40)]
    assert nats(alone, tuple(range(20)))[1] > nats(alone)[1]


def test_one_who_turned_silent_after_long_honest_work_is_found() -> None:
    others = [Said(task, worker, False) for task in range(600) for worker in (2, 3)]
    turned = [Said(task, 1, task >= 500) for task in range(600)]
    assert nats([*others, *turned])[1] > CLOSELY_WATCHED_NATS


def test_a_few_are_too_few_to_say_anything() -> None:
    assert silences([Said(task, 1, True) for task in range(LEAST - 1)], range(LEAST)) == []


def test_silence_asks_for_a_look_and_fewer_offers_and_never_restricts() -> None:
    found = [Evidence(1, "silent", 300.0, 100, 0, 0.1, 1.0)]  # type: ignore[arg-type]
    assert watch_level(found) == 2
    assert find_restricting_evidence(found) is None
