"""Workers of kinds without classes are learnt from gold and from one another."""

import numpy as np
import pytest

from domain.answers import consensus_of
from domain.quality.aggregation import Vote
from domain.quality.crowd import PERSON_ACCURACY, PRIOR_ANSWERS, WorkerAnswer
from domain.quality.learners import AnswerSpec, consensus_by_task, get_learner
from domain.quality.trust import learn_workers, worker_by_gold

SCALE = ("1", "2", "3", "4", "5")
OPTIONS = {"choices": ("a", "b", "c"), "rank": ("a", "b", "c"), "rating": SCALE}
GOOD, TASKS = (1, 2, 3), 40


def given(kind: str, dice: np.random.Generator, careful: bool) -> tuple[list[WorkerAnswer], dict[int, str]]:
    """Three careful workers and two careless ones on every task, and the truth."""
    words = {
        "choices": ("a", "b", "c", "a|b", "b|c"), "rank": ("a>b>c", "b>a>c", "c>a>b", "c>b>a"), "rating": SCALE,
        "text": tuple("vwxyz"), "number": tuple(str(n) for n in range(100, 200, 7)),
        "location": tuple(f"{n}.5,2.5" for n in range(8)),
    }[kind]  # fmt: skip
    said, truth = [], {}
    for task in range(TASKS):
        truth[task] = str(words[dice.integers(len(words))])
        for worker in (*GOOD, 4, 5):
            hit = dice.random() < (0.9 if worker in GOOD and careful else 0.3)
            said.append(WorkerAnswer(task, worker, truth[task] if hit else str(words[dice.integers(len(words))])))
    return said, truth


@pytest.mark.parametrize("kind", ["choices", "rank", "rating", "text", "number", "location"])
def test_who_agrees_with_the_others_is_trusted_more_and_weighs_more(kind: str) -> None:
    said, _ = given(kind, np.random.default_rng(1), careful=True)
    newcomer, trust, _ = learn_workers(kind, OPTIONS.get(kind, ()), said, {})
    careless = max(trust[worker].skill.accuracy for worker in (4, 5))
    assert min(trust[worker].skill.accuracy for worker in GOOD) > newcomer.skill.accuracy > careless
    if kind in ("rating", "number"):
        assert (
            min(trust[worker].information for worker in GOOD) > 1 > max(trust[worker].information for worker in (4, 5))
        )
    both = [(1, "one"), (4, "other"), (5, "other")]
    if kind == "text":
        assert consensus_of(kind, [trust[worker].vote(words) for worker, words in both], ()).answer == "one"


@pytest.mark.parametrize("kind", ["text", "number", "rating"])
def test_gold_speaks_where_the_others_can_not(kind: str) -> None:
    """Everybody answers tasks of their own, so that nobody agrees with anybody; gold tells them apart."""
    right, wrong = ("4", "1")
    said = [
        WorkerAnswer(10 * worker + n, worker, right if worker == 1 else wrong) for worker in (1, 2) for n in range(9)
    ]
    _, trust, _ = learn_workers(kind, OPTIONS.get(kind, ()), said, {each.task: (right,) for each in said})
    assert trust[1].skill.accuracy > PERSON_ACCURACY > 0.5 > trust[2].skill.accuracy
    assert trust[1].information >= 1 >= trust[2].information
    assert (trust[1].information > trust[2].information) == (kind != "text")


def test_alone_on_every_task_nothing_is_learnt_and_the_order_changes_nothing() -> None:
    alone = [WorkerAnswer(task, 1, "x") for task in range(9)]
    newcomer, trust, _ = learn_workers("text", (), alone, {})
    assert (trust[1].skill.accuracy, trust[1].skill.answers, newcomer.skill.accuracy) == (
        PERSON_ACCURACY,
        PRIOR_ANSWERS,
        PERSON_ACCURACY,
    )
    said, _ = given("number", np.random.default_rng(2), careful=True)
    assert learn_workers("number", (), said, {}) == learn_workers("number", (), said[::-1], {})


@pytest.mark.parametrize(("kind", "lead"), [("number", 0.05), ("text", 0.02), ("choices", 0.02), ("rank", 0.02)])
def test_weighing_workers_finds_more_than_counting_them(kind: str, lead: float) -> None:
    """Two careful workers against three careless ones."""
    dice = np.random.default_rng(3)
    said, truth = given(kind, dice, careful=True)
    said = [each for each in said if each.worker != 3] + [
        WorkerAnswer(task, 6, str(said[dice.integers(len(said))].answer)) for task in truth
    ]
    _, trust, _ = learn_workers(kind, OPTIONS.get(kind, ()), said, {})
    share = {}
    for learned in (False, True):
        found = 0
        for task, right in truth.items():
            votes = [
                Vote(each.answer, trust[each.worker].skill.accuracy, trust[each.worker].information) if learned
                else Vote(each.answer, PERSON_ACCURACY) for each in said if each.task == task
            ]  # fmt: skip
            found += consensus_of(kind, votes, OPTIONS.get(kind, ())).answer == right
        share[learned] = found / TASKS
    assert share[True] >= share[False] + lead


