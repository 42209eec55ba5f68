"""Evidence against workers of kinds without classes, from gold and the others' answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from domain.answers import AnswerKind, Given, consensus_of, kind_of
from domain.quality.aggregation import Vote
from domain.quality.crowd import Floats
from domain.quality.fraud.change_point import turn
from domain.quality.fraud.evidence import PEAKED, Finding

GRID = np.linspace(0.02, 0.98, 25)  # how often an honest worker's answers are met
HONEST, BELIEVED = 0.75, 4.0  # before anything is known, worth so many answers
LEAST_SIZE, MOST_SIZE = 3.0, 20.0  # pseudo-answers of the Beta distribution of honest workers
TRIED = 12  # own answers compared with so many other tasks, to estimate agreement by chance
LEAST_CHANCE, MOST_CHANCE = 0.01, 0.9
ROUNDS = 3
TELLING = 0.2  # honest answers must agree that much more often than guesses, or there is no evidence


def doubts(
    kind: str, options: Sequence[str], given: Sequence[Given], gold: Mapping[int, Sequence[str]]
) -> tuple[Finding, ...]:
    """Random, constant, sleeping and copying workers; by worker as given."""
    known = kind_of(kind)
    meeting = _meeting(kind, options, given, gold) if known.is_aggregated else ()
    return (*meeting, *known.copies(given))


def _meeting(
    kind: str, options: Sequence[str], given: Sequence[Given], gold: Mapping[int, Sequence[str]]
) -> list[Finding]:
    """How often each worker's answers are met by gold and by the others'."""
    known = kind_of(kind)
    tasks: dict[int, list[Given]] = defaultdict(list)
    for each in given:
        tasks[each.task].append(each)
    meant = {task: _meant(kind, options, answers, gold.get(task)) for task, answers in tasks.items()}
    met: dict[int, list[bool]] = defaultdict(list)
    own: dict[int, list[Given]] = defaultdict(list)
    for each in given:
        reference = gold.get(each.task) or _meant(kind, options, _without(tasks[each.task], each), None)
        if reference:
            met[each.worker].append(known.is_right(each.answer, reference))
            own[each.worker].append(each)
    logs = {worker: _logs(met[worker], _chance(known, own[worker], meant)) for worker in met}
    shares = _honest({})
    for _ in range(ROUNDS):  # guessing workers are left out of the estimate of honest work
        working = {worker: met[worker] for worker in met if _nats(logs[worker], shares) < 0}
        shares = _honest(working)
    found = [one for worker in met for one in _found(known, own[worker], logs[worker], meant, gold, shares)]
    if 2 * sum(map(len, working.values())) < sum(map(len, met.values())):
        return []  # answers that hardly meet, as free text: it is the task, not the workers
    return found


def _meant(
    kind: str, options: Sequence[str], answers: Sequence[Given], gold: Sequence[str] | None
) -> Sequence[str] | None:
    """The answer that counts as right for a task: its gold, else its consensus; None without either."""
    if gold:
        return gold
    votes = [Vote(each.answer, HONEST) for each in sorted(answers, key=lambda each: each.worker)]
    said = consensus_of(kind, votes, options).answer if votes else None
    return kind_of(kind).accepted(said) if said is not None else None


def _without(answers: Sequence[Given], one: Given) -> list[Given]:
    return [each for each in answers if each.worker != one.worker]


def _logs(met: Sequence[bool], chance: float) -> Floats:
    """log P(met or not | a guess), then for every share of GRID: (answers, 1 + GRID)."""
    likely = np.concatenate([[chance], GRID])
    return np.asarray(np.log(np.where(np.array(met)[:, None], likely, 1 - likely)))


def _nats(logs: Floats, shares: Floats) -> float:
    """For guessing against honest work."""
    totals = logs.sum(0)
    top = totals[1:].max()
    return float(totals[0] - top - np.log(np.exp(totals[1:] - top) @ shares))


def _found(
    known: AnswerKind,
    own: Sequence[Given],
    logs: Floats,
    meant: Mapping[int, Sequence[str] | None],
    gold: Mapping[int, Sequence[str]],
    shares: Floats,
) -> list[Finding]:
    met, usual = logs[:, 1] < logs[:, -1], float(shares @ GRID)
    if met.any() and usual < float(np.exp(logs[met, 0]).mean()) + TELLING:
        return []
    nats, worker = _nats(logs, shares), own[0].worker
    said, most = Counter(each.answer for each in own).most_common(1)[0]
    constant = most >= PEAKED * len(own) and len(own) > 1
    seen = sum(each.task in gold for each in own)
    where = (_met_by(known, said, meant), most / len(own)) if constant else (usual, float(met.mean()))
    first = Finding(worker, "constant" if constant else "random", nats, len(own), seen, *where)
    turned = turn(logs, shares)
    if turned.nats <= nats or turned.since >= len(own):
        return [first]
    parts = float(met[: turned.since].mean()), float(met[turned.since :].mean())
    return [first, Finding(worker, "sleeper", turned.nats, len(own) - turned.since, 0, *parts)]


def _chance(known: AnswerKind, own: Sequence[Given], meant: Mapping[int, Sequence[str] | None]) -> float:
    """How often this worker's answers would be met by chance: held against other tasks' than their own."""
    step, tasks = -(-len(own) // TRIED), [task for task, right in meant.items() if right]
    tasks = tasks[:: -(-len(tasks) // TRIED)] if tasks else []
    hits = [
        known.is_right(each.answer, meant[task] or ()) for each in own[::step] for task in tasks if task != each.task
    ]
    return float(np.clip((sum(hits) + 0.5) / (len(hits) + 1), LEAST_CHANCE, MOST_CHANCE))


def _met_by(known: AnswerKind, answer: str, meant: Mapping[int, Sequence[str] | None]) -> float:
    right = [known.is_right(answer, each) for each in meant.values() if each]
    return float(np.mean(right)) if right else 0.0


def _honest(met: Mapping[int, Sequence[bool]]) -> Floats:
    """How honest workers are spread over GRID: a Beta distribution by the two moments of the workers' shares."""
    right, tried = sum(map(sum, met.values())), sum(map(len, met.values()))
    mean = (right + HONEST * BELIEVED) / (tried + BELIEVED)
    rates = np.array([np.mean(own) for own in met.values() if len(own) >= BELIEVED])
    spare = float(rates.var()) if len(rates) > 2 else 0.0
    size = float(np.clip(mean * (1 - mean) / max(spare, 1e-3) - 1, LEAST_SIZE, MOST_SIZE))
    shares = GRID ** (size * mean - 1) * (1 - GRID) ** (size * (1 - mean) - 1)
    return np.asarray(shares / shares.sum())
