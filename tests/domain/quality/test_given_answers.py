"""Answers in arrays are the answers that were put in, in their order, and take little memory."""

import tracemalloc
from random import Random

import pytest

from domain.answers.rank import JOINT
from domain.conduct.examination import find_suspicions
from domain.quality.crowd import AnswerColumns, WorkerAnswer
from domain.quality.learners import AnswerSpec, get_learner

RANKED = (JOINT.join(("no", "yes")), JOINT.join(("yes", "no")))


def some(count: int) -> list[WorkerAnswer]:
    lot = Random(3)
    cells = lot.sample(range(20 * 90), count)
    return [WorkerAnswer(7 + cell // 20, 900 + cell % 20, lot.choice(("yes", "no", "no", "other"))) for cell in cells]


def test_they_are_read_as_they_were_put_in() -> None:
    said = some(200)
    given = AnswerColumns.from_answers(said)
    assert list(given) == said == [given[at] for at in range(len(given))]
    assert (given[-1], list(given[3:7]), len(given)) == (said[-1], said[3:7], 200)


@pytest.mark.parametrize("kind", ["choice", "rank"])
def test_what_is_learnt_of_them_is_what_is_learnt_of_a_list(kind: str) -> None:
    options = ("yes", "no")
    said = [each for each in some(900) if kind == "choice" or each.answer != "other"]
    if kind == "rank":
        said = [WorkerAnswer(each.task, each.worker, RANKED[each.answer == "yes"]) for each in said]
    asked, gold = AnswerSpec(kind, options, {}), {9: ("yes",), 11: ("no",)} if kind == "choice" else {}
    learner = get_learner(kind)
    assert learner.learn(asked, AnswerColumns.from_answers(said), gold) == learner.learn(asked, said, gold)
    assert find_suspicions(asked, AnswerColumns.from_answers(said), gold) == find_suspicions(asked, said, gold)


def test_an_answer_takes_few_bytes() -> None:
    tracemalloc.start()
    given = AnswerColumns()
    for at in range(100_000):
        given.add(at, at % 500, "yes")
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 100_000 * 30
