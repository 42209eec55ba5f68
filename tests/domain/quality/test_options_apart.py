"""Several options that apply: each worker's misses and wrong options, and the sets that are usual."""

import numpy as np
import pytest

from domain.answers import consensus_of
from domain.quality.aggregation import OptionEvidence, UsualSets, Vote
from domain.quality.crowd import WorkerAnswer
from domain.quality.model import fit_options

OPTIONS = ("a", "b", "c", "d")


def crowd(seed: int = 1, tasks: int = 150) -> tuple[list[WorkerAnswer], list[set[str]]]:
    """Worker 0 misses half of what applies, the others a tenth; nobody names a wrong option often. Options come in two
    pairs."""
    dice = np.random.default_rng(seed)
    truth = [[{"a", "b"}, {"c", "d"}][int(dice.integers(2))] for _ in range(tasks)]
    said = []
    for task, applies in enumerate(truth):
        for worker in range(4):
            named = [
                each for each in OPTIONS if dice.random() < ((0.9 if worker else 0.5) if each in applies else 0.02)
            ]
            said.append(WorkerAnswer(task, worker, "|".join(named or sorted(applies)[:1])))
    return said, truth


def test_who_misses_a_lot_says_little_by_leaving_out_and_much_by_naming() -> None:
    workers, newcomer, _ = fit_options("choices", OPTIONS, crowd()[0], {})
    sparing, thorough = workers[0], workers[1]
    assert 0 > sparing.left > thorough.left
    assert sparing.named > 1.5
    assert newcomer is not None
    assert newcomer.named > 0 > newcomer.left


def test_sets_that_are_usual_are_found_and_complete_what_people_left_out() -> None:
    said, truth = crowd()
    workers, _, usual = fit_options("choices", OPTIONS, said, {})
    assert usual is not None
    assert {names for names, _ in usual.sets[:2]} == {("a", "b"), ("c", "d")}
    right, alone = 0, 0
    for task, applies in enumerate(truth):
        votes = [Vote(e.answer, 0.75, option_evidence=workers[e.worker]) for e in said if e.task == task][:1]
        right += consensus_of("choices", votes, OPTIONS, usual).answer == "|".join(sorted(applies))
        alone += consensus_of("choices", votes, OPTIONS).answer == "|".join(sorted(applies))
    assert right > alone + 50


def test_gold_teaches_who_misses() -> None:
    """Everybody names “a” alone; gold says that “b” applies too."""
    said = [WorkerAnswer(task, worker, "a") for task in range(60) for worker in range(3)]
    taught, alone = (
        fit_options("choices", ("a", "b"), said, dict.fromkeys(range(gold), ("a", "b")))[0] for gold in (30, 0)
    )
    assert taught[0].left > alone[0].left + 1


def test_a_usual_set_weighs_no_more_than_what_people_say() -> None:
    told, usual = OptionEvidence(3.0, -1.0), UsualSets((0.5, 0.5, 0.01, 0.01), ((("a", "b"), 1.0),), 0.5)
    votes = [Vote("c", 0.9, option_evidence=told)] * 3
    assert consensus_of("choices", votes, OPTIONS, usual).answer == "c"
    one = consensus_of("choices", [Vote("a", 0.9, option_evidence=told)], OPTIONS, usual)
    assert one.answer == "a|b"
    assert one.confidence is not None
    assert 0.5 < one.confidence < 0.95


def test_without_anything_usual_each_option_stands_by_itself() -> None:
    votes = [Vote("a|b", 0.8), Vote("a", 0.8), Vote("a|b", 0.8)]
    found = consensus_of("choices", votes, OPTIONS)
    each = 0.8 ** (1 / 4)
    odds = each / (1 - each)
    assert found.answer == "a|b"
    sure = (odds**3 / (1 + odds**3)) ** 3 * odds / (1 + odds)
    assert found.confidence == pytest.approx(sure)


def test_options_that_exclude_each_other_are_not_taken_apart() -> None:
    assert fit_options("choice", OPTIONS, [WorkerAnswer(0, 0, "a")], {}) == ({}, None, None)
