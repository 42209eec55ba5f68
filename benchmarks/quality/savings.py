"""python -m benchmarks savings [--seeds N] [--write]

What results cost beside a model's answers, against people alone: whole projects by the product's services on SQLite,
answered by a scripted crowd of which three in ten press anything.
"""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.databases import fresh
from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from domain.money.amounts import Millionths
from storage.database import Database
from tests.scripted_crowd import BAD, GOLD, GOOD, WORKERS, Outcome, a_model, a_truth, beside, campaign, overlap

TASKS, WRONG = 240, 20  # of a hundred answers of the model so many are wrong
ALONE, BESIDE = (2, 3, 4, 5, 6, 7), (2, 3, 5)  # overlaps
WANTED = 0.4  # of the answers that people alone need for the same accuracy
DRAWS = 4_000
MEMORY = Path("/dev/shm")  # waits for no disk, where there is one
CHEAP = {"pay": Millionths(5_000), "fee": Millionths(500)}  # for the deposit that the crowd's requester has
TOLD = f"""\
{TASKS} tasks of two classes, {GOLD} gold tasks, {WORKERS} workers of whom {BAD} press anything and the others are right
{GOOD} of the time, a model that is right on {100 - WRONG} of a hundred. Answers are those a task that is no gold got on
average. People alone need as many as the line between the overlaps around it says; intervals by resampling the seeds.
"""

Found = dict[str, list[Outcome]]  # of each way, an outcome a seed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks savings", description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    found: Found = {}
    for seed in range(options.seeds):
        for way, asked, truth in _ways(seed):
            with fresh("sqlite", MEMORY if MEMORY.is_dir() else None) as place:
                outcome = asyncio.run(_ran(place.url, truth, seed, asked))
            found.setdefault(way, []).append(outcome)
        print(f"seed {seed + 1} of {options.seeds}", flush=True)
    text = _page(found)
    print(text)
    if options.write:
        keep("savings", "What a model's answers save", f"savings --seeds {options.seeds}", text)
    return 0


def _ways(seed: int) -> Iterator[tuple[str, dict[str, Any], dict[int, str]]]:
    dice = Random(seed)
    truth = a_truth(dice, TASKS)
    model = a_model(dice, truth, WRONG)
    for people in ALONE:
        yield _alone(people), overlap(people), truth
    for people in BESIDE:
        yield _beside(people), beside(model, people), truth


def _alone(people: int) -> str:
    return f"people alone, overlap {people}"


def _beside(people: int) -> str:
    return f"beside the model, overlap {people}"


async def _ran(url: str, truth: dict[int, str], seed: int, asked: dict[str, Any]) -> Outcome:
    database = Database(url)
    try:
        return await campaign(database, wall_clock(), truth, Random(seed + 1_000), **CHEAP, **asked)
    finally:
        await database.close()


def _page(found: Found) -> str:
    lines = ["| way | accuracy | answers a task | of what people alone need |", "| --- | --: | --: | --: |"]
    shares = {people: _shares(found, people) for people in BESIDE}
    for way, outcomes in found.items():
        accuracy, answers = _mean(outcomes)
        lines.append(f"| {way} | {accuracy:.3f} | {answers:.2f} | {_told(way, shares)} |")
    every = np.mean(list(shares.values()), axis=0)
    name = f"the same accuracy beside an {100 - WRONG} % model, overlaps {' · '.join(map(str, BESIDE))}"
    goal = Goal(f"{name}: answers, of people alone", WANTED, float(every[0]), most=True)
    spread = "[{:.2f}, {:.2f}]".format(*np.quantile(every[1:], (0.025, 0.975)))
    return "\n".join([TOLD, *lines, "", goals_table([goal]), "", f"Its interval: {spread}."])


def _told(way: str, shares: dict[int, np.ndarray[Any, Any]]) -> str:
    for people, drawn in shares.items():
        if way == _beside(people):
            return "{:.2f} [{:.2f}, {:.2f}]".format(drawn[0], *np.quantile(drawn[1:], (0.025, 0.975)))
    return ""


def _shares(found: Found, people: int) -> np.ndarray[Any, Any]:
    """Of all seeds, then of resamples of them: the answers beside the model as a share of what people alone need."""
    seeds, dice = len(found[_beside(people)]), np.random.default_rng(0)
    draws = [np.arange(seeds), *(dice.integers(seeds, size=seeds) for _ in range(DRAWS))]
    return np.array([_share(found, people, drawn) for drawn in draws])


def _share(found: Found, people: int, drawn: np.ndarray[Any, Any]) -> float:
    along = [_mean([found[_alone(number)][seed] for seed in drawn]) for number in ALONE]
    accuracy, answers = _mean([found[_beside(people)][seed] for seed in drawn])
    rising = np.maximum.accumulate([right for right, _ in along])
    return answers / float(np.interp(accuracy, rising, [given for _, given in along]))


def _mean(outcomes: list[Outcome]) -> tuple[float, float]:
    """Accuracy, and answers a task."""
    right = float(np.mean([outcome.accuracy for outcome in outcomes]))
    return right, float(np.mean([outcome.answers for outcome in outcomes])) / TASKS
