from dataclasses import replace
from math import log

import numpy as np
import pytest

from benchmarks.quality.value_of_answer import StoppingRule, is_closed, is_informative, stop_rule
from domain.quality.crowd import Skill, softmax_rows
from domain.quality.live import TaskState, add_answer, combined_posterior, consensus, next_refit_at
from domain.quality.machine import MachineModel
from domain.quality.refit import opening_model, refit
from tests.domain.quality.crowds import crowd_of, simulated

SKILLS = np.array([0.95] * 5 + [0.52] * 10)


def test_first_answer_counts_what_is_usual_for_a_person() -> None:
    """Right three times in four, worth .55 of its nats."""
    project = opening_model(2)
    state = add_answer(project.fresh, project.newcomer, 1)
    odds = state.scores[1] - state.scores[0]
    assert odds == pytest.approx(0.55 * log(3))
    assert (state.answers, consensus(state, project).choice) == (1, 1)


def test_updates_commute() -> None:
    _, rows = simulated(1, 40, SKILLS, 5)
    fresh = refit(crowd_of(rows, 40, 15))
    there = add_answer(add_answer(fresh.project.fresh, fresh.workers[0], 1), fresh.workers[9], 0)
    back = add_answer(add_answer(fresh.project.fresh, fresh.workers[9], 0), fresh.workers[0], 1)
    assert there.scores == pytest.approx(back.scores)


def test_answer_by_answer_a_task_comes_to_what_a_refit_says_of_it() -> None:
    """Answers of whoever is not heard count in neither, also where nobody else has answered."""
    _, rows = simulated(4, 60, SKILLS, 5)
    rows = [row for row in rows if row[0] >= 5 or row[1] in (2, 7)]
    found = refit(crowd_of(rows, 60, 15), unheard=[2, 7])
    tasks = [found.project.fresh] * 60
    for task, worker, label in rows:
        tasks[task] = add_answer(tasks[task], found.workers[worker], label)
    assert [task.answers for task in tasks] == [task.answers for task in found.tasks]
    assert min(task.answers for task in tasks) == 0
    for live, learnt in zip(tasks, found.tasks, strict=True):
        assert live.scores == pytest.approx(learnt.scores)
        assert consensus(live, found.project).confidence == pytest.approx(consensus(learnt, found.project).confidence)


def test_refit_after_a_restart_is_the_same() -> None:
    _, rows = simulated(2, 60, SKILLS, 5)
    assert refit(crowd_of(rows, 60, 15)) == refit(crowd_of(rows[::-1], 60, 15))


def test_experts_have_more_skill_information_and_say() -> None:
    _, rows = simulated(3, 200, SKILLS, 7)
    fresh = refit(crowd_of(rows, 200, 15))
    expert, guesser = fresh.workers[0], fresh.workers[10]
    assert expert.skill.interval[0] > guesser.skill.interval[1]
    assert expert.information > fresh.project.information > guesser.information
    assert not is_informative(guesser, 50, fresh.project)
    assert is_informative(guesser, 1, fresh.project)


def test_one_answer_among_many_classes_is_no_surer_than_its_worker() -> None:
    _, rows = simulated(5, 150, np.full(20, 0.75), 2, classes=12)
    half = [row for at, row in enumerate(rows) if row[0] >= 75 or at % 2]
    fresh = refit(crowd_of(half, 150, 20, 12))
    assert 0.4 < np.mean([max(task.posterior) for task in fresh.tasks if task.answers == 1]) < 0.8


def test_one_class_alone_says_nothing_and_breaks_nothing() -> None:
    fresh = refit(crowd_of([(task, task % 3, 0) for task in range(30)], 30, 3, 1))
    assert all(worker.skill.answers == 4 for worker in fresh.workers)


def test_wilson_interval_by_hand() -> None:
    low, high = Skill(0.9, 10).interval
    assert (low, high) == (pytest.approx(0.596, abs=0.001), pytest.approx(0.982, abs=0.001))


def test_task_closes_at_its_confidence_and_reopens_below_it() -> None:
    stop = stop_rule(0.95)
    sure, unsure = TaskState((0.0, -4.0), 3), TaskState((0.0, -1.0), 3)
    assert is_closed(sure, stop)
    assert not is_closed(unsure, stop)
    assert is_closed(replace(unsure, answers=5), stop_rule(0.95, max_overlap=5))


def test_no_task_closes_unanswered() -> None:
    assert not is_closed(TaskState((0.0, -9.0), 0), StoppingRule(0.5, 0))


def test_without_confidence_only_overlap_stops() -> None:
    assert stop_rule(1.0) == stop_rule(None)
    assert not is_closed(TaskState((0.0, -50.0), 9), stop_rule(None))
    assert is_closed(TaskState((0.0, 0.0), 9), stop_rule(None, 9))


def test_the_longer_a_task_waits_the_less_is_asked_of_a_worker() -> None:
    _, rows = simulated(3, 200, SKILLS, 7)
    fresh = refit(crowd_of(rows, 200, 15))
    willing = [is_informative(fresh.workers[0], 50, fresh.project, refused) for refused in range(4)]
    assert willing == sorted(willing)
    assert willing[-1]


def test_refits_are_geometric() -> None:
    due, fitted = [], 0
    for answers in range(1, 2000):
        if answers >= next_refit_at(fitted, 1000, 100):
            due.append(answers)
            fitted = answers
    assert due[0] == 200
    assert len(due) < 20


@pytest.mark.parametrize("machines", [(), (MachineModel("", 0.8, 40.0, 20, 1.2),)])
@pytest.mark.parametrize("answers", [0, 1, 3, 9])
def test_further_answers_of_one_crowd_are_worth_less(machines: tuple[MachineModel, ...], answers: int) -> None:
    """By the square root of their number, up to four; beside models the classes' shares count in full."""
    fresh, lacking, added = TaskState((-0.4, -1.2, -2.0)), (0.3, -0.1, 0.0), (0.0, 1.2, 0.0)
    project = replace(opening_model(3), fresh=fresh, people=0.6, classes=lacking, machines=machines)
    task = TaskState((2.0, -1.0, 0.5), answers, added)
    prior = np.array(fresh.scores) if machines else np.zeros(3)
    told = prior + np.log(softmax_rows(np.array([task.scores]) - prior)) / np.sqrt(np.clip(answers, 1, 4))
    assert combined_posterior(task, project) == pytest.approx(
        softmax_rows(0.6 * told + np.array(lacking) + np.array(added))[0]
    )
