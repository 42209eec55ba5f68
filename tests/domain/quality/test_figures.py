"""What gold changed is told by a second refit without it."""

from dataclasses import replace

import numpy as np
import pytest

from domain.projects.form_questions import gold_from, pack_answers
from domain.quality.crowd import Gold, WorkerAnswer
from domain.quality.figures import Figures, consensus_of_tasks, measure_figures
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.machine import MachineAnswer
from formats.captions.questions import read_lines

SIDES = ("no", "yes")


def measured(kind: str, options: tuple[str, ...], said: list[WorkerAnswer], gold: Gold) -> Figures:
    asked = AnswerSpec(kind, options, {})
    return measure_figures(asked, said, gold, get_learner(kind).learn(asked, said, gold))


def crowd(seed: int = 3, tasks: int = 300) -> tuple[list[WorkerAnswer], list[str]]:
    """Seven workers; what is truly "yes" most of them call "no" as often as not."""
    dice = np.random.default_rng(seed)
    truth = [SIDES[int(dice.random() < 0.5)] for _ in range(tasks)]
    right = {"no": 0.95, "yes": 0.5}
    said = [
        WorkerAnswer(task, worker, each if dice.random() < right[each] else SIDES[each == "no"])
        for task, each in enumerate(truth)
        for worker in dice.choice(7, 5, replace=False).tolist()
    ]
    return said, truth


def test_gold_that_knows_better_changes_results_and_says_so() -> None:
    said, truth = crowd()
    found = measured("choice", SIDES, said, {task: (truth[task],) for task in range(40)})
    assert found.checked == 40
    assert found.gold is not None
    assert found.gold.tasks == 260
    assert 0 < found.gold.changed < 130
    assert found.gold.before is not None
    assert found.gold.after is not None
    assert found.gold.before != found.gold.after
    assert sum(each.given for each in found.classes) == 40
    assert sum(each.right for each in found.classes) == found.right


def test_the_share_that_is_right_on_gold_is_no_better_than_elsewhere() -> None:
    """Two answers a task, ten options: who is known to be right on twenty check questions is believed there."""
    options, lead = tuple("abcdefghij"), []
    for seed in range(16):
        dice = np.random.default_rng(seed)
        accuracy, truth = dice.normal(0.7, 0.15, 30).clip(0.1, 1.0), dice.integers(10, size=300)
        said = [
            WorkerAnswer(task, worker, options[right if dice.random() < accuracy[worker] else dice.integers(10)])
            for task, right in enumerate(truth.tolist())
            for worker in dice.choice(30, 2, replace=False).tolist()
        ]
        asked, gold = AnswerSpec("choice", options), {task: (options[truth[task]],) for task in range(20)}
        learnt = get_learner("choice").learn(asked, said, gold)
        found = consensus_of_tasks(asked, said, learnt, range(20, 300))
        elsewhere = np.mean([each.answer == options[truth[task]] for task, each in found.items()])
        told = measure_figures(asked, said, gold, learnt)
        lead.append(told.right / told.checked - elsewhere)
    assert np.mean(lead) < 0.08  # .13 where the task's own gold has told of those who answered it


def test_any_accepted_option_of_gold_is_right() -> None:
    """Half of the crowd names the one, half the other; so does a model."""
    said = [
        WorkerAnswer(task, worker, "ab"[worker % 2] if task < 30 else "c") for task in range(60) for worker in range(6)
    ]
    gold, model = dict.fromkeys(range(30), ("a", "b")), {task: [MachineAnswer("", "b")] for task in range(30)}
    learnt = get_learner("choice").learn(AnswerSpec("choice", ("a", "b", "c"), machines=model), said, gold)
    skills = [learnt.workers[worker].skill.accuracy for worker in range(6)]
    assert max(skills) - min(skills) < 0.01
    assert min(skills) > 0.85
    assert learnt.project.machines[0].accuracy > 0.9
    assert (found := measured("choice", ("a", "b", "c"), said, gold)).right == found.checked == 30


def test_without_gold_there_is_agreement_alone() -> None:
    found = measured("choice", SIDES, crowd()[0], {})
    assert found.reliability is not None
    assert (found.checked, found.classes, found.gold) == (0, (), None)


