from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.conduct.examination import find_suspicions
from domain.quality.collusion import STRONG_NATS, find_key_followers, find_rings
from domain.quality.crowd import Crowd, WorkerAnswer, merge_workers
from domain.quality.learners import AnswerSpec
from domain.quality.live import consensus
from domain.quality.refit import refit
from tests.domain.quality.crowds import crowd_of, simulated


def test_honest_workers_are_judged_without_the_ring() -> None:
    crowd = with_ring(5, each=6, gold=0)
    rows = zip(crowd.task.tolist(), crowd.worker.tolist(), crowd.label.tolist(), strict=True)
    said = [WorkerAnswer(task, worker, str(label)) for task, worker, label in rows]
    found = find_suspicions(AnswerSpec("choice", ("0", "1")), said, {})
    assert {each.worker for each in found if each.suspicion == "ring"} == set(range(10))
    assert not [each for each in found if each.suspicion != "ring" and each.nats >= STRONG_NATS]


def with_ring(seed: int, each: int = 12, gold: int = 30) -> Crowd:
    rng = np.random.default_rng(seed + 100)
    truth, rows = simulated(seed, 200, np.full(25, 0.8), each)
    key = rng.integers(2, size=200)
    rows = [(t, w, int(key[t]) if w < 10 else said) for t, w, said in rows]
    return crowd_of(rows, 200, 25, gold={task: int(truth[task]) for task in range(gold)})


def test_ring_is_found_and_nobody_else() -> None:
    (found,) = find_rings(with_ring(5))
    assert found.members == tuple(range(10))
    assert found.is_key
    assert min(found.nats) > 6.9
    assert found.agreed == 1 > found.expected + 0.3


def test_ring_is_found_without_gold_and_with_few_answers_a_task() -> None:
    (found,) = find_rings(with_ring(5, each=5, gold=0))
    assert found.members == tuple(range(10))


def test_ring_whose_members_slip_now_and_then_is_still_found() -> None:
    dice = np.random.default_rng(9)
    crowd = with_ring(5)
    slips = (crowd.worker < 10) & (dice.random(len(crowd.label)) < 0.05)
    (found,) = find_rings(replace(crowd, label=np.where(slips, 1 - crowd.label, crowd.label)))
    assert (found.members, found.is_key) == (tuple(range(10)), True)


def test_consensus_is_as_if_the_ring_were_not_there() -> None:
    truth, _ = simulated(5, 200, np.full(25, 0.8), 12)
    attacked = with_ring(5, gold=0)

    def right(crowd: Crowd, unheard: Sequence[int] = ()) -> float:
        found = refit(crowd, unheard=unheard)
        return float((np.array([consensus(task, found.project).choice for task in found.tasks]) == truth).mean())

    without = right(attacked.only(attacked.worker >= 10))
    assert right(attacked) < 0.6
    assert right(attacked, find_key_followers(attacked)) == without


def test_the_answers_of_those_with_a_key_tell_nothing_and_are_judged_by_the_others() -> None:
    attacked = with_ring(5, gold=0)
    found = refit(attacked, unheard=find_key_followers(attacked))
    workers = found.workers
    assert found.project.answers == len(attacked.label)  # from them the next refit is counted
    assert all(worker.information < 1e-9 and worker.answers > 0 for worker in workers[:10])
    assert max(worker.skill.accuracy for worker in workers[:10]) < 0.65
    assert min(worker.skill.accuracy for worker in workers[10:]) > 0.7


def test_honest_crowd_has_no_ring() -> None:
    _, rows = simulated(6, 200, np.full(25, 0.8), 8)
    crowd = crowd_of(rows, 200, 25)
    assert find_rings(crowd) == ()
    assert find_key_followers(crowd) == []


def test_those_who_are_always_right_among_guessers_are_no_ring() -> None:
    _, rows = simulated(7, 200, np.array([0.99] * 3 + [0.5] * 4), 5)
    assert find_rings(crowd_of(rows, 200, 7)) == ()


def test_camp_that_reads_the_instructions_otherwise_answers_by_no_key() -> None:
    truth, rows = simulated(8, 300, np.full(20, 0.95), 10)
    other = [(t, w, 1 - int(truth[t]) if w < 6 and t % 5 == 0 else said) for t, w, said in rows]
    assert not any(ring.is_key for ring in find_rings(crowd_of(other, 300, 20)))


def test_the_few_who_are_right_where_most_err_alike_answer_by_no_key_as_gold_says() -> None:
    dice = np.random.default_rng(1)
    truth, tricky, rows = dice.integers(2, size=300), dice.random(300) < 0.4, []
    for task in range(300):
        for worker in dice.permutation(20)[:6].tolist():
            right = dice.random() < 0.99 if worker < 6 else (dice.random() < 0.9) != tricky[task]
            rows.append((task, worker, int(truth[task] if right else 1 - truth[task])))
    gold = {int(task): int(truth[task]) for task in dice.permutation(300)[:60]}
    (found,) = find_rings(crowd_of(rows, 300, 20, gold=gold))
    assert (found.members, found.is_key) == (tuple(range(6)), False)


def test_pairs_who_answer_everything_alike_do_not_hide_a_ring() -> None:
    """Two of one household share hundreds of tasks, members of a ring a few dozen: without a bound on what a pair
    counts for, pairs are all that is seen."""
    dice = np.random.default_rng(0)
    truth, key, said = dice.integers(3, size=600), dice.integers(3, size=600), {}

    def seen(task: int) -> int:
        return int(truth[task] if dice.random() < 0.75 else (truth[task] + dice.integers(1, 3)) % 3)

    for task in range(600):
        for worker in dice.permutation(40)[:7].tolist():
            said[task, worker] = int(key[task]) if worker < 8 else seen(task)
        for one in range(30, 38, 2):
            said[task, one] = said[task, one + 1] = seen(task)
    rows = [(task, worker, label) for (task, worker), label in said.items()]
    first, *_ = find_rings(crowd_of(rows, 600, 40, 3))
    assert (first.members, first.is_key) == (tuple(range(8)), True)


def test_ring_speaks_once_a_task() -> None:
    crowd = crowd_of([(0, 0, 1), (0, 1, 1), (0, 2, 0), (1, 1, 1)], 2, 3)
    quiet = merge_workers(crowd, (0, 1))
    assert sorted(zip(quiet.task, quiet.worker, quiet.label, strict=True)) == [(0, 0, 1), (0, 2, 0), (1, 0, 1)]
