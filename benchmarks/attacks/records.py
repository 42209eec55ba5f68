"""The attack "gold through records": workers read everything they may see after each of their answers, and look for a
sign that comes with right answers to check questions and with no others.

A ring that can tell them answers check questions honestly and everything else at random, and is never suspected.
"""

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import orjson

from benchmarks.attacks.attack import Attack
from benchmarks.databases import fresh
from domain.moments import SECOND, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import Project
from domain.refusals import Refusal
from domain.work.assignments import Submission
from formats.personal_data import fields_of
from jobs import records
from services.money import explanations, wallet
from services.quality import figures, gold_challenges
from services.work import corrections, places, submit
from storage.database import Database
from storage.people.personal_data import EVERYTHING_ABOUT
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

NOON = Moment(1_800_000_000_000)
BETWEEN = 20 * SECOND  # answers of one worker
WORKERS, ANSWERS, TASKS, GOLD = 12, 30, 60, 20
SHUFFLES, OF_THEM = 200, 0.95
LEAST = 4  # answers that must show a sign before it is believed
# Sections of `/mydata` that are looked at apart: by `money` the ledger, by `messages` the letters themselves.
LETTERS = "SELECT screen, facts FROM outbox WHERE person = :person ORDER BY id"
SECRET = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
Seen = Mapping[str, Sequence[Any]]  # the values at each place, such as `record.check_questions.seen`
Sign = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class SeenAnswer:
    """What changed in everything a worker can see with their `turn`-th answer, which was right."""

    worker: int
    turn: int
    gold: bool
    signs: frozenset[Sign]


def measure_attacks(seed: int) -> Sequence[Attack]:
    """Return how many right answers to check questions a sign gives away, beside what shuffled answers would."""
    with fresh("sqlite") as place:
        seen = asyncio.run(_watched(place.url, seed))
    identified, chance = identify(seen), by_chance(seen, seed)
    golds = sum(each.gold for each in seen)
    worst = "; ".join(f"{place} ({count})" for place, count in leaks(seen)[:3])
    told = f"{WORKERS} workers, {len(seen)} right answers, {golds} to check questions, everything read after each"
    return [Attack("gold through records", identified / golds, chance / golds, " of gold", f"{told}. {worst}".strip())]


async def _watched(url: str, seed: int) -> list[SeenAnswer]:
    database = Database(url)
    try:
        return (await watch(database, seed))[1]
    finally:
        await database.close()


async def watch(
    database: Database, seed: int, workers: int = WORKERS, answers: int = ANSWERS
) -> tuple[House, list[SeenAnswer]]:
    """Let workers who are always right answer in turn; return every answer with the signs that came with it."""
    found: list[SeenAnswer] = []
    house = await database.transact(lambda unit: _furnished(unit, seed, workers), NOON)
    now, before = NOON, dict[PersonId, Seen]()
    for turn in range(answers):
        for at, worker in enumerate(house.workers):
            now = later(now, BETWEEN)
            if worker not in before:
                before[worker] = await database.transact(lambda unit, who=worker: _begun(unit, house, who), now)
            gold, seen = await database.transact(lambda unit, who=worker: _answered(unit, house, who), now)
            if gold is not None:
                found.append(SeenAnswer(at, turn, gold, signs(before[worker], seen)))
                before[worker] = seen
    return house, found


def _furnished(unit: UnitOfWork, seed: int, workers: int) -> House:
    """One project whose answers are all the same, with a secret of draws that comes from the seed."""
    secret = random.Random(seed).randbytes(32).hex()
    unit.connection.changed(SECRET, name=CHOICES, value=secret, now=unit.now)
    return furnish(unit, workers=workers, tasks=TASKS, gold=GOLD, overlap=workers, max_overlap=workers)


def _begun(unit: UnitOfWork, house: House, worker: PersonId) -> Seen:
    submit.show_work(unit, unit.people.get(worker))
    return everything(unit, house, worker)


def _answered(unit: UnitOfWork, house: House, worker: PersonId) -> tuple[bool | None, Seen]:
    """Answer the task in hand right, open the answer to change it, and keep it. None where no task is left."""
    person, in_hand = unit.people.get(worker), unit.assignments.active_for(worker)
    if in_hand is None:
        return None, {}
    done = submit.submit_answer(unit, person, in_hand.id, "0", None, pressed=True)
    places.end_stranded(unit)
    corrections.reopen_answer(act_of(unit, worker), in_hand.id, 0)
    corrections.keep_old_answer(act_of(unit, worker), in_hand.id)
    gold = unit.tasks.get(in_hand.task).gold is not None
    return gold, {**everything(unit, house, worker), **_flat("toast", asdict(done))}


