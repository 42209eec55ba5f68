"""python -m benchmarks running_estimate [--data DIR] [--seeds N] [--write]

Whether the confidences of a running project's finished tasks foretell how right all its results will be better than
its check questions do, as the pre-flight card reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.quality import crowds
from benchmarks.quality.foresight import ENOUGH, singles_of, usual
from benchmarks.quality.machine import known
from benchmarks.tables import keep
from domain.projects.preflight import AccuracyEvidence, foresee_accuracy
from domain.quality import live
from domain.quality.crowd import ENOUGH_GOLD, Crowd, crowd_from_triples
from domain.quality.figures import FOLDS
from domain.quality.refit import refit

OVERLAPS, GOLD, SHARES = (2, 3, 5), (0, 10, 20, 50, 100), (0.1, 0.25, 0.5, 1.0)
DRAWS, SEED = 4_000, 0
PLAN = """\
**Written down before it was run.** Fifteen crowds, each left out of everything learnt; three seeds (one above 30,000
answers); overlap 2, 3 and 5; so many check questions, answered first; then a tenth, a quarter, half and all of the
other answers. What is foretold: the share of the finished project's results that is right. *Card*: from the check
questions alone. *Confidences*: the mean calibrated confidence of finished tasks. *Gold*: the check questions whose
result would be right without their own truth. *Together*: card + w × (confidences − card) + b, w and b by least squares
on the other crowds. The confidences are built into the product if, with 20 check questions and half of the run, they or
both together are off by half a point less than the card.
"""
FOUND = """
**Not built.** With 20 check questions and half of the run the confidences are off by more than the card, and the two
together by no less: what other crowds teach of w is worth little here. Only at the end, with many check questions,
would both together be better, by half a point: when the results are there. So while a project runs its message shows
the card's estimate, from the check questions answered so far."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One project after a share of its run: what is foretold, and what came."""

    name: str
    gold: int
    share: float
    card: float
    sure: float
    checked: float | None
    came: float


def main(arguments: list[str]) -> int:
    options = crowds.parser("running_estimate", 3).parse_args(arguments)
    replay = crowds.load_replay(options.data / "replay.py")
    singles = singles_of(replay, options.data)
    rows: list[Ran] = []
    for name in crowds.names(options.data, options.sets):
        if name not in crowds.STRESS:
            data = replay.load(name, str(options.data))
            rows += ran(replay, data, usual(data, singles), options.seeds)
            print(name, flush=True)
    text = "\n".join([PLAN, *table(rows), FOUND])
    print(text)
    if options.write:
        keep(
            "running_estimate", "Does confidence foretell accuracy?", f"running_estimate --seeds {options.seeds}", text
        )
    return 0


def ran(replay: Any, data: Any, middle: float, seeds: int) -> Iterator[Ran]:
    given = np.bincount(data.task, minlength=data.T)[data.truth >= 0]
    for seed in range(crowds.seeds_for(data, seeds)):
        for most in OVERLAPS:
            if (given >= most).mean() >= ENOUGH:
                answers = _first(replay, data, seed, most)
                for count in GOLD:
                    if count <= 0.6 * len(given):
                        yield from _project(data, answers, most, known(data, seed, count), middle)


def _first(replay: Any, data: Any, seed: int, most: int) -> Any:
    """The first so many answers to each task."""
    seen, kept = np.zeros(data.T, int), []
    for at in replay.stream_order(data, seed).tolist():
        if seen[data.task[at]] < most:
            seen[data.task[at]] += 1
            kept.append(at)
    return np.stack([data.task, data.worker, data.label], 1)[kept]


def _project(data: Any, answers: Any, most: int, gold: dict[int, int], middle: float) -> Iterator[Ran]:
    is_gold = np.isin(answers[:, 0], list(gold))
    first, others = answers[is_gold], answers[~is_gold]
    hits = [(int((own[:, 2] == gold[task]).sum()), len(own)) for task in gold if len(own := first[first[:, 0] == task])]
    card = foresee_accuracy(data.K, AccuracyEvidence(tuple(hits), middle), most).accuracy
    wanted = np.minimum(most, np.bincount(data.task, minlength=data.T))
    found = []
    for share in SHARES:
        there = np.concatenate([first, others[: int(len(others) * share)]])
        found.append((share, *_after(data, there, gold, wanted)))
    came = found[-1][-1]
    yield from (
        Ran(data.name, len(gold), share, card, sure, checked, came) for share, sure, checked, _ in found if sure
    )


