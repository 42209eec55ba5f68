"""Models that go wrong where answers are no classes: they drift, or a worker repeats them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pytest

from domain.answers import kind_of
from domain.quality.crowd import Gold, WorkerAnswer
from domain.quality.learners import AnswerSpec, LearnedModels, find_model_copyists, get_learner
from domain.quality.machine import Doubt, MachineAnswer, equivalent_confidence, may_models_decide

TASKS, PEOPLE, GOLD = 600, 30, 25
BOX = '[{{"label": "a", "x": {}, "y": 0.1, "width": 0.2, "height": 0.2}}]'


@dataclass(frozen=True, slots=True)
class Given:
    """A kind, its options, and the answer that means `truth` (0…3)."""

    kind: str
    options: tuple[str, ...]
    means: Callable[[int, int], str]

    def answer(self, task: int, truth: int) -> str:
        found = kind_of(self.kind).parse_model_answer(self.means(task, truth), self.options)
        assert found is not None
        return found

    def gold(self, task: int, truth: int) -> tuple[str, ...]:
        return kind_of(self.kind).to_gold(self.answer(task, truth), self.options)


KINDS = {
    "text": Given("text", (), lambda task, truth: f"word {task} {truth}"),
    "choices": Given("choices", tuple("abcd"), lambda _, truth: "abcd"[truth]),
    "rank": Given("rank", tuple("xyz"), lambda _, truth: ">".join([*permutations("xyz")][truth])),
    "number": Given("number", (), lambda task, truth: str(task + 50 * truth)),
    "rating": Given("rating", tuple("1234"), lambda _, truth: "1234"[truth]),
    "best_worst": Given("best_worst", tuple("xyz"), lambda _, truth: ">".join([*permutations("xyz", 2)][truth])),
    "boxes": Given("boxes", ("a",), lambda _, truth: BOX.format(truth / 4)),
}
ANY = pytest.mark.parametrize("given", KINDS.values(), ids=list(KINDS))


def said_by(given: Given, task: int, truth: int, accuracy: float, rng: np.random.Generator) -> str:
    return given.answer(task, truth if rng.random() < accuracy else (truth + int(rng.integers(1, 4))) % 4)


def decided(given: Given, since: int = TASKS, seed: int = 0, until_sure: bool = False) -> tuple[LearnedModels, bool]:
    """What is learnt of a model that is right up to the task `since`, where eight in ten of its answers are wrong, and
    whether it decides the last task. People answer the first tasks and a tenth of the others, three each; `until_sure`:
    one does where it is the model's answer."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, TASKS).tolist()
    machines, said, gold = {}, [], {}
    for task in range(TASKS):
        model = said_by(given, task, truth[task], 0.2 if task >= since else 0.98, rng)
        machines[task] = [MachineAnswer("", model)]
        if task < GOLD:
            gold[task] = given.gold(task, truth[task])
        for worker in rng.choice(PEOPLE, 3, replace=False).tolist() if task < 60 or task % 10 == 0 else ():
            said.append(WorkerAnswer(task, worker, said_by(given, task, truth[task], 0.85, rng)))
            if until_sure and said[-1].answer == model:
                break
    wanted = equivalent_confidence(3)
    asked, learner = AnswerSpec(given.kind, given.options, {}, machines, wanted), get_learner(given.kind)
    found = learner.learn(asked, said, gold)
    alone = learner.find_consensus(asked, found.project, [], machines[TASKS - 1])
    sure = alone.confidence or 0.0
    return found, may_models_decide(found.project.machines, machines[TASKS - 1], sure, wanted)


@ANY
def test_a_model_that_drifts_is_said_to_and_decides_no_more(given: Given) -> None:
    """All gold is met before it does."""
    found, decides = decided(given, since=200)
    (model,) = found.project.machines
    (drift,) = [each for each in model.warnings if each.doubt is Doubt.DRIFT]
    assert abs(int(drift.about) - 200) < 60
    assert drift.expected > 0.75 > 0.5 > drift.observed
    assert model.accuracy < 0.5
    assert not decides