def everything(unit: UnitOfWork, house: House, worker: PersonId) -> Seen:
    """Return all that this worker can see now, place by place."""
    act, project = act_of(unit, worker), unit.projects.get(house.project)
    person = act.person
    found: dict[str, Any] = {
        "record": records.read_record(act, "", ""),
        "skill": figures.show_skill(act),
        "balance": wallet.show_balance(act),
        "leave": submit.list_known_projects(act),
        "appeal": gold_challenges.list_contestable(act),
        "why": list(_explained(unit, worker, project)),
        "contest": [_contested(unit, worker, each) for each in _own(unit, worker)],
        "statement": [
            asdict(line) for line in unit.statements.list_lines(person, "EUR", Moment(0), later(unit.now, 1))
        ],
        "letters": [(name, orjson.loads(facts)) for name, facts in unit.connection.all(LETTERS, person=worker)],
    }
    asked = {"person": worker, "telegram_id": person.telegram_id}
    for section, statement in EVERYTHING_ABOUT.items():
        values = {name: value for name, value in asked.items() if f":{name}" in statement}
        names = fields_of(statement)
        rows = unit.connection.all(statement, **values)
        found[f"mydata {section}"] = [dict(zip(names, row, strict=True)) for row in rows]
    return {name: values for place, value in found.items() for name, values in _flat(place, value).items()}


def _own(unit: UnitOfWork, worker: PersonId) -> list[Submission]:
    rows = unit.connection.all("SELECT id FROM submissions WHERE worker = :worker ORDER BY id", worker=worker)
    return [unit.submissions.get(row[0]) for row in rows]


def _explained(unit: UnitOfWork, worker: PersonId, project: Project) -> Iterator[Any]:
    """`/why` of every operation about the worker's answers."""
    for submission in _own(unit, worker):
        for operation in unit.operations.list_for_submission(submission.id):
            try:
                yield asdict(explanations.explain_operation(act_of(unit, worker), operation.id))
            except Refusal as refusal:
                yield {"refused": type(refusal).__name__}


def _contested(unit: UnitOfWork, worker: PersonId, submission: Submission) -> Any:
    """What a forged button that contests this answer brings."""
    try:
        gold_challenges.contest_gold(act_of(unit, worker), submission.id)
    except Refusal as refusal:
        return {"refused": type(refusal).__name__}
    return {"refused": None}


def _flat(name: str, value: Any) -> dict[str, list[Any]]:
    """Return the plain values of a nested one by the path of their names; places in lists count as one."""
    found: dict[str, list[Any]] = defaultdict(list)
    _walk(name, value, found)
    return found


def _walk(name: str, value: Any, found: dict[str, list[Any]]) -> None:
    value = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _walk(f"{name}.{key}", inner, found)
    elif isinstance(value, list | tuple):
        found[f"{name}.count"].append(len(value))
        for inner in value:
            _walk(name, inner, found)
    else:
        found[name].append(value)


def signs(before: Seen, after: Seen) -> frozenset[Sign]:
    """Return how what is seen differs: a number by its difference, other values by those that came and went."""
    found: set[Sign] = set()
    for place in before.keys() | after.keys():
        old, new = before.get(place, ()), after.get(place, ())
        if len(old) == len(new) == 1 and all(isinstance(each, int | float) for each in (*old, *new)):
            found.add((place, round(new[0] - old[0], 6)))
        elif old != new:
            came = Counter(map(_masked, new))
            came.subtract(map(_masked, old))
            found |= {(place, change) for change in came.items() if change[1]}
            found.add((place, "changed"))
    return frozenset(found)


def _masked(value: Any) -> Any:
    """What differs from task to task, such as numbers and contents, is no sign."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int | float):
        return value if -10 < value < 10 else "number"
    return re.sub(r"\d+", "#", str(value))


def identify(seen: Sequence[SeenAnswer]) -> int:
    """Return how many right answers to check questions carry a sign, or lack one, that no ordinary answer carries, or
    lacks, though at least LEAST answers do."""
    return len({at for at, _ in _given_away(seen)})


def leaks(seen: Sequence[SeenAnswer]) -> list[tuple[str, int]]:
    """Return the signs that give answers away, with how many each does, the worst first."""
    return Counter(sign for _, sign in _given_away(seen)).most_common()


def by_chance(seen: Sequence[SeenAnswer], seed: int) -> int:
    """Return what `identify` finds at most in 95 of 100 shufflings: which of the answers at the same turn are to check
    questions is drawn anew, as their share by turn is no secret."""
    dice, turns = random.Random(seed), defaultdict[int, list[int]](list)
    for at, each in enumerate(seen):
        turns[each.turn].append(at)
    found = []
    for _ in range(SHUFFLES):
        gold = [each.gold for each in seen]
        for positions in turns.values():
            for at, value in zip(positions, dice.sample([gold[at] for at in positions], len(positions)), strict=True):
                gold[at] = value
        shuffled = [
            SeenAnswer(each.worker, each.turn, is_gold, each.signs) for each, is_gold in zip(seen, gold, strict=True)
        ]
        found.append(identify(shuffled))
    return sorted(found)[int(OF_THEM * SHUFFLES)]


def _given_away(seen: Sequence[SeenAnswer]) -> Iterator[tuple[int, str]]:
    """Each answer to a check question that a sign gives away, by its place, and the sign."""
    carriers = defaultdict[Sign, set[int]](set)
    for at, each in enumerate(seen):
        for sign in each.signs:
            carriers[sign].add(at)
    everyone, gold = set(range(len(seen))), {at for at, each in enumerate(seen) if each.gold}
    for (place, change), carrying in carriers.items():
        for answers, how in ((carrying, "with"), (everyone - carrying, "without")):
            if len(answers) >= LEAST and answers <= gold:
                yield from ((at, f"{place} {how} {change}") for at in answers)