def _after(data: Any, answers: Any, gold: dict[int, int], wanted: Any) -> tuple[float | None, float | None, float]:
    """The mean confidence of finished tasks, what of the gold is right without its truth, and what of them is right."""
    crowd = crowd_from_triples(list(map(tuple, answers.tolist())), data.T, data.W, data.K, gold or None)
    fitted = refit(crowd)
    said = [live.consensus(task, fitted.project) for task in fitted.tasks]
    done = (np.array([task.answers for task in fitted.tasks]) >= wanted) & (wanted > 0)
    done[list(gold)] = False
    sure = (
        float(np.mean([each.confidence for each, is_done in zip(said, done, strict=True) if is_done]))
        if any(done)
        else None
    )
    scored = done & (data.truth >= 0)
    right = float((np.array([each.choice for each in said]) == data.truth)[scored].mean()) if any(scored) else 0.0
    checked = [hit for fold in range(FOLDS) for hit in _checked(crowd, np.arange(len(gold)) % FOLDS == fold)]
    return sure, float(np.mean(checked)) if checked else None, right


def _checked(crowd: Crowd, own: Any) -> Iterator[bool]:
    """Whether each answered gold task of a fold is right by a refit that knows the others."""
    others = refit(replace(crowd, gold_task=crowd.gold_task[~own], gold_label=crowd.gold_label[~own]))
    for task, label in zip(crowd.gold_task[own].tolist(), crowd.gold_label[own].tolist(), strict=True):
        if others.tasks[task].answers:
            yield live.consensus(others.tasks[task], others.project).choice == label


def table(rows: list[Ran]) -> Iterator[str]:
    yield "| check questions | of the run | card | confidences | gold | together | w | together less card, 95 % |"
    yield "| --: | --: | --: | --: | --: | --: | --: | --: |"
    for count in GOLD:
        for share in SHARES:
            yield _line(count, share, [row for row in rows if (row.gold, row.share) == (count, share)])


def _line(count: int, share: float, rows: list[Ran]) -> str:
    taught = {name: _taught([row for row in rows if row.name != name]) for name in {row.name for row in rows}}

    def together(row: Ran) -> float:
        weight, more = taught[row.name]
        return row.card + weight * (row.sure - row.card) + more

    card, both = _off(rows, lambda row: row.card), _off(rows, together)
    gain = np.array([both[name] - card[name] for name in sorted(card)])
    dice = np.random.default_rng(SEED)
    low, high = np.quantile([dice.choice(gain, len(gain)).mean() for _ in range(DRAWS)], [0.025, 0.975])
    sure = _mean(_off(rows, lambda row: row.sure))
    gold = f"{_mean(_off(rows, lambda row: row.checked or 0.0)):.3f}" if count >= ENOUGH_GOLD else ""
    weight = np.mean([each[0] for each in taught.values()])
    return (
        f"| {count} | {share:.0%} | {_mean(card):.3f} | {sure:.3f} | {gold} | {_mean(both):.3f} | {weight:.2f} "
        f"| {gain.mean():+.3f} ({low:+.3f} to {high:+.3f}) |"
    )


def _taught(rows: list[Ran]) -> tuple[float, float]:
    """w and b, every crowd counting alike."""
    names = [row.name for row in rows]
    root = np.array([names.count(name) for name in names]) ** -0.5
    told = np.array([(row.sure - row.card, 1.0) for row in rows])
    missed = np.array([row.came - row.card for row in rows])
    weight, more = np.linalg.lstsq(told * root[:, None], missed * root, rcond=None)[0].tolist()
    return weight, more


def _off(rows: list[Ran], told: Callable[[Ran], float]) -> dict[str, float]:
    """The mean error of each crowd."""
    names = {row.name for row in rows}
    return {n: float(np.mean([abs(told(row) - row.came) for row in rows if row.name == n])) for n in names}


def _mean(errors: Mapping[str, float]) -> float:
    return float(np.mean(list(errors.values())))
