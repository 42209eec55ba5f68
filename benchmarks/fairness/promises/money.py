"""Promises about money: the floor, silence, budgets, data that is not paid."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Sequence

from benchmarks.fairness.promises.promise import BY_SILENCE, Books, Promise, Verdict, hours
from domain.money.topups import WorkerRelation
from storage.drivers.connection import Row

HOUR = 3_600_000

ANSWERS = """
SELECT s.project, s.measured_in, s.worker, s.milliseconds, a.pushed, s.pay, s.standing
FROM submissions s JOIN assignments a ON a.id = s.assignment WHERE s.measured_in > 0"""
WINDOWS = "SELECT project, number, floor, expected, whole, milliseconds, each_owed - each_paid FROM topups"
PAID = "SELECT key, amount FROM transfers WHERE kind = 'topup'"
# What an ended project owes is a debt that its requester reads of; it is paid by a button or with their next launch.
RESTING = "SELECT id FROM projects WHERE (state = 'running' AND paused <> '') OR state IN ('complete', 'stopped')"


def floor(books: Books) -> Verdict:
    """Each window: what its answers brought, by the transfers, against the floor at the window's pace."""
    answers: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in books.rows(ANSWERS):
        answers[row[0], row[1]].append(row)
    paid: Counter[tuple[int, int]] = Counter()
    for key, amount in books.rows(PAID):
        _, project, number, *_ = key.split(":")
        paid[int(project), int(number)] += int(amount)
    resting = {row[0] for row in books.rows(RESTING)}
    cases = broken = owed = 0
    for project, number, promised, expected, whole, noted, rest in books.rows(WINDOWS):
        found = answers[project, number]
        took = min(_pace(found), expected * 3 // 2) if _is_alone(found) else _pace(found)
        short = sum(row[5] for row in found) + paid[project, number] < len(found) * (
            promised * (took if whole else noted) // HOUR
        )
        cases += len(found)
        broken += len(found) if short and not (rest and project in resting) else 0
        owed += len(found) if short and rest and project in resting else 0
    return Verdict(
        cases,
        broken,
        f"{broken} of {cases} answers below the floor at their pace; {owed} wait for money of projects paused or ended",
    )


def _is_alone(found: Sequence[Row]) -> bool:
    return len(_voices(found)) == 1


def _pace(found: Sequence[Row]) -> int:
    """Lower median of the voices, in milliseconds; 0 without any."""
    voices = sorted(_voices(found).values())
    return _lower_median(voices) if voices else 0


def _voices(found: Sequence[Row]) -> dict[int, int]:
    """Lower median of each worker's times, pushed tasks left out: of strangers to the requester where there are two
    (rule 2 of domain/money/topups.py), else of all workers."""
    times: dict[int, list[int]] = defaultdict(list)
    strangers = set()
    for _, _, worker, milliseconds, pushed, _, standing in found:
        if not pushed:
            times[worker].append(milliseconds)
            strangers |= {worker} if standing == WorkerRelation.STRANGER else set()
    heard = strangers if len(strangers) > 1 else times.keys()
    return {worker: _lower_median(times[worker]) for worker in heard}


def _lower_median(values: Sequence[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]


HELD = """
SELECT s.submitted_at, s.state, min(t.made_at) FROM submissions s
JOIN transfers r ON r.submission = s.id AND r.kind = 'reward'
JOIN accounts a ON a.id = r.credit AND a.name LIKE 'worker:%:pending'
LEFT JOIN transfers t ON t.submission = s.id AND t.kind IN ('release', 'reject')
GROUP BY s.id, s.submitted_at, s.state"""


def silence(books: Books) -> Verdict:
    """Pay that waited for a decision: when it became the worker's, or was held apart by one."""
    waits, broken = list[int](), 0
    for at, _, moved in books.rows(HELD):
        waited = (moved or books.end) - at
        waits += [waited] if moved else []
        broken += waited > BY_SILENCE + books.patience
    longest = hours(max(waits, default=0))
    return Verdict(len(waits), broken, f"{len(waits)} answers waited, the longest {longest}; {broken} longer than 72 h")


HOLDS = """
SELECT p.id, p.pay + p.fee, (SELECT min(a.offered_at) FROM assignments a WHERE a.project = p.id),
  (SELECT sum(k.overlap) FROM tasks k WHERE k.project = p.id),
  (SELECT sum(t.amount) FROM transfers t WHERE t.project = p.id AND t.kind = 'launch' AND t.made_at <= p.launched_at),
  (SELECT min(t.made_at) FROM transfers t WHERE t.project = p.id AND t.kind = 'launch')
FROM projects p WHERE p.launched_at IS NOT NULL"""
OVERDRAWN = "SELECT count(*) FROM entries e JOIN accounts a ON a.id = e.account WHERE e.balance < 0 AND a.overdraft = 0"


def budgets(books: Books) -> Verdict:
    """What a launch set aside, before the first task, against what all its answers can cost."""
    found = books.rows(HOLDS)
    broken = sum(
        (held or 0) < asked * each or (first is not None and (at is None or at > first))
        for _, each, first, asked, held, at in found
    )
    overdrawn = books.number(OVERDRAWN)
    return Verdict(
        len(found),
        broken + overdrawn,
        f"{len(found)} launches, {broken} not held in full before the first task; {overdrawn} overdrawn entries",
    )


REJECTED = """
SELECT s.project, t.key, s.answer, s.state FROM submissions s JOIN tasks t ON t.id = s.task"""


def exports(books: Books) -> Verdict:
    """Every answer in every file of every project, against the answers that may be there."""
    may: Counter[tuple[int, str, str]] = Counter()
    rejected = 0
    for project, key, answer, state in books.rows(REJECTED):
        if state == "rejected":
            rejected += 1
        elif answer is not None:
            may[project, key, answer] += 1
    found = Counter(
        (project, row["task"], row["answer"])
        for project, text in books.ran.exported.items()
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
        if row["answer"]
    )
    extra = sum((found - may).values())
    return Verdict(rejected, extra, f"{rejected} rejected answers, {extra} of them among {found.total()} in files")


PROMISES = (
    Promise(
        "nobody is paid below the floor",
        "each measured window: transfers of its answers and top-ups, and its pace, counted anew",
        "`services/money/topups.py`",
        "`tests/services/money/test_topups.py`, rule 13 of `pouce verify`",
        floor,
    ),
    Promise(
        "silence pays within 72 hours",
        "answers whose reward was credited as pending, until it was released or held apart",
        "`services/work/sweeps.py`",
        "`tests/services/fairness/test_review.py`",
        silence,
    ),
    Promise(
        "budgets are held before tasks",
        "the launch's transfer against tasks × answers × cost, and the moment of the first task; every entry's balance",
        "`services/projects/launches.py`",
        "`tests/services/money/test_transfers.py`",
        budgets,
    ),
    Promise(
        "no rejected answer is in an export",
        "the files of all projects, read back row by row",
        "`storage/projects/results.py`",
        "`tests/services/fairness/test_rejections.py`",
        exports,
    ),
)
