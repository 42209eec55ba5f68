"""python -m benchmarks savings [--seeds N] [--classes 2,4] [--write]

What results cost beside a model's answers, against people alone: whole projects by the product's services on SQLite,
answered by a scripted crowd of which three in ten press anything.
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.databases import fresh
from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from domain.money.amounts import Millionths
from domain.quality.machine import MachineAnswer
from storage.database import Database
from tests.scripted_crowd import BAD, GOLD, GOOD, OPTIONS, WORKERS, Outcome, a_model, a_truth, beside, campaign, overlap

TASKS, WRONG = 240, 20  # of a hundred answers of the model so many are wrong
ALONE, BESIDE = (2, 3, 4, 5, 6, 7), (2, 3, 5)  # overlaps
WANTED = 0.4  # of the answers that people alone need for the same accuracy
DRAWS = 4_000
MEMORY = Path("/dev/shm")  # waits for no disk, where there is one
CHEAP = {"pay": Millionths(5_000), "fee": Millionths(500)}  # for the deposit that the crowd's requester has
TOLD = f"""\
{TASKS} tasks, {GOLD} gold tasks, {WORKERS} workers of whom {BAD} press anything and the others are right {GOOD} of the
time, a model that is right on {100 - WRONG} of a hundred; who is wrong names any other class. Answers are those
a task that is no gold got on average. With `ai_confidence` the same model says of half of its answers that they are
right at .97, of the others at .63, as they are. People alone need as many as the line between the overlaps around it
says; intervals by resampling the seeds."""

SURE, UNSURE = 0.97, 0.63  # as it says, and as often right
Found = dict[str, list[Outcome]]  # of each way, an outcome a seed
Model = dict[int, tuple[MachineAnswer, ...]]
Drawn = np.ndarray[Any, Any]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks savings", description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--write", action="store_true", help=WRITE)
    parser.add_argument("--classes", type=_numbers, default=[2, 4], help="such as 2,4")
    options = parser.parse_args(arguments)
    text = "\n\n".join([TOLD, *(_page(classes, _found(classes, options.seeds)) for classes in options.classes)])
    print(text)
    if options.write:
        told = ",".join(map(str, options.classes))
        keep("savings", "What a model's answers save", f"savings --seeds {options.seeds} --classes {told}", text)
    return 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _found(classes: int, seeds: int) -> Found:
    found: Found = {}
    options = (*OPTIONS, *(f"other {number}" for number in range(3, classes + 1)))
    for seed in range(seeds):
        for way, asked, truth in _ways(seed, options):
            with fresh("sqlite", MEMORY if MEMORY.is_dir() else None) as place:
                outcome = asyncio.run(_ran(place.url, truth, seed, {"options": options, **asked}))
            found.setdefault(way, []).append(outcome)
        print(f"{classes} classes, seed {seed + 1} of {seeds}", flush=True)
    return found


def _ways(seed: int, options: Sequence[str]) -> Iterator[tuple[str, dict[str, Any], dict[int, str]]]:
    dice = Random(seed)
    truth = a_truth(dice, TASKS, options)
    model = a_model(dice, truth, WRONG, options)
    for people in ALONE:
        yield _alone(people), overlap(people), truth
    for people in BESIDE:
        yield _beside(people), beside(model, people), truth
    confident = _confident(dice, truth, model)
    for people in BESIDE:
        yield _beside(people, told=True), beside(confident, people), truth


def _confident(dice: Random, truth: dict[int, str], model: Model) -> Model:
    """The same answers, half of them said to be SURE, as often right as they say."""
    right = 1 - WRONG / 100

    def told(at: int, said: MachineAnswer) -> MachineAnswer:
        is_sure = dice.random() < (0.5 * SURE / right if said.answer == truth[at] else 0.5 * (1 - SURE) / (1 - right))
        return replace(said, probability=SURE if is_sure else UNSURE)

    return {at: tuple(told(at, said) for said in each) for at, each in model.items()}


def _alone(people: int) -> str:
    return f"people alone, overlap {people}"


def _beside(people: int, told: bool = False) -> str:
    return f"beside the model{', with `ai_confidence`' if told else ''}, overlap {people}"


async def _ran(url: str, truth: dict[int, str], seed: int, asked: dict[str, Any]) -> Outcome:
    database = Database(url)
    try:
        return await campaign(database, wall_clock(), truth, Random(seed + 1_000), **CHEAP, **asked)
    finally:
        await database.close()


def _page(classes: int, found: Found) -> str:
    lines = ["| way | accuracy | answers a task | of what people alone need |", "| --- | --: | --: | --: |"]
    shares = {
        _beside(people, told): _shares(found, _beside(people, told)) for told in (False, True) for people in BESIDE
    }
    for way, outcomes in found.items():
        accuracy, answers = _mean(outcomes)
        share = _with_interval(shares[way]) if way in shares else ""
        lines.append(f"| {way} | {accuracy:.3f} | {answers:.2f} | {share} |")
    goals, spreads = zip(*(_goal(classes, told, shares) for told in (False, True)), strict=True)
    said = f"Without `ai_confidence` {spreads[0]}, with it {spreads[1]}."
    return "\n".join([f"## {classes} classes", "", *lines, "", goals_table(list(goals)), "", said])


def _goal(classes: int, told: bool, shares: dict[str, Drawn]) -> tuple[Goal, str]:
    """The mean over the overlaps, and the same with its interval."""
    every = np.mean([shares[_beside(people, told)] for people in BESIDE], axis=0)
    model = f"an {100 - WRONG} % model{' with `ai_confidence`' if told else ''}"
    name = f"{classes} classes, the same accuracy beside {model}, overlaps {' · '.join(map(str, BESIDE))}"
    goal = Goal(f"{name}: answers, of people alone", WANTED, float(every[0]), most=True)
    return goal, _with_interval(every)


def _with_interval(drawn: Drawn) -> str:
    return "{:.2f} [{:.2f}, {:.2f}]".format(drawn[0], *np.quantile(drawn[1:], (0.025, 0.975)))


def _shares(found: Found, way: str) -> Drawn:
    """Of all seeds, then of resamples of them: the answers beside the model as a share of what people alone need."""
    seeds, dice = len(found[way]), np.random.default_rng(0)
    draws = [np.arange(seeds), *(dice.integers(seeds, size=seeds) for _ in range(DRAWS))]
    return np.array([_share(found, way, drawn) for drawn in draws])


def _share(found: Found, way: str, drawn: Drawn) -> float:
    along = [_mean([found[_alone(number)][seed] for seed in drawn]) for number in ALONE]
    accuracy, answers = _mean([found[way][seed] for seed in drawn])
    rising = np.maximum.accumulate([right for right, _ in along])
    return answers / float(np.interp(accuracy, rising, [given for _, given in along]))


def _mean(outcomes: list[Outcome]) -> tuple[float, float]:
    """Accuracy, and answers a task."""
    right = float(np.mean([outcome.accuracy for outcome in outcomes]))
    return right, float(np.mean([outcome.answers for outcome in outcomes])) / TASKS
