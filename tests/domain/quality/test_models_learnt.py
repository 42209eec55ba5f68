"""Models that are good, and models that go wrong in each of the ways that are known, beside an ordinary crowd."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from math import log

import numpy as np
import pytest

from domain.quality import model
from domain.quality.crowd import WorkerAnswer, crowd_from_triples
from domain.quality.learners import AnswerSpec, LearnedModels, get_learner
from domain.quality.live import TaskState, combined_posterior, consensus, start_task
from domain.quality.machine import Doubt, MachineAnswer, equivalent_confidence, may_models_decide
from domain.quality.machine_learning import ModelColumn, weigh_models
from domain.quality.model import estimate_accuracies, fit, gold_log_posterior
from domain.quality.refit import refit
from tests.domain.quality.crowds import crowd_of, simulated

OPTIONS = ("a", "b", "c")
TASKS, EACH, PEOPLE, GOLD = 450, 3, 30, 30


@dataclass(frozen=True, slots=True)
class Place:
    truth: np.ndarray
    said: list[WorkerAnswer]

    def learnt(
        self,
        models: dict[str, Sequence[int]],
        gold: int = GOLD,
        own: float | Sequence[float] | None = None,
        wanted: float = 0.9,
    ) -> LearnedModels:
        each = own if isinstance(own, Sequence) else [own] * TASKS
        machines = {
            task: [MachineAnswer(name, OPTIONS[labels[task]], each[task]) for name, labels in models.items()]
            for task in range(TASKS)
        }
        known = {task: (OPTIONS[self.truth[task]],) for task in range(TASKS - gold, TASKS)}
        asked = AnswerSpec("choice", OPTIONS, {}, machines=machines if models else {}, closing_confidence=wanted)
        return get_learner("choice").learn(asked, self.said, known)

    def accuracy(self, found: LearnedModels) -> float:
        right = [
            state is not None and consensus(state, found.project).choice == self.truth[task]
            for task, state in found.tasks.items()
            if task < TASKS - GOLD
        ]
        return float(np.mean(right))


@pytest.fixture(scope="module")
def place() -> Place:
    rng = np.random.default_rng(4)
    truth, skill = rng.choice(3, size=TASKS, p=[0.5, 0.3, 0.2]), rng.uniform(0.55, 0.85, PEOPLE)
    said = [
        WorkerAnswer(task, worker, OPTIONS[one_of(truth[task], skill[worker], rng)])
        for task in range(TASKS)
        for worker in rng.permutation(PEOPLE)[:EACH].tolist()
    ]
    return Place(truth, said)


def one_of(truth: int, accuracy: float, rng: np.random.Generator) -> int:
    return int(truth if rng.random() < accuracy else (truth + rng.integers(1, 3)) % 3)


def right(place: Place, accuracy: float, seed: int) -> list[int]:
    rng = np.random.default_rng(seed)
    return [one_of(each, accuracy, rng) for each in place.truth]


def doubts(found: LearnedModels, model: int = 0) -> dict[Doubt, str]:
    return {each.doubt: each.about for each in found.project.machines[model].warnings}


@pytest.mark.parametrize("gold", [0, GOLD])
def test_a_good_model_is_worth_people_and_is_known_by_its_interval(place: Place, gold: int) -> None:
    with_it = place.learnt({"": right(place, 0.85, 1)}, gold)
    assert place.accuracy(with_it) > place.accuracy(place.learnt({}, gold)) + 0.03
    low, high = with_it.project.machines[0].interval
    assert low < 0.85 < high
    assert (Doubt.UNCHECKED in doubts(with_it)) == (gold == 0)


@pytest.mark.parametrize("gold", [0, GOLD])
@pytest.mark.parametrize("accuracy", [0.0, 1 / 3, 0.6])
def test_a_bad_model_costs_nothing_beside_people_alone(place: Place, gold: int, accuracy: float) -> None:
    found = place.learnt({"": right(place, accuracy, 2)}, gold)
    assert place.accuracy(found) > place.accuracy(place.learnt({}, gold)) - 0.02
    assert (Doubt.CONTRARY in doubts(found)) == (accuracy == 0)


def test_a_model_that_always_says_the_same_is_worth_nothing(place: Place) -> None:
    """It is right as often as its class is met, more often than a guess, but people's answers tell that, too."""
    found = place.learnt({"": [0] * TASKS}, 0)
    assert found.project.machines[0].weight == 0 < found.project.machines[0].accuracy - 1 / 3
    assert place.accuracy(found) > place.accuracy(place.learnt({}, 0)) - 0.01