@ANY
@pytest.mark.parametrize("until_sure", [False, True])
def test_a_model_that_stays_good_goes_on_deciding(given: Given, until_sure: bool) -> None:
    """Also where more people are asked because they differ from it."""
    found, decides = decided(given, until_sure=until_sure)
    (model,) = found.project.machines
    assert model.warnings == ()
    assert model.accuracy > 0.88
    assert decides


@ANY
def test_what_people_say_counts_only_against_a_model(given: Given) -> None:
    good, bad = (decided(given, since)[0].project.machines[0] for since in (TASKS, 26))
    assert good.would_decide >= GOLD
    assert good.would_be_right / good.would_decide > 0.85
    assert bad.would_decide > GOLD
    assert bad.would_be_right / bad.would_decide < 0.6


def crowd(given: Given, accuracy: float, seed: int, copying: int = 0) -> tuple[AnswerSpec, list[WorkerAnswer], Gold]:
    """Fifteen workers, three a task; those below `copying` repeat the model."""
    rng = np.random.default_rng(seed)
    truth, skill = rng.integers(0, 4, 300).tolist(), rng.uniform(0.6, 0.95, 15)
    machines, said = {}, []
    for task in range(300):
        model = said_by(given, task, truth[task], accuracy, rng)
        machines[task] = [MachineAnswer("", model)]
        for worker in rng.choice(15, 3, replace=False).tolist():
            own = said_by(given, task, truth[task], skill[worker], rng)
            said.append(WorkerAnswer(task, worker, model if worker < copying else own))
    gold = {task: given.gold(task, truth[task]) for task in range(20)}
    return AnswerSpec(given.kind, given.options, {}, machines), said, gold


def named(found: LearnedModels) -> set[int]:
    return {int(e.about) for e in found.project.machines[0].warnings if e.doubt is Doubt.COPIED}


@ANY
def test_who_repeats_a_model_is_named_and_heard_no_more(given: Given) -> None:
    found = get_learner(given.kind).learn(*crowd(given, 0.75, 1, copying=2))
    assert named(found) == {0, 1}
    assert [worker for worker, each in found.workers.items() if not each.is_heard] == [0, 1]
    asked, wrong = AnswerSpec(given.kind, given.options), given.answer(1, 1)
    own, model = [(found.workers[0], wrong)], [MachineAnswer("", wrong)]
    learner = get_learner(given.kind)
    assert learner.find_consensus(asked, found.project, own, model) == learner.find_consensus(
        asked, found.project, [], model
    )
    assert learner.find_consensus(asked, found.project, own).answer is None


@ANY
@pytest.mark.parametrize("accuracy", [0.75, 0.9, 0.98])
def test_honest_workers_beside_a_model_are_not_named(given: Given, accuracy: float) -> None:
    seeds = range(2 if given.kind == "boxes" else 20)  # shapes are laid upon each other, which takes long
    assert [find_model_copyists(*crowd(given, accuracy, seed)) for seed in seeds] == [{} for _ in seeds]


@ANY
def test_before_anybody_answers_gold_alone_judges_a_model(given: Given) -> None:
    machines = {task: [MachineAnswer("", given.answer(task, 1))] for task in range(40)}
    gold = {task: given.gold(task, 1) for task in range(20)}
    found = get_learner(given.kind).learn(AnswerSpec(given.kind, given.options, {}, machines), [], gold)
    assert found.project.machines[0].would_be_right == 20


def test_a_number_within_peoples_interval_is_what_they_say() -> None:
    """They guess within ten or so, as the model does; gold allows for that."""
    rng = np.random.default_rng(3)
    guess = lambda task: str(1000 + 50 * task + round(rng.normal(0, 5)))  # noqa: E731
    machines = {task: [MachineAnswer("", guess(task))] for task in range(200)}
    said = [WorkerAnswer(task, worker, guess(task)) for task in range(200) for worker in range(4)]
    gold = {task: (f"{1000 + 50 * task}±12",) for task in range(20)}
    (model,) = get_learner("number").learn(AnswerSpec("number", (), {}, machines), said, gold).project.machines
    assert model.accuracy > 0.85
