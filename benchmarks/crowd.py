"""The whole product with a crowd of which three in ten are bad: accuracy, cost, false accusations.

The scripted crowd answers real review snippets from real ratings through the local Telegram; the same crowd is asked
twice: three answers a task and majority, then as many as the wanted confidence takes, weighed by what is known of whom.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from benchmarks.tables import WRITE, keep
from bot.clock import wall_clock
from bot.demo import story
from bot.demo.demo import running_house
from bot.sweeps import SWEEPS
from domain.moments import NEVER, Moment
from domain.projects.projects import ProjectId
from jobs import evidence, refits
from simulator.crowd.behaviour import Kind, Sentence, WorkerProfile, workers
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd
from storage.database import Database

BAD: dict[Kind, int] = {"random": 2, "constant": 1, "hasty": 1, "sleeper": 1, "colluder": 2}
TASKS, GOLD, CROWD = 600, 60, 24
FIRST = ProjectId(1)
SPEED = 20  # everybody, the clock and the sweeps are so many times faster than in life
NO_FLOOR = {"wage_floor_per_hour": Decimal("0.01")}  # a slow machine would be taken for slow people: SPEED times so
LEARNING = frozenset({"refit", "evidence"})  # sweeps
SOONEST = 0.25  # seconds between two sweeps at least, whatever the speed


@dataclass(frozen=True, slots=True)
class Way:
    """`plain`: what most platforms do. No gold, nobody is learnt about, whoever presses gets the next; majority."""

    name: str
    asks: str = "overlap: 3"
    plain: bool = False


WAYS = (
    Way("plain: 3 answers, majority", plain=True),
    Way("3 answers"),
    Way("confidence 0.8, at most 5", "overlap: 2\nmax_overlap: 5\nconfidence: 0.8"),
    Way("confidence 0.9, at most 6", "overlap: 2\nmax_overlap: 6\nconfidence: 0.9"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares in 0…1; euros per task include gold and fee; `later` were asked later at the end, `accused` have a
    standing restriction: each (bad, honest)."""

    way: Way
    majority: float
    consensus: float
    answers: float
    euros: float
    to_bad: float
    bad_euros: float
    later: tuple[int, int]
    accused: tuple[int, int]

    def row(self) -> str:
        right = self.majority if self.way.plain else self.consensus
        return (
            f"| {self.way.name} | {self.majority:.3f} | {'–' if self.way.plain else f'{right:.3f}'} "
            f"| {self.answers:.2f} | {self.euros / right:.3f} | {self.to_bad:.1%} | {self.bad_euros:.2f} "
            f"| {self.later[0]} · {self.later[1]} | {self.accused[0]} · {self.accused[1]} |"
        )


def main(arguments: list[str]) -> int:
    """Prints the table; with --write it is kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks crowd")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    rows = [asyncio.run(_ask(way, seed)).row() for seed in range(options.seeds) for way in WAYS]
    text = _table(rows)
    print(text)
    if options.write:
        keep("crowd", "A crowd with bad workers", f"crowd --seeds {options.seeds}", text)
    return 0


def _table(rows: list[str]) -> str:
    mix = ", ".join(f"{count} {kind}" for kind, count in BAD.items())
    return "\n".join(
        [
            f"{TASKS} review snippets, {GOLD} gold, {CROWD} workers ({mix}; the rest honest).",
            "",
            "| way | majority | consensus | answers a task | € a right task | pay to bad | € | later: bad · honest "
            "| accused: bad · honest |",
            "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
            *rows,
        ]
    )


async def _ask(way: Way, seed: int) -> Outcome:
    """One project from upload to results, on a database of its own."""
    chosen = [one for one in story.choose_snippets(TASKS, GOLD) if not (way.plain and one[1])]
    profiles = workers(CROWD, {kind: count / CROWD for kind, count in BAD.items()}, seed)
    began = wall_clock()
    known = [sweep for sweep in SWEEPS if not (way.plain and sweep.name in LEARNING)]
    faster = [replace(sweep, seconds=max(SOONEST, sweep.seconds / SPEED)) for sweep in known]
    with tempfile.TemporaryDirectory(prefix="pouce-crowd-") as folder:
        clock = partial(_hastened, began)
        async with running_house(folder, unhurried=False, clock=clock, sweeps=faster, **NO_FLOOR) as (telegram, url):
            told = await story.prepare_house(telegram, euros=1000)
            plan = CrowdPlan(
                story.PLEASED, story.DISPLEASED, seed=seed, speed=SPEED, agree=("✅", "▶️"), ask="/work", patience=5
            )
            async with ScriptedCrowd(telegram.url, profiles, plan) as crowd:
                await story.wait_for_crowd(crowd)
                await story.launch_project(told, story.task_file(chosen), story.CAPTION.replace("overlap: 3", way.asks))
                await told.requester.wait_for("is complete", 600)
                await story.collect_files(told)
            later, accused = (set(), set()) if way.plain else await _judged(url)
        kinds = {hand.phone.id: hand.profile for hand in crowd.hands}
    return _outcome(way, told, chosen, crowd, kinds, later, accused)


def _hastened(began: Moment) -> Moment:
    """The clock of a house in which everything is SPEED times faster."""
    return Moment(began + SPEED * (wall_clock() - began))


LATER = """
SELECT p.telegram_id FROM enrolments e JOIN people p ON p.id = e.worker
WHERE (e.later > 0 OR e.watch > 1) AND e.project = :project"""
ACCUSED = """
SELECT p.telegram_id FROM restrictions r JOIN people p ON p.id = r.worker
WHERE r.state = 'standing' AND r.project = :project"""


async def _judged(url: str) -> tuple[set[int], set[int]]:
    """Telegram ids of those who are asked later and of those the evidence restricts, once all of it was looked at."""
    database = Database(url)
    try:
        project = await database.transact(lambda unit: unit.projects.get(FIRST), NEVER)
        now = project.ended_at or project.created_at
        await refits.refresh(database, project, lambda: now)
        await evidence.examine(database, project, lambda: now)
        later = {row[0] async for row in database.rows(LATER, project=project.id)}
        return later, {row[0] async for row in database.rows(ACCUSED, project=project.id)}
    finally:
        await database.close()


def _outcome(
    way: Way,
    told: story.Story,
    chosen: list[tuple[Sentence, bool]],
    crowd: ScriptedCrowd,
    kinds: dict[int, WorkerProfile],
    later: set[int],
    accused: set[int],
) -> Outcome:
    truth = {sentence.id: story.answer_of(sentence) for sentence, known in chosen if not known}
    votes: dict[str, Counter[str]] = {}
    for row in told.submissions:
        if row["answer"]:
            votes.setdefault(row["task"], Counter())[row["answer"]] += 1
    drawn = {row["task"]: row["consensus"] for row in told.results}
    bad = {person for person, profile in kinds.items() if profile.kind != "honest"}
    by_bad = sum(answer.person in bad for answer in crowd.answers)
    return Outcome(
        way,
        sum(votes[task].most_common(1)[0][0] == right for task, right in truth.items()) / len(truth),
        sum(drawn[task] == right for task, right in truth.items()) / len(truth),
        sum(votes[task].total() for task in truth) / len(truth),
        len(told.submissions) * 0.055 / len(truth),
        by_bad / len(crowd.answers),
        by_bad * 0.05,
        (len(later & bad), len(later - bad)),
        (len(accused & bad), len(accused - bad)),
    )