def test_a_model_that_errs_more_than_a_guess_never_speaks_against_what_it_says() -> None:
    """One class is frequent and it never names it: still right more often than one that names the others blindly."""
    rng = np.random.default_rng(1)
    truth = rng.choice(3, size=400, p=[0.8, 0.1, 0.1])
    rows = [(task, worker, one_of(int(truth[task]), 0.9, rng)) for task in range(400) for worker in range(3)]
    said = np.where(truth == 0, rng.integers(1, 3, 400), truth)
    found = weigh_models(crowd_from_triples(rows, 400, 3, 3), [ModelColumn("", said, np.full(400, np.nan))])
    assert found.models[0].accuracy < 1 / 3
    assert found.worker_nats.tolist() == found.max_nats.tolist() == [0.0]


def test_a_model_that_is_wrong_on_one_class_is_said_to_be(place: Place) -> None:
    blind = [0 if label == 2 else label for label in right(place, 0.9, 3)]
    found = place.learnt({"": blind})
    assert doubts(found) == {Doubt.CLASS: "c"}
    assert place.accuracy(found) > place.accuracy(place.learnt({})) - 0.01


def test_a_model_that_drifts_midway_counts_as_what_it_became(place: Place) -> None:
    rng, good = np.random.default_rng(5), right(place, 0.9, 5)
    drifting = [label if task < TASKS / 2 else int(rng.integers(3)) for task, label in enumerate(good)]
    found = place.learnt({"": drifting})
    assert abs(int(doubts(found)[Doubt.DRIFT]) - TASKS / 2) < 50
    assert place.accuracy(found) > place.accuracy(place.learnt({})) - 0.01
    assert Doubt.DRIFT not in doubts(place.learnt({"": good}))


def test_a_model_that_promises_too_much_is_said_to(place: Place) -> None:
    found = place.learnt({"": right(place, 0.7, 6)}, own=0.97)
    assert Doubt.OVERCONFIDENT in doubts(found)
    assert Doubt.OVERCONFIDENT not in doubts(place.learnt({"": right(place, 0.9, 6)}, own=0.9))


@pytest.mark.parametrize("gold", [0, GOLD])
def test_probabilities_of_a_model_that_is_surest_where_it_errs_are_not_heeded(place: Place, gold: int) -> None:
    model = right(place, 0.8, 11)
    contrary = [0.6 if said == truth else 0.98 for said, truth in zip(model, place.truth, strict=True)]
    telling = [0.98 if said == truth else 0.6 for said, truth in zip(model, place.truth, strict=True)]
    plain = place.accuracy(place.learnt({"": model}, gold))
    assert place.accuracy(place.learnt({"": model}, gold, own=contrary)) > plain - 0.01
    assert place.accuracy(place.learnt({"": model}, gold, own=telling)) > plain + 0.02


@pytest.mark.parametrize("gold", [0, GOLD])
def test_asking_on_where_people_and_a_model_differ_does_not_flatter_the_model(place: Place, gold: int) -> None:
    model = right(place, 0.8, 12)
    firsts = {each.task: each.answer for each in reversed(place.said)}
    asked = [
        each for at, each in enumerate(place.said) if at % EACH == 0 or firsts[each.task] != OPTIONS[model[each.task]]
    ]
    found = Place(place.truth, asked).learnt({"": model}, gold)
    assert 0.7 < found.project.machines[0].accuracy < 0.88
    alone = np.mean([model[task] == place.truth[task] for task in range(TASKS - GOLD)])
    assert place.accuracy(found) > alone + 0.04
    assert place.accuracy(found) > place.accuracy(place.learnt({}, gold)) + 0.02


def test_a_model_that_is_wrong_on_purpose_makes_people_look_no_better() -> None:
    truth, rows = simulated(13, 400, np.full(20, 0.75), each=1)
    crowd = crowd_of(rows, 400, 20)
    contrary = ModelColumn("", 1 - truth, np.full(400, np.nan))
    assert weigh_models(crowd, [contrary]).people == estimate_accuracies(crowd)[0]


