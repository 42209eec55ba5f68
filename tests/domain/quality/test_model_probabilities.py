"""Models whose own probabilities (`ai_confidence`) are badly scaled, beside a made-up crowd."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from domain.quality import live
from domain.quality.crowd import WorkerAnswer
from domain.quality.learners import AnswerSpec, LearnedModels, get_learner
from domain.quality.machine import Doubt, MachineAnswer, nats_added_by_models, new_models
from domain.quality.refit import opening_model

TASKS, PEOPLE, GOLD, RIGHT, PERSON = 300, 40, 20, 0.9, 0.75
Own = Callable[[bool, np.random.Generator], float | None]
CONSTANT = (0.0, 0.3, 0.4, 0.5)


def constant(value: float | None) -> Own:
    return lambda _, __: value


def learnt(classes: int, own: Own, gold: int, each: int = 1, seed: int = 0) -> tuple[float, LearnedModels]:
    """Accuracy of the ordinary tasks, `each` of them answered so often; and what was learnt."""
    rng, options = np.random.default_rng(seed), tuple("abcd"[:classes])
    truth = rng.integers(classes, size=TASKS)

    def right(accuracy: float) -> list[bool]:
        return (rng.random(TASKS) < accuracy).tolist()

    def word(task: int, is_right: bool) -> str:
        return options[truth[task] if is_right else (truth[task] + rng.integers(1, classes)) % classes]

    people = [rng.permutation(PEOPLE)[:each].tolist() for _ in range(TASKS)]
    hits = {worker: right(PERSON) for worker in range(PEOPLE)}
    said = [
        WorkerAnswer(task, worker, word(task, hits[worker][task])) for task in range(TASKS) for worker in people[task]
    ]
    hit, chance = right(RIGHT), np.random.default_rng(seed + 1)
    machines = {task: [MachineAnswer("", word(task, hit[task]), own(hit[task], chance))] for task in range(TASKS)}
    known = {task: (options[truth[task]],) for task in range(gold)}
    found = get_learner("choice").learn(AnswerSpec("choice", options, {}, machines), said, known)
    states = [(task, state) for task, state in found.tasks.items() if state and task >= gold]
    return float(np.mean([live.consensus(state, found.project).choice == truth[task] for task, state in states])), found


def doubts(found: LearnedModels) -> list[Doubt]:
    return [each.doubt for each in found.project.machines[0].warnings]


@pytest.mark.parametrize("gold", [0, GOLD])
@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("value", CONSTANT)
def test_a_constant_probability_changes_nothing(value: float, classes: int, gold: int) -> None:
    for each in (1, 2):
        plain, without = learnt(classes, constant(None), gold, each)
        beside, found = learnt(classes, constant(value), gold, each)
        assert beside == pytest.approx(plain, abs=1e-9)
        assert (Doubt.UNSURE in doubts(found)) == (classes == 2 or value == 0)
        assert Doubt.UNSURE not in doubts(without)


@pytest.mark.parametrize("gold", [0, GOLD])
@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize(
    "own",
    [
        lambda _, rng: rng.uniform(0.05, 0.45),
        lambda hit, rng: rng.uniform(0.3, 0.48) if hit else rng.uniform(0.1, 0.3),
        lambda _, rng: None if rng.random() < 0.5 else 0.3,
        lambda _, rng: rng.choice([0.02, 0.98]),  # it means one option, not the one it names
        lambda _, rng: rng.uniform(0.3, 0.8),
    ],
)
def test_probabilities_under_a_guess_turn_no_answer_around(own: Own, classes: int, gold: int) -> None:
    plain, beside = ([learnt(classes, each, gold, seed=s)[0] for s in range(4)] for each in (constant(None), own))
    assert np.mean(beside) > np.mean(plain) - 0.02


def test_what_is_usually_said_and_what_a_guess_would_be_are_told() -> None:
    (warned,) = (each for each in learnt(4, constant(0.2), 0)[1].project.machines[0].warnings if each.doubt == "unsure")
    assert (warned.expected, warned.observed) == (0.25, pytest.approx(0.2))
    assert Doubt.UNSURE not in doubts(learnt(4, constant(0.4), 0)[1])


@pytest.mark.parametrize("value", CONSTANT)
def test_before_the_first_refit_a_model_that_agrees_with_a_person_never_turns_them_around(value: float) -> None:
    project, said = replace(opening_model(2), machines=new_models([""], 2)), [MachineAnswer("", "a", value)]
    assert nats_added_by_models(project.machines, ("a", "b"), said) == [0.0, 0.0]
    state = live.add_answer(live.start_task(project, ("a", "b"), said), project.newcomer, 0)
    assert live.consensus(state, project).choice == 0
