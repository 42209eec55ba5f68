"""A crowd with bad workers in it, with and without a model's answers: what the same results cost."""

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from domain.messages import changed
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.quality import refit
from domain.quality.crowd import Skill, WorkerAnswer
from domain.quality.learners import AnswerSpec, get_learner
from domain.quality.machine import MachineAnswer, equivalent_confidence, new_models
from services.projects import preflight
from services.quality import consensus
from storage.database import Database
from tests.house import a_project
from tests.scripted_crowd import a_model, a_truth, beside, campaign, other, overlap

ALONE, BESIDE = 4, 3  # the overlap, without and with a model
TASKS, WRONG = 80, 20  # of a hundred answers of the model so many are wrong


async def opened(template: Path, folder: Path, name: str) -> Database:
    return Database(f"sqlite:///{shutil.copy(template, folder / name)}")


async def test_beside_a_model_the_same_results_cost_a_fraction(
    sqlite_template: Path, tmp_path: Path, now: Moment
) -> None:
    """On SQLite alone: what is counted are answers, by rules that stand above both databases."""
    right, paid = {"alone": 0.0, "beside": 0.0}, {"alone": 0, "beside": 0}
    for seed in (10, 11):
        dice = Random(seed)
        truth = a_truth(dice, TASKS)
        model = a_model(dice, truth, WRONG)
        for name, wanted in (("alone", overlap(ALONE)), ("beside", beside(model, BESIDE))):
            database = await opened(sqlite_template, tmp_path, f"{name}{seed}")
            found = await campaign(database, now, truth, Random(seed + 1000), **wanted)
            await database.close()
            right[name] += found.accuracy
            paid[name] += found.answers
    assert right["beside"] >= right["alone"]
    assert paid["beside"] <= 0.4 * paid["alone"]


def test_a_weak_crowd_does_not_lower_what_an_overlap_promises(now: Moment) -> None:
    asked = {"models": ("",), "confidence": equivalent_confidence(5), "usual_confidence": True, **overlap(5)}

    def wanted(accuracy: float) -> float | None:
        known = changed(refit.opening_model(2), machines=new_models(("",), 2))
        newcomer = replace(known.newcomer, skill=Skill(accuracy, 100.0))
        return consensus.get_closing_confidence(
            a_project(PersonId(1), now, **asked), changed(known, answers=100, newcomer=newcomer)
        )

    assert wanted(0.6) == equivalent_confidence(5)
    assert wanted(0.9) == equivalent_confidence(5, 0.9) > equivalent_confidence(5)


def test_a_confidence_that_was_named_closes_tasks_whatever_is_learnt(now: Moment) -> None:
    """Also where it is the one that would be usual."""
    asked = {"models": ("",), "confidence": equivalent_confidence(3), "overlap": 3, "max_overlap": 5}
    known, named = refit.opening_model(2), a_project(PersonId(1), now, **asked)
    good = replace(known.newcomer, skill=Skill(0.9, 100.0))
    worthless = replace(new_models(("",), 2)[0], weight=0.0)
    for model, person in ((new_models(("",), 2)[0], good), (worthless, known.newcomer)):
        learnt = changed(known, machines=(model,), answers=100, newcomer=person)
        assert consensus.get_closing_confidence(named, learnt) == equivalent_confidence(3)
    assert (
        preflight.answers_without_models(named)
        != 3.0
        == preflight.answers_without_models(replace(named, usual_confidence=True))
    )


@pytest.mark.parametrize(("right", "closes"), [(15, equivalent_confidence(3)), (5, None)])
def test_a_model_that_errs_more_often_than_not_closes_no_text(now: Moment, right: int, closes: float | None) -> None:
    asked = AnswerSpec(
        "text", (), {}, {task: (MachineAnswer("", "one" if task < right else "other"),) for task in range(20)}
    )
    learnt = get_learner("text").learn(asked, [WorkerAnswer(20, 1, "one")], dict.fromkeys(range(20), ("one",)))
    usual = {"confidence": equivalent_confidence(3), "usual_confidence": True}
    project = a_project(PersonId(1), now, kind="text", options=(), models=("",), **usual, **overlap(3))
    assert consensus.get_closing_confidence(project, changed(learnt.project, answers=100)) == closes


async def test_beside_a_model_that_is_worth_nothing_every_task_has_its_overlap(
    sqlite_template: Path, tmp_path: Path, now: Moment
) -> None:
    truth = a_truth(Random(12), TASKS)
    contrary = {at: (MachineAnswer("", other(right)),) for at, right in truth.items()}
    database = await opened(sqlite_template, tmp_path, "contrary")
    found = await campaign(database, now, truth, Random(1012), **beside(contrary, BESIDE))
    await database.close()
    assert found.answers == BESIDE * TASKS
