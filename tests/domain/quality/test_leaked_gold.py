"""Groups that know the gold are found by their other answers; who is right on gold by their own work is left alone."""

import numpy as np
import pytest

from domain.conduct.evidence import CLOSELY_WATCHED_NATS, find_restricting_evidence
from domain.conduct.examination import find_suspicions
from domain.quality.collusion import NO_GOLD_KNOWLEDGE, find_gold_knowledge, find_rings
from domain.quality.crowd import WorkerAnswer
from domain.quality.learners import AnswerSpec, crowd_from_answers, get_learner

OPTIONS = ("a", "b")
ASKED = AnswerSpec("choice", OPTIONS)
TASKS, GOLD, OVERLAP, WORKERS = 600, 40, 3, 24
KNOWN = range(TASKS, TASKS + GOLD)


class Town:
    """24 workers. The first `members` are a ring: right on gold at the rate `on_gold`, elsewhere they give its key,
    from which they depart at the rate `noise`. The others are right at rates within `good`."""

    def __init__(
        self,
        members: int,
        noise: float = 0.0,
        on_gold: float = 1.0,
        good: tuple[float, float] = (0.72, 0.92),
        seed: int = 1,
    ) -> None:
        dice = np.random.default_rng(seed)
        self.truth, key = dice.integers(2, size=(2, TASKS + GOLD))
        self.gold = {task: (OPTIONS[self.truth[task]],) for task in KNOWN}
        skill, self.said = dice.uniform(*good, size=WORKERS), list[WorkerAnswer]()

        def answer(worker: int, task: int) -> int:
            rate = skill[worker] if worker >= members else on_gold
            if worker >= members or task in self.gold:
                return int(self.truth[task] if dice.random() < rate else 1 - self.truth[task])
            return int(key[task] if dice.random() >= noise else dice.integers(2))

        asked = [(task, worker) for task in range(TASKS) for worker in dice.permutation(WORKERS)[:OVERLAP]]
        asked += [(task, worker) for task in KNOWN for worker in dice.permutation(WORKERS)[: WORKERS // 4]]
        for task, worker in dice.permutation(asked).tolist():
            self.said.append(WorkerAnswer(task, worker, OPTIONS[answer(worker, task)]))

    def restricted(self) -> set[int]:
        found = find_suspicions(ASKED, self.said, self.gold)
        return {each.worker for each in found if find_restricting_evidence([each])}

    def accuracy(self) -> float:
        """Of the results."""
        learnt = get_learner("choice").learn(ASKED, self.said, self.gold)
        right = [
            np.argmax(each.scores) == self.truth[task] for task, each in learnt.tasks.items() if each and task < TASKS
        ]
        return float(np.mean(right))


@pytest.mark.parametrize(("members", "noise"), [(12, 0.0), (12, 0.2), (6, 0.0), (3, 0.0)], ids=str)
def test_a_ring_that_knows_the_gold_is_restricted_and_no_honest_worker(members: int, noise: float) -> None:
    """Half of the workers with one key: no member was found, eight honest workers were, and results were 51 % right."""
    town = Town(members, noise)
    restricted = town.restricted()
    assert len(restricted & set(range(members))) >= members - 1
    assert restricted <= set(range(members))
    assert town.accuracy() >= 0.8


@pytest.mark.parametrize("seed", range(3))
def test_honest_workers_who_miss_no_check_question_are_left_alone(seed: int) -> None:
    town = Town(0, good=(0.9, 0.99), seed=seed)
    found = find_suspicions(ASKED, town.said, town.gold)
    assert [each for each in found if each.nats >= CLOSELY_WATCHED_NATS] == []


def test_experts_among_weak_workers_are_left_alone() -> None:
    """They miss no check question and agree with each other; the others confirm what they say elsewhere."""
    town, experts = Town(0, good=(0.6, 0.7)), set(range(8))
    said = [
        WorkerAnswer(each.task, each.worker, OPTIONS[town.truth[each.task]]) if each.worker in experts else each
        for each in town.said
    ]
    crowd, _, _ = crowd_from_answers(OPTIONS, said, town.gold)
    assert find_gold_knowledge(crowd, find_rings(crowd)) == NO_GOLD_KNOWLEDGE
    assert {
        each.worker for each in find_suspicions(ASKED, said, town.gold) if find_restricting_evidence([each])
    } == set()


def test_who_is_right_alone_where_most_share_a_misconception_is_left_alone() -> None:
    """Gold does not confirm what the others say, so that nothing follows from it."""
    town, experts = Town(0, good=(0.9, 0.95)), set(range(8))
    tricky = np.random.default_rng(2).random(TASKS + GOLD) < 0.4
    said = [
        WorkerAnswer(each.task, each.worker, OPTIONS[town.truth[each.task] ^ int(tricky[each.task])])
        if each.worker not in experts
        else WorkerAnswer(each.task, each.worker, OPTIONS[town.truth[each.task]])
        for each in town.said
    ]
    found = find_suspicions(ASKED, said, town.gold)
    assert {each.worker for each in found if each.suspicion == "informed"} == set()
    assert {each.worker for each in found if find_restricting_evidence([each])} & experts == set()


def test_where_a_half_contradicts_the_other_and_gold_does_not_tell_which_nobody_is_restricted() -> None:
    """A ring that misses some check questions on purpose cannot be told from honest workers; before, these were accused
    on the ring's word."""
    town = Town(12, on_gold=0.85)
    assert town.restricted() & set(range(12, WORKERS)) == set()
