import numpy as np
import pytest

from domain.quality.crowd import count_votes
from domain.quality.live import consensus
from domain.quality.model import estimate_accuracies, fit, gold_log_posterior
from domain.quality.refit import refit
from tests.domain.quality.crowds import crowd_of, simulated

MIXED = np.array([0.95] * 5 + [0.55] * 20)


def test_votes_are_counted_by_hand() -> None:
    crowd = crowd_of([(0, 0, 1), (0, 1, 1), (0, 2, 0), (1, 0, 0)], 3, 3)
    assert count_votes(crowd).tolist() == [[1, 2], [1, 0], [0, 0]]


def test_how_often_an_answer_is_right_shows_in_agreement() -> None:
    _, rows = simulated(1, 2000, np.full(10, 0.8), 5)
    assert estimate_accuracies(crowd_of(rows, 2000, 10))[0].accuracy == pytest.approx(0.8, abs=0.015)


def test_asking_on_where_people_differ_does_not_make_them_look_poor() -> None:
    """Two answers a task, and three more where these differ: of the pairs most are about such tasks."""
    _, rows = simulated(1, 2000, np.full(10, 0.8), 5)
    asked = [row for at, row in enumerate(rows) if at % 5 < 2 or rows[at - at % 5][2] != rows[at - at % 5 + 1][2]]
    assert estimate_accuracies(crowd_of(asked, 2000, 10))[0].accuracy == pytest.approx(0.8, abs=0.015)


def test_gold_moves_how_often_an_answer_is_taken_to_be_right() -> None:
    rows = [(task, worker, 0) for task in range(20) for worker in range(2)]
    told, _ = estimate_accuracies(crowd_of(rows, 20, 2, gold=dict.fromkeys(range(20), 1)))
    assert told.accuracy < estimate_accuracies(crowd_of(rows, 20, 2))[0].accuracy


def test_few_experts_outweigh_many_guessers() -> None:
    truth, rows = simulated(2, 400, MIXED, 9)
    crowd = crowd_of(rows, 400, 25)
    engine = (fit(crowd).posterior.argmax(1) == truth).mean()
    assert engine > (count_votes(crowd).argmax(1) == truth).mean() + 0.1
    assert engine > 0.9


def test_arrival_order_changes_nothing_to_the_last_bit() -> None:
    _, rows = simulated(3, 60, MIXED, 5)
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    assert refit(crowd_of(rows, 60, 25)) == refit(crowd_of(shuffled, 60, 25))


def test_relabelled_classes_give_relabelled_consensus() -> None:
    _, rows = simulated(4, 80, MIXED, 5, classes=3)
    turned = [(task, worker, (label + 1) % 3) for task, worker, label in rows]
    plain, moved = (fit(crowd_of(r, 80, 25, 3)).posterior for r in (rows, turned))
    assert np.allclose(plain, np.roll(moved, -1, axis=1), atol=1e-6)


def test_gold_tasks_keep_their_gold_answer() -> None:
    fitted = fit(crowd_of([(0, w, 0) for w in range(6)], 1, 6, gold={0: 1}))
    assert fitted.posterior[0].argmax() == 1


def test_one_answer_a_task_does_not_slide_into_one_class() -> None:
    truth, rows = simulated(5, 300, np.full(30, 0.7), 1)
    chosen = fit(crowd_of(rows, 300, 30)).posterior.argmax(1)
    assert (chosen == truth).mean() > 0.6
    assert 0.3 < chosen.mean() < 0.7


def test_without_answers_every_class_stays_open() -> None:
    assert np.allclose(fit(crowd_of([], 3, 2)).posterior, 0.5)


def test_a_class_nobody_chose_is_not_the_answer() -> None:
    torn = [(task, worker, worker % 2) for task in range(200) for worker in range(5)]
    settled = [(task, worker, 0) for task in range(200, 220) for worker in range(5)]
    found = refit(crowd_of(torn + settled, 220, 5, 3))
    assert all(consensus(task, found.project).choice != 2 for task in found.tasks)


def test_what_gold_taught_of_its_own_answers_is_taken_back_when_it_is_foretold() -> None:
    crowd = crowd_of([(task, 0, 1) for task in range(30)], 30, 1, gold=dict.fromkeys(range(10), 0))
    alone = crowd_of([(task, 0, 1) for task in range(30)], 30, 1, gold=dict.fromkeys(range(1, 10), 0))
    left_out, never_known = gold_log_posterior(crowd, fit(crowd))[0], fit(alone)
    assert left_out[0] == pytest.approx(np.log(never_known.posterior[0, 0]), abs=0.35)
    assert left_out[0] < np.log(fit(crowd).posterior[10, 0])


def test_gold_calms_a_crowd_that_shares_a_misconception() -> None:
    rows = [(task, worker, 0) for task in range(100) for worker in range(5)]
    known = {task: int(task % 4 == 0) for task in range(40)}
    without, told = (refit(crowd_of(rows, 100, 5, gold=gold)) for gold in (None, known))
    sure = [consensus(found.tasks[99], found.project).confidence for found in (without, told)]
    assert sure[0] > 0.85 > 0.8 > sure[1]


def test_gold_that_agrees_with_an_honest_crowd_changes_little() -> None:
    truth, rows = simulated(8, 300, MIXED, 7)
    known = {task: int(truth[task]) for task in range(30)}
    without, told = (refit(crowd_of(rows, 300, 25, gold=g)) for g in (None, known))
    right = [np.mean([consensus(t, f.project).choice for t in f.tasks[30:]] == truth[30:]) for f in (without, told)]
    assert right[1] >= right[0] - 0.01