def test_before_any_refit_gold_moves_the_accuracy() -> None:
    wrong, unknown, right = (worker_by_gold(hits, met).skill.accuracy for hits, met in ((0, 9), (0, 0), (9, 9)))
    assert wrong < PERSON_ACCURACY == unknown < right < 1


def shift(kind: str, said: list[WorkerAnswer], gold: dict[int, tuple[str, ...]]) -> float:
    return get_learner(kind).learn(AnswerSpec(kind, OPTIONS.get(kind, ()), {}), said, gold).project.shift


@pytest.mark.parametrize("kind", ["text", "choices", "rank", "rating", "number"])
def test_gold_says_how_far_the_certainty_of_the_crowd_can_be_trusted(kind: str) -> None:
    """Five who agree are sure; where gold says they share a mistake their confidence must fall, else stay or rise."""
    answer, other = {"choices": ("a", "b"), "rank": ("a>b>c", "c>b>a")}.get(kind, ("2", "4"))
    said = [WorkerAnswer(task, worker, answer) for task in range(20) for worker in range(5)]
    honest = shift(kind, said, dict.fromkeys(range(20), (answer,)))
    misled = shift(kind, said, {task: (other if task % 2 else answer,) for task in range(20)})
    assert misled < -1 < 0 <= honest
    assert shift(kind, said, dict.fromkeys(range(9), (other,))) == 0


def with_habits(kind: str, habits: tuple[float, ...]) -> tuple[list[WorkerAnswer], dict[int, float]]:
    """Everybody sees the truth to a step, and adds a habit of their own: in steps, or in percent of numbers."""
    dice = np.random.default_rng(4)
    truth = {task: float(dice.uniform(3, 7) if kind == "rating" else dice.uniform(200, 900)) for task in range(60)}
    said = []
    for task, value in truth.items():
        for worker in dice.choice(len(habits), 4, replace=False).tolist():
            off = habits[worker] + dice.normal(0, 0.7)
            seen = value + off if kind == "rating" else value * (1 + off / 100)
            said.append(
                WorkerAnswer(task, worker, str(int(np.clip(round(seen), 1, 9) if kind == "rating" else round(seen))))
            )
    return said, truth


NINE = tuple(str(n) for n in range(1, 10))


@pytest.mark.parametrize(("kind", "size"), [("rating", 2.0), ("number", 6.0)])
def test_a_habit_of_going_too_high_is_taken_off(kind: str, size: float) -> None:
    habits = (size, size, 0.0, 0.0, 0.0, 0.0, -size)
    options = NINE if kind == "rating" else ()
    said, truth = with_habits(kind, habits)
    _, trust, _ = learn_workers(kind, options, said, {})
    assert min(trust[0].habit, trust[1].habit) > 0 > trust[6].habit

    def off(task: int, known: bool) -> float:
        votes = [
            Vote(e.answer, 0.75, trust[e.worker].information if known else 1.0, trust[e.worker].habit if known else 0.0)
            for e in said
            if e.task == task
        ]
        return abs(float(consensus_of(kind, votes, options).answer or 0) / truth[task] - 1)

    assert sum(off(task, True) for task in truth) < 0.8 * sum(off(task, False) for task in truth)


@pytest.mark.parametrize("kind", ["rating", "number"])
def test_who_has_no_habit_is_not_given_one(kind: str) -> None:
    said, _ = with_habits(kind, (0.0,) * 7)
    _, trust, _ = learn_workers(kind, NINE if kind == "rating" else (), said, {})
    assert all(abs(each.habit) < 1 for each in trust.values())
    assert sum(each.habit == 0 for each in trust.values()) >= 6


@pytest.mark.parametrize("people", [3, 5, 10])
@pytest.mark.parametrize("spread", [5.0, 10.0])
def test_the_interval_of_a_number_holds_the_truth_as_often_as_it_says(people: int, spread: float) -> None:
    """Normal numbers, in percent of the truth; 1 % would not matter."""
    dice, held = np.random.default_rng(5), []
    for _ in range(3):
        truth = dice.uniform(300, 900, 120)
        seats = [(task, worker) for task in range(120) for worker in dice.choice(20, people, replace=False).tolist()]
        said = [WorkerAnswer(t, w, str(round(truth[t] * (1 + dice.normal(0, spread) / 100)))) for t, w in seats]
        asked, learner = AnswerSpec("number", ()), get_learner("number")
        found = consensus_by_task(learner, asked, said, learner.learn(asked, said, {}), range(120))
        intervals = np.array([found[task].scores for task in range(120)])
        held.append(((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean())
    assert 0.9 <= float(np.mean(held)) <= 0.98
