import numpy as np
import pytest

from domain.quality.aggregation.method_of_moments import moments
from domain.quality.averaging import average, candidates
from domain.quality.confusion import PriorShape
from domain.quality.consensus import fit
from domain.quality.crowd import Crowd, votes
from domain.quality.stacking import stacked
from tests.domain.quality.crowds import crowd_of, simulated

MIXED = np.array([0.95] * 5 + [0.55] * 20)


def test_votes_are_counted_by_hand() -> None:
    crowd = crowd_of([(0, 0, 1), (0, 1, 1), (0, 2, 0), (1, 0, 0)], 3, 3)
    assert votes(crowd).tolist() == [[1, 2], [1, 0], [0, 0]]


def test_moment_accuracy_solves_the_agreement_equation() -> None:
    _, rows = simulated(1, 2000, np.full(10, 0.8), 5)
    assert moments(crowd_of(rows, 2000, 10)).accuracy == pytest.approx(0.8, abs=0.015)


def test_gold_moves_the_moment_accuracy() -> None:
    rows = [(task, worker, 0) for task in range(20) for worker in range(2)]
    told = moments(crowd_of(rows, 20, 2, gold=dict.fromkeys(range(20), 1)))
    assert told.accuracy < moments(crowd_of(rows, 20, 2)).accuracy


def test_few_experts_outweigh_many_guessers() -> None:
    truth, rows = simulated(2, 400, MIXED, 9)
    crowd = crowd_of(rows, 400, 25)
    engine = (fit(crowd, PriorShape()).posterior.argmax(1) == truth).mean()
    assert engine > (votes(crowd).argmax(1) == truth).mean() + 0.1
    assert engine > 0.9


def test_arrival_order_changes_nothing_to_the_last_bit() -> None:
    _, rows = simulated(3, 60, MIXED, 5)
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    one, other = (average(crowd_of(r, 60, 25), np.random.default_rng(7)) for r in (rows, shuffled))
    assert np.array_equal(one.posterior, other.posterior)


def test_relabelled_classes_give_relabelled_consensus() -> None:
    _, rows = simulated(4, 80, MIXED, 5, classes=3)
    turned = [(task, worker, (label + 1) % 3) for task, worker, label in rows]
    plain, moved = (fit(crowd_of(r, 80, 25, 3), PriorShape()).posterior for r in (rows, turned))
    assert np.allclose(plain, np.roll(moved, -1, axis=1), atol=1e-6)


def test_gold_tasks_keep_their_gold_answer() -> None:
    fitted = fit(crowd_of([(0, w, 0) for w in range(6)], 1, 6, gold={0: 1}), PriorShape())
    assert fitted.posterior[0].argmax() == 1


def test_one_answer_a_task_does_not_slide_into_one_class() -> None:
    truth, rows = simulated(5, 300, np.full(30, 0.7), 1)
    chosen = average(crowd_of(rows, 300, 30), np.random.default_rng(0)).posterior.argmax(1)
    assert (chosen == truth).mean() > 0.6
    assert 0.3 < chosen.mean() < 0.7


def test_kinds_of_tasks_are_told_apart_only_where_tasks_have_several_answers() -> None:
    sparse, dense = (crowd_of(simulated(6, 50, np.full(20, 0.7), each)[1], 50, 20) for each in (3, 12))
    assert all(shape.kinds == 1 for shape in candidates(sparse))
    assert any(shape.kinds > 1 for shape in candidates(dense))


def test_being_right_where_all_are_does_not_make_an_expert_of_hard_tasks() -> None:
    truth, rows = simulated(9, 800, np.array([0.95] * 3 + [0.55] * 9), 5)
    told = [(task, worker, int(truth[task]) if task < 600 else label) for task, worker, label in rows]
    crowd = crowd_of(told, 800, 12)
    shapes = PriorShape(), PriorShape(kinds=2, easy=True)
    blind, aware = ((fit(crowd, s).by_class(2).argmax(1) == truth)[600:].mean() for s in shapes)
    assert aware > blind + 0.05


def test_kinds_need_a_generator() -> None:
    with pytest.raises(ValueError, match="generator"):
        fit(crowd_of([(0, 0, 0)], 1, 1), PriorShape(kinds=2))


def test_without_answers_every_class_stays_open() -> None:
    posterior = average(crowd_of([], 3, 2), np.random.default_rng(0)).posterior
    assert np.allclose(posterior, 0.5)


def test_a_class_nobody_chose_is_not_the_answer() -> None:
    torn = [(task, worker, worker % 2) for task in range(200) for worker in range(5)]
    settled = [(task, worker, 0) for task in range(200, 220) for worker in range(5)]
    said = average(crowd_of(torn + settled, 220, 5, 3), np.random.default_rng(0)).posterior
    assert not (said.argmax(1) == 2).any()


def misled() -> Crowd:
    """Three kinds of tasks, two classes: a school of six in ten takes a large kind of class 0 for class 1."""
    rng, kinds, school = np.random.default_rng(5), np.repeat([0, 1, 2], [45, 95, 100]), np.arange(40) < 24
    believed = np.where(school, (kinds > 0)[:, None], (kinds > 1)[:, None])
    said = np.where(rng.random(believed.shape) < 0.9, believed, ~believed).astype(int)
    rows = [(task, worker, int(label)) for (task, worker), label in np.ndenumerate(said)]
    return crowd_of(rows, 240, 40)


def test_a_crowd_divided_by_something_else_than_the_classes_is_not_overturned() -> None:
    crowd = misled()
    said = average(crowd, np.random.default_rng(0))
    assert said.majority
    assert (said.posterior.argmax(1) == votes(crowd).argmax(1)).all()


def test_gold_brings_back_a_class_that_the_crowd_overlooks() -> None:
    rows = [(task, worker, int(worker < 2)) for task in range(120) for worker in range(5)]
    crowd = crowd_of(rows, 120, 5, gold=dict.fromkeys(range(60), 1))
    doubtful = np.tile([0.7, 0.3], (120, 1))
    assert stacked(crowd, doubtful).applied(crowd, doubtful)[119].argmax() == 1
    nobody = crowd_of(rows, 120, 5, gold={0: 1})
    assert stacked(nobody, doubtful).applied(nobody, doubtful)[119].argmax() == 0


def test_gold_that_agrees_with_an_honest_crowd_changes_little() -> None:
    truth, rows = simulated(8, 300, MIXED, 7)
    known = {task: int(truth[task]) for task in range(30)}
    without, told = (average(crowd_of(rows, 300, 25, gold=g), np.random.default_rng(0)) for g in (None, known))
    accuracies = [(one.posterior.argmax(1) == truth)[30:].mean() for one in (without, told)]
    assert accuracies[1] >= accuracies[0] - 0.01
