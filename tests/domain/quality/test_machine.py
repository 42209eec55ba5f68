from math import log

import pytest

from domain.quality.gold import choose_task_to_check
from domain.quality.live import start_task
from domain.quality.machine import (
    MachineAnswer,
    MachineModel,
    may_models_decide,
    min_people,
    nats_added_by_models,
    new_models,
)
from domain.quality.refit import opening_model

AB = ("a", "b")


def model(name: str = "", **facts: object) -> MachineModel:
    known: dict[str, object] = {
        "name": name, "accuracy": 0.9, "judged": 20.0, "gold": 20, "weight": 1.0, "usual": 1.0,
    }  # fmt: skip
    return MachineModel(**{**known, **facts})  # type: ignore[arg-type]


def test_before_anything_is_known_a_model_is_a_coin_of_seventy_percent() -> None:
    project, said = opening_model(2), [MachineAnswer("", "b")]
    assert start_task(project, AB, said).added == (0.0, 0.0), "no such model: it says nothing"
    assert nats_added_by_models(new_models([""], 2), AB, said) == pytest.approx([0.0, log(7 / 3)])


def test_models_add_up_and_several_newcomers_to_one() -> None:
    said = [MachineAnswer("x", "a"), MachineAnswer("y", "a")]
    assert nats_added_by_models([model("x"), model("y", weight=0.5)], AB, said) == [1.5, 0.0]
    assert nats_added_by_models(new_models(["x", "y"], 2), AB, said) == pytest.approx([log(7 / 3), 0.0])


def test_a_models_own_probability_weighs_its_answer() -> None:
    said = [MachineAnswer("", "a", 0.9)]
    assert nats_added_by_models([model(usual=log(4))], AB, said) == pytest.approx([log(9) / log(4), 0.0])


def test_people_who_differ_from_an_unchecked_model_are_two_at_least() -> None:
    said, unchecked, checked = [MachineAnswer("", "a")], [model(gold=0)], [model()]
    assert min_people(unchecked, said, ["a"]) == 1
    assert min_people(unchecked, said, ["b"]) == 2
    assert min_people(checked, said, ["b"]) == 1


def test_a_model_decides_alone_only_where_gold_has_shown_it_safe() -> None:
    said = [MachineAnswer("", "a")]
    safe, not_quite = model(would_decide=20, would_be_right=20), model(would_decide=20, would_be_right=19)
    assert may_models_decide([safe], said, 0.97, 0.95)
    assert not may_models_decide([not_quite], said, 0.97, 0.95)
    assert not may_models_decide([safe], said, 0.94, 0.95)
    assert not may_models_decide([model(would_decide=9, would_be_right=9)], said, 0.97, 0.9), "nine are too few"


def test_contested_tasks_are_checked_first_and_classes_take_turns() -> None:
    left = dict.fromkeys(range(60), (0.99, 0.01)) | {7: (0.55, 0.45), 8: (0.1, 0.9), 9: (0.45, 0.55)}
    chosen = []
    for turn in range(4):
        chosen.append(choose_task_to_check(left, turn))
        del left[chosen[-1]]  # it is gold now
    assert chosen == [9, 7, 8, 0]
