"""Evidence of kinds without classes: a worker's answers beside gold, the others' and what a guess would meet."""

import random

import pytest

from domain.conduct.evidence import WATCHED_NATS
from domain.conduct.examination import find_suspicions
from domain.quality.collusion import STRONG_NATS
from domain.quality.crowd import WorkerAnswer as Given
from domain.quality.learners import AnswerSpec

HONEST, TASKS = range(1, 7), 40
WORDS = ("red", "boat", "came", "home", "late", "nobody", "asked", "why", "it", "was", "so", "quiet", "old", "river")


def town(kind: str, bad: str = "", tasks: int = TASKS, seed: int = 1) -> list[Given]:
    """Six honest workers, and number 7 who is `bad`, in the order of tasks."""
    dice = random.Random(seed)
    given = []
    for task in range(tasks):
        truth = dice.randrange(1, 10)
        for worker in (*HONEST, *([7] if bad else [])):
            said = truth if dice.random() < 0.85 else dice.randrange(1, 10)
            if worker == 7 and (bad == "random" or (bad == "sleeper" and task >= tasks // 2)):
                said = dice.randrange(1, 10)
            if worker == 7 and bad == "constant":
                said = 5
            given.append(Given(task, worker, {"number": f"{said * 100}", "text": f"plate {said}"}.get(kind, str(said))))
    return given


@pytest.mark.parametrize("kind", ["number", "text", "rating"])
@pytest.mark.parametrize("bad", ["random", "constant", "sleeper"])
def test_bad_worker_stands_out_in_every_kind(kind: str, bad: str) -> None:
    options = tuple(map(str, range(1, 10))) if kind == "rating" else ()
    strong = [
        each for each in find_suspicions(AnswerSpec(kind, options), town(kind, bad), {}) if each.nats >= STRONG_NATS
    ]
    assert {each.worker for each in strong} == {7}
    assert max(strong, key=lambda each: each.nats).suspicion == bad


@pytest.mark.parametrize("kind", ["number", "text", "rating"])
def test_honest_workers_are_left_alone(kind: str) -> None:
    options = tuple(map(str, range(1, 10))) if kind == "rating" else ()
    assert not [
        each
        for each in find_suspicions(AnswerSpec(kind, options), town(kind, tasks=80), {})
        if each.nats >= WATCHED_NATS
    ]


def written(task: int, dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=14))


def test_copied_text_is_found_with_who_wrote_it_later() -> None:
    dice, given = random.Random(2), []
    for task in range(8):
        theirs = [written(task, dice) for _ in range(3)]
        given += [Given(task, worker, theirs[worker]) for worker in range(3)]
        given.append(Given(task, 3, theirs[1].replace("boat", "ship", 1)))
    (found,) = [each for each in find_suspicions(AnswerSpec("text", ()), given, {}) if each.nats >= WATCHED_NATS]
    assert (found.worker, found.suspicion, found.observed) == (3, "ring", 1.0)
    assert found.nats >= STRONG_NATS
    assert found.expected < 0.3


def test_the_same_words_read_off_the_same_picture_are_no_copies() -> None:
    dice = random.Random(3)
    texts = [written(task, dice) for task in range(20)]
    given = [Given(task, worker, texts[task]) for task in range(20) for worker in range(4)]
    assert not [each for each in find_suspicions(AnswerSpec("text", ()), given, {}) if each.nats >= WATCHED_NATS]
    alone = [each for each in given if each.worker < 2]
    assert not [each for each in find_suspicions(AnswerSpec("text", ()), alone, {}) if each.nats >= STRONG_NATS]


def test_the_same_photo_again_is_found_and_whose_it_is() -> None:
    given = [Given(task, worker, f"file{task}{worker} unique{task}{worker}") for task in range(6) for worker in (1, 2)]
    given += [Given(task, 3, f"other{task} unique{task}1") for task in range(6)]  # what number 1 had sent
    given += [Given(task, 4, f"file{task} mine") for task in range(6)]
    noticed = {
        each.worker: each.suspicion
        for each in find_suspicions(AnswerSpec("photo", ()), given, {})
        if each.nats >= WATCHED_NATS
    }
    assert noticed == {3: "ring", 4: "constant"}