def test_who_repeats_a_model_is_named_and_heard_no_more_and_nobody_else(place: Place) -> None:
    model = right(place, 0.7, 7)
    copying = [WorkerAnswer(task, PEOPLE + 1, OPTIONS[model[task]]) for task in range(0, TASKS, 3)]
    found = Place(place.truth, place.said + copying).learnt({"": model})
    assert [each.about for each in found.project.machines[0].warnings] == [str(PEOPLE + 1)]
    assert found.workers[PEOPLE + 1].information == 0
    assert doubts(place.learnt({"": model})) == {}


def test_a_task_that_only_someone_unheard_answered_keeps_what_the_model_says(place: Place) -> None:
    model = right(place, 0.7, 7)
    copying = [WorkerAnswer(task, PEOPLE + 1, OPTIONS[model[task]]) for task in range(0, TASKS, 3)]
    people = [each for each in place.said if each.task % 9]
    found = Place(place.truth, people + copying).learnt({"": model})
    assert not found.workers[PEOPLE + 1].is_heard
    alone = start_task(found.project, OPTIONS, [MachineAnswer("", OPTIONS[model[9]])])
    state = found.tasks[9]
    assert state is not None
    assert state.answers == 0
    assert consensus(state, found.project).confidence == pytest.approx(consensus(alone, found.project).confidence)


@pytest.mark.parametrize("seed", [0, 1, 11])
def test_beside_models_that_gold_leaves_nothing_people_weigh_what_they_are_drawn_with(seed: int) -> None:
    """The weights are the likeliest on gold under the very rule that draws a consensus: no small step betters them."""
    rng = np.random.default_rng(seed)
    truth, rows = simulated(seed, 150, np.full(20, 0.7), each=3)
    counts = np.bincount([task * 2 + label for task, _, label in rows], minlength=300).reshape(150, 2)
    crowd = crowd_of(rows, 150, 20, gold={task: int(truth[task]) for task in range(30)})
    said = np.where(counts.max(1) == 3, counts.argmax(1), 1 - truth)  # right where people agree, wrong where they split
    said = np.where(rng.random(150) < 0.05, 1 - said, said)
    columns = [ModelColumn("", said, np.full(150, np.nan))]
    found = refit(crowd, columns).project
    assert [model.weight for model in found.machines] == [0]
    models = weigh_models(crowd, columns)
    unknown = gold_log_posterior(crowd, fit(crowd, models.added_nats(models.worker_nats), models.people))

    def likely(people: float, classes: Sequence[float]) -> float:
        tried = replace(found, people=people, classes=tuple(classes))
        each = zip(unknown.tolist(), crowd.gold_label.tolist(), strict=True)
        fits = sum(log(combined_posterior(TaskState(tuple(row), 3), tried)[label]) for row, label in each)
        far = ((people - model.PEOPLE_WEIGHT) / model.PEOPLE_WEIGHT_SPREAD) ** 2 + sum(
            (each / model.CLASS_SPREAD) ** 2 for each in classes
        )
        return fits - far / 2

    best = likely(found.people, found.classes)
    for step in (-0.02, 0.02):
        assert likely(found.people + step, found.classes) < best
        assert likely(found.people, [found.classes[0] + step, found.classes[1]]) < best


def test_several_models_are_one_voice_until_gold_weighs_each(place: Place) -> None:
    one, other, bad = right(place, 0.75, 8), right(place, 0.75, 9), right(place, 0.4, 10)

    def weights(models: dict[str, Sequence[int]], gold: int) -> list[float]:
        return [model.weight for model in place.learnt(models, gold).project.machines]

    (alone,) = weights({"x": one}, 0)
    assert weights({"x": one, "y": one}, 0) == [pytest.approx(alone / 2)] * 2
    assert sum(weights({"x": one, "y": other}, 100)) > 1.3 * weights({"x": one}, 100)[0]
    assert sum(weights({"x": one, "y": one}, 100)) < 1.3 * weights({"x": one}, 100)[0]
    good, poor = weights({"x": one, "z": bad}, 100)
    assert good > 2 * poor


def test_only_a_very_good_model_may_decide_alone(place: Place) -> None:
    said = [MachineAnswer("", "a")]
    best, usual = (place.learnt({"": right(place, accuracy, 10)}).project.machines for accuracy in (0.99, 0.8))
    assert may_models_decide(best, said, 0.95, 0.9)
    assert not may_models_decide(usual, said, 0.95, 0.9)


