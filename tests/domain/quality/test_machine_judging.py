"""How good models are where answers are no classes."""

from domain.quality.crowd import WorkerAnswer
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.machine import (
    Doubt,
    MachineAnswer,
    MachineAnswers,
    MachineModel,
    equivalent_confidence,
    model_votes,
)


def judged(
    kind: str, machines: MachineAnswers, said: list[WorkerAnswer], gold: dict[int, tuple[str, ...]]
) -> tuple[MachineModel, ...]:
    return get_learner(kind).learn(AnswerSpec(kind, (), {}, machines), said, gold).project.machines


def test_beside_a_model_results_are_as_sure_as_the_people_asked_for_would_be() -> None:
    assert [equivalent_confidence(people) for people in (1, 2, 3, 5, 1000)] == [0.7, 0.7, 0.7, 0.79, 0.98]


def test_gold_judges_a_model_within_its_tolerance() -> None:
    machines = {task: (MachineAnswer("", "12"), MachineAnswer("b", "99")) for task in range(20)}
    gold = dict.fromkeys(range(20), ("12.5±1",))
    good, bad = judged("number", machines, [], gold)
    assert (good.name, good.gold, good.would_be_right) == ("", 20, 20)
    assert (bad.name, bad.gold, bad.would_be_right) == ("b", 20, 0)
    assert bad.interval[1] < good.interval[0]
    assert good.warnings == ()


def test_a_model_that_errs_more_often_than_not_is_not_heard() -> None:
    machines = {task: (MachineAnswer("", "12" if task % 3 else "99"), MachineAnswer("b", "99")) for task in range(21)}
    good, bad = judged("number", machines, [], dict.fromkeys(range(21), ("12.5±1",)))
    assert good.weight > 0 == bad.weight
    assert model_votes([good, bad], machines[1]) == model_votes([good], machines[1])
    assert model_votes([bad], machines[1]) == []


def test_without_gold_peoples_consensus_does_for_so_many_tasks() -> None:
    machines = {task: (MachineAnswer("", "Some Words"),) for task in range(300)}
    said = [WorkerAnswer(task, worker, "some words") for task in range(300) for worker in (1, 2)]
    (model,) = judged("text", machines, said, {})
    assert (model.gold, model.judged) == (0, 40)
    assert model.accuracy > 0.9
    assert [warned.doubt for warned in model.warnings] == [Doubt.UNCHECKED]


def test_one_persons_answer_tells_little() -> None:
    (model,) = judged("text", {1: (MachineAnswer("", "a"),)}, [WorkerAnswer(1, 1, "a")], {})
    assert model.judged < 0.5
    assert 0.7 < model.accuracy < 0.75