@pytest.mark.parametrize("kind", ["rating", "number", "text"])
def test_kinds_without_classes_are_judged_on_gold_too(kind: str) -> None:
    said = [
        WorkerAnswer(task, worker, str(1 + (task + (worker == 0)) % 5)) for task in range(40) for worker in range(4)
    ]
    gold = {task: (str(1 + task % 5),) for task in range(20)}
    found = measured(kind, ("1", "2", "3", "4", "5") if kind == "rating" else (), said, gold)
    assert (found.checked, found.right) == (20, 20)
    assert found.gold is not None
    assert (found.gold.tasks, found.gold.changed) == (20, 0)
    assert [each.right for each in found.classes] == ([4] * 5 if kind == "rating" else [])


@pytest.mark.parametrize("kind", ["choice", "form"])
def test_the_confidence_before_gold_is_the_one_that_stood_in_the_results(kind: str) -> None:
    """Where a confidence was asked for that is the crowd's certainty, else what is usual for crowds."""
    said, truth = crowd(tasks=120)
    form = read_lines("choice | Whole? | no, yes")
    if kind == "form":
        said = [replace(each, answer=pack_answers({"q1": each.answer})) for each in said]
    gold = {task: gold_from({"q1": (truth[task],)}, form) if kind == "form" else (truth[task],) for task in range(40)}
    means, learner = [], get_learner(kind)
    for wanted in (None, 0.9):
        asked = AnswerSpec(kind, form if kind == "form" else SIDES, closing_confidence=wanted)
        bare = learner.learn(asked, said, {})
        own = [(each.task, bare.workers[each.worker], each.answer) for each in said]
        by_task = (
            learner.find_consensus(asked, bare.project, [e[1:] for e in own if e[0] == at]) for at in range(40, 120)
        )
        means.append(float(np.mean([each.confidence for each in by_task])))
        found = measure_figures(asked, said, gold, learner.learn(asked, said, gold)).gold
        assert found is not None
        assert found.before == pytest.approx(means[-1])
    assert means[0] + 0.05 < means[1]


def test_each_of_several_options_is_judged_by_itself() -> None:
    said = [WorkerAnswer(task, worker, "a|b" if task % 2 else "a") for task in range(40) for worker in range(4)]
    gold = dict.fromkeys(range(20), ("a", "c"))
    a, b, c = measured("choices", ("a", "b", "c"), said, gold).classes
    assert (a.given, a.right, b.given, b.right, c.given, c.truly) == (20, 20, 10, 0, 0, 20)
    assert c.confusion == {"": 20}


def test_a_task_whose_answers_tell_nothing_without_gold_is_not_compared() -> None:
    """Three workers answer by one key. Where gold shows that they are right, and not the others, they are heard."""
    said, _ = crowd(tasks=200)
    key = np.random.default_rng(1).integers(2, size=300)
    for at in range(10, 13):
        said += [WorkerAnswer(task, at, SIDES[key[task]]) for task in (*range(40), *range(100, 300))]
    asked, gold, learner = (
        AnswerSpec("choice", SIDES, {}),
        {task: (SIDES[key[task]],) for task in range(40)},
        get_learner("choice"),
    )
    states = [learner.learn(asked, said, each).tasks.values() for each in (gold, {})]
    assert [sum(each is not None and each.answers > 0 for each in own) for own in states] == [300, 200]
    found = measured("choice", SIDES, said, gold).gold
    assert found is not None
    assert found.tasks == 160


def test_of_a_form_it_is_told_too() -> None:
    said, truth = crowd()
    form = read_lines("choice | Whole? | no, yes")
    answers = [WorkerAnswer(each.task, each.worker, pack_answers({"q1": each.answer})) for each in said]
    gold = {task: gold_from({"q1": (truth[task],)}, form) for task in range(40)}
    found = measured("form", form, answers, gold)
    assert found.checked == 40
    assert found.gold is not None
    assert found.gold.tasks == 260
    assert found.gold.changed > 0


def test_people_agree_on_each_question_of_a_form_by_its_own_scale() -> None:
    """Everybody sees the car; how many there are nobody agrees on."""
    form = read_lines(
        "choice | Is there a car? | yes, no | name=car\nnumber | How many? | name=many\ntext | Else? | optional"
    )
    said = [
        WorkerAnswer(task, worker, pack_answers({"car": SIDES[task % 2], "many": str((7 * task + 13 * worker) % 10)}))
        for task in range(20)
        for worker in range(4)
    ]
    found = measured("form", form, said, {})
    assert found.reliability is None
    assert set(found.questions) == {"car", "many"}
    assert (found.questions["car"].alpha, found.questions["car"].percent, found.questions["car"].kappa) == (1, 1, 1)
    assert found.questions["many"].alpha < 0.3
    assert found.questions["many"].kappa is None