def decides(place: Place, labels: Sequence[int], people: int, gold: int = GOLD) -> bool:
    """Whether it decides the first task, where the requester allows it and names no confidence."""
    wanted, said = equivalent_confidence(people), [MachineAnswer("", OPTIONS[labels[0]])]
    found = place.learnt({"": labels}, gold, wanted=wanted).project
    alone = consensus(start_task(found, OPTIONS, said), found)
    return may_models_decide(found.machines, said, alone.confidence, wanted)


def test_a_model_decides_that_gold_shows_to_be_good_enough(place: Place) -> None:
    good, usual, worse = (right(place, accuracy, 10) for accuracy in (0.9, 0.8, 0.6))
    assert [decides(place, good, people) for people in (3, 5)] == [True, True]
    assert not any([decides(place, usual, 5), decides(place, worse, 3)])
    assert not decides(place, good, 3, gold=0)
    contrary = [(each + 1) % 3 for each in place.truth.tolist()]
    late, early = (
        [(each + 1) % 3 if (task < TASKS // 2) == since else each for task, each in enumerate(good)]
        for since in (False, True)
    )
    assert not any(decides(place, each, 3) for each in (contrary, late, early))


@pytest.mark.parametrize("lucky", [13, 17])
def test_a_model_that_is_worse_than_one_person_does_little_harm_however_lucky_it_is_on_gold(lucky: int) -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(2, size=500)
    said = [
        WorkerAnswer(task, task % 25, "ab"[each if rng.random() < 0.85 else 1 - each])
        for task, each in enumerate(truth)
    ]
    right = np.where(np.arange(500) < 20, np.arange(500) < lucky, rng.random(500) < 0.65)
    accuracy = beside(truth, said, right)
    assert accuracy["beside"] > accuracy["people"] - 0.04


def test_beside_one_good_answer_where_a_class_is_rare_a_model_adds_to_people() -> None:
    rng = np.random.default_rng(6)
    truth = (rng.random(1000) < 0.12).astype(int)
    said = [
        WorkerAnswer(task, task % 25, "ab"[each if rng.random() < 0.87 else 1 - each])
        for task, each in enumerate(truth)
    ]
    right = np.where(np.arange(1000) < 20, np.arange(1000) < 16, rng.random(1000) < 0.8)
    found = beside(truth, said, right)
    assert found["beside"] > found["people"] + 0.01


def beside(truth: np.ndarray, said: Sequence[WorkerAnswer], right: np.ndarray) -> dict[str, float]:
    """Accuracy of people alone, and beside a model that is right there; the first twenty tasks are gold."""
    machines = {t: [MachineAnswer("", "ab"[each if right[t] else 1 - each])] for t, each in enumerate(truth)}
    gold, found = {task: ("ab"[truth[task]],) for task in range(20)}, {}
    for name, known in (("people", {}), ("beside", machines)):
        learnt = get_learner("choice").learn(AnswerSpec("choice", ("a", "b"), {}, machines=known), said, gold)
        chosen = {task: consensus(state, learnt.project).choice for task, state in learnt.tasks.items() if state}
        found[name] = float(np.mean([chosen[task] == truth[task] for task in range(20, len(truth))]))
    return found


def leaves(value: object) -> set[type]:
    """The types of all that is kept."""
    if is_dataclass(value) and not isinstance(value, type):
        return set().union(*(leaves(getattr(value, each.name)) for each in fields(value)))
    if isinstance(value, Mapping):
        return set().union(*map(leaves, value.keys()), *map(leaves, value.values()))
    return set().union(*map(leaves, value)) if isinstance(value, list | tuple) else {type(value)}


@pytest.mark.parametrize("gold", [0, 5, GOLD])
def test_all_that_is_learnt_fits_a_row(place: Place, gold: int) -> None:
    half = TASKS // 2
    models = {
        "blind": [0 if label == 2 else label for label in right(place, 0.9, 3)],
        "drifting": [*right(place, 0.95, 4)[:half], *right(place, 0.35, 5)[half:]],
    }
    found = place.learnt(models, gold, own=0.95)
    assert {each.doubt for each in found.project.machines[1].warnings} >= {Doubt.DRIFT, Doubt.OVERCONFIDENT}
    assert leaves(found) <= {float, int, str, bool, Doubt, type(None)}
    few = Place(place.truth, place.said[:30]).learnt(models, gold, own=0.95)
    states = [(state, each.project) for each in (found, few) for state in each.tasks.values() if state]
    assert leaves([consensus(*each) for each in states]) == {float, int}
    assert leaves(few) <= {float, int, str, bool, Doubt, type(None)}
