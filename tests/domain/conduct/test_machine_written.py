"""Signs of a machine in typed answers: near a model's beyond chance, or faster than anybody types."""

from random import Random

from domain.conduct.evidence import Evidence, find_restricting_evidence, watch_level
from domain.conduct.examination import Timed
from domain.conduct.examination import find_machine_typing as signs
from domain.people.accounts import PersonId
from domain.quality.machine import MachineAnswer, MachineAnswers

WORDS = [f"word{n}" for n in range(400)]
TASKS, PEOPLE, COPIER = 30, 8, 1


def sentence(dice: Random) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(14))


def crowd(dice: Random, transcribes: bool = False) -> tuple[MachineAnswers, list[Timed]]:
    """Everybody writes their own, but COPIER the model's with a word changed; or all transcribe the same sentence."""
    told = {task: (MachineAnswer("gpt", sentence(dice)),) for task in range(TASKS)}
    answers: list[Timed] = []
    for task in range(TASKS):
        model = told[task][0].answer
        for worker in range(1, PEOPLE + 1):
            own = model if transcribes else sentence(dice)
            said = f"{model.rpartition(' ')[0]} indeed" if worker == COPIER else own
            answers.append((task, worker, said, 60.0))
    return told, answers


def test_who_repeats_a_model_is_shown_and_nobody_else() -> None:
    told, answers = crowd(Random(1))
    (found,) = [found for found in signs("text", told, answers) if found.nats > 0]
    assert (found.worker, found.suspicion) == (COPIER, "machine")
    assert found.observed > 0.9 > 0.3 > found.expected


def test_where_all_write_the_same_sameness_is_no_sign() -> None:
    told, answers = crowd(Random(1), transcribes=True)
    assert [found for found in signs("text", told, answers) if found.nats > 0] == []


def test_long_answers_faster_than_typing_are_a_sign() -> None:
    _, answers = crowd(Random(2))
    quick = [(task, worker, said, 2.0 if worker == 3 else 60.0) for task, worker, said, _ in answers]
    found = [each for each in signs("text", {}, quick) if each.nats > 0]
    assert [(each.worker, each.suspicion, each.observed) for each in found] == [(3, "pasted", 1.0)]


def test_short_answers_and_pressed_ones_have_no_signs() -> None:
    told = {task: (MachineAnswer("", "yes"),) for task in range(20)}
    answers = [(task, worker, "yes", 0.5) for task in range(20) for worker in (1, 2, 3)]
    assert signs("text", told, answers) == []
    assert signs("choice", told, answers) == []


def test_they_restrict_nobody_and_take_no_offers_away() -> None:
    for sign in ("machine", "pasted"):
        found = [Evidence(PersonId(1), sign, 99.0, 200, 0, 0.1, 1.0)]
        assert find_restricting_evidence(found) is None
        assert watch_level(found) == 1
