"""python -m benchmarks known_workers [--data DIR] [--seeds N] [--sets NAME …] [--write]

What workers showed in one project, as a prior in the next one of the same kind: what it gains, and what it costs where
it is wrong. The product has no such prior (docs/explanation/quality.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.special import expit, logit

from benchmarks.quality import crowds, machine, measures, order
from benchmarks.quality.policy import Policy
from benchmarks.tables import keep
from domain.quality import live, model
from domain.quality.crowd import Crowd, Floats, crowd_from_triples, posterior_mean
from domain.quality.live import WorkerModel
from domain.quality.model import PEOPLE_WEIGHT
from domain.quality.refit import Refit, opening_model, refit
from domain.work.dispatch import get_standing

PLAN = """\
**Written down before it was run.** Fifteen crowds, the three stress sets apart; the tasks of each split at random
into a first and a second project with the same workers. The first is asked for three answers a task, as by default
(*all*: for all it has), and refitted as the product does, without gold. The second gets two or three answers a task,
or as many as a policy wants until a confidence, without gold (with 20: apart), and is fitted knowing nothing of
anybody, as today, or with a prior of each worker. *Lead N*: their lead over the first crowd in log odds of being
right, by their stored skill, joins their accuracy in the second as n N/(n + N) answers, n the sure judgements behind
it: N at most, however long somebody worked, so that who has changed is unlearnt. Nobody is taken for worse than a
guess. It is built if, over all sets, accuracy with two and with three answers is beyond noise above today's, no set
loses more than its noise, the calibration error is no more than .005 larger, and wrong knowledge costs next to
nothing: .005 where workers have exchanged their leads by lot, or where a third of the better half answers by lot in
the second; .01 where every lead is turned round, as after a first project that took its best workers for its worst.

First try, three seeds, chosen on every other set among N = 10 · 20 · 40, the same as far as the second project bears
it out, and N answers' rows of the confusion matrix instead: rows of 40 were best (+.011), gained +.009 [−.002, +.022]
with two answers on the other sets, and lost .113 turned round. Lead 20 gained +.006 [+.001, +.012] with two and +.002
[.000, +.003] with three answers on all sets, and lost .014 and .003 turned round. Second try, written down before its
run, five other seeds (one above 30,000 answers): the first that passes in the order of the table. *Matrix N*: the
lead of the mean recall in the stored confusion matrix, n all answers of the worker. *Careful*: leads times the slope,
1 at most, of what workers show in the second project, knowing nothing, on what the leads foretell, plus one standard
error: in full unless that speaks against them.
"""
ORDER = """
Where the gain of an oracle comes from: a second project is asked in the product's order (the most telling of the
eight tasks with fewest answers), sets of at most 30,000 answers, three seeds. *Weights*: matrix 20 as above. *Later*:
who stood credibly below half of the mean information at the end of the first project is asked later from the first
task on. No decision hangs on it.
"""
RIVALS = ("matrix 10", "lead 20", "matrix 20", "careful lead 20", "careful matrix 20")
TITLE = "Workers who are known from another project"
FOUND = """
**Not built.** None passes. Matrix 10 gains with two and with three answers, but loses .013 where leads are turned
round; what bears that, the careful ones, is not beyond noise with three answers, which is the default. Much hangs on
one set of 54 tasks a half (`bird`: +.074 and +.037 by matrix 10): without it +.005 [+.001, +.010] and +.001 [.000,
+.002] are left, and careful matrix 20 has +.004 [+.001, +.006] and .000 [−.001, +.001]. With three answers a task a
project learns its workers by itself. A prior helps where tasks end after one or two answers, before anybody is known;
for that, what is known of a person would go from one project to the next.

What the oracle gained is mostly who is asked: after a first project of all answers, to ask its bad workers later from
the first task on gains .032 of .034 with two answers, the weights of answers alone .014. That would be a decision
against people where they have not answered anything yet. The product goes as far as before: who is asked later in
most of their projects meets the check questions of a new one first, and answers up to twelve tasks of it like
anybody."""
ANSWERS, UNTIL = (2, 3), (0.6, 0.75, 0.88, 0.95)
TODAY, ASKED, AFTER_ALL = "nothing", ("matrix 10", "matrix 20"), RIVALS[:3]
BEFORE, SEEDS_FROM = 3, 10
WRONG = ("exchanged", "changed", "turned round")
ORDERS = ("weights", "later", "weights and later")

Row = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Known:
    """Of each worker (workers,): `lead` over another crowd in log odds of being right, and the `answers` it counts."""

    lead: Floats
    answers: Floats

    def believed(self, classes: int, right: Floats, given: Floats, pooled: float) -> Floats:
        """As intervals.believed, of workers of whom the first are known; nobody is worse than a guess."""
        odds = np.maximum(expit(logit(pooled) + self.lead), min(pooled, 1 / classes))
        more = np.zeros((2, len(right)))
        more[:, : len(odds)] = self.answers * odds, self.answers
        return np.asarray(posterior_mean(right + more[0], given + more[1], pooled))


NOBODY = Known(np.zeros(0), np.zeros(0))


@contextmanager
def knowing(known: Known, classes: int) -> Iterator[None]:
    """The model's one place where an accuracy has a prior, with what is known of each worker."""
    with patch.object(model, "believed", partial(known.believed, classes)):
        yield


def fitted(crowd: Crowd, known: Known, unheard: Sequence[int] = ()) -> Refit:
    with knowing(known, crowd.classes):
        return refit(crowd, unheard=unheard)


def halves(data: Any, seed: int) -> tuple[Any, Any]:
    """Two projects with other tasks and the same workers."""
    tasks = np.random.RandomState(7_000 + seed).permutation(data.T)
    return _part(data, tasks[: data.T // 2]), _part(data, tasks[data.T // 2 :])


def _part(data: Any, tasks: Any) -> Any:
    place = np.full(data.T, -1)
    place[tasks] = np.arange(len(tasks))
    at, kept = place[data.task], place[data.task] >= 0
    given = {"task": at[kept], "worker": data.worker[kept], "label": data.label[kept]}
    return data._replace(T=len(tasks), truth=data.truth[tasks], time=None, **given)


def crowd_of(data: Any, rows: Any, gold: dict[int, int] | None = None) -> Crowd:
    return crowd_from_triples(np.stack([data.task, data.worker, data.label], 1)[rows], data.T, data.W, data.K, gold)


def leads(found: Refit, by: str) -> tuple[Floats, Floats]:
    """Of each worker: the lead over this crowd, and the answers behind it."""
    everybody, usual = found.workers, found.project.newcomer
    if by == "lead":
        odds = logit(np.array([each.skill.accuracy for each in everybody]))
        tried = np.array([each.skill.answers - usual.skill.answers for each in everybody])
        return odds - logit(usual.skill.accuracy), tried
    shares = np.array(found.project.fresh.posterior)
    odds = np.array([_recall(each, shares) for each in everybody])
    return odds - _recall(usual, shares), np.array([float(each.answers) for each in everybody])


def _recall(worker: WorkerModel, shares: Floats) -> float:
    return float(logit(shares @ np.exp(np.array(worker.evidence)).diagonal()))


def known_by(first: Refit, rival: str, second: Crowd, how: str = "") -> Known:
    """What a first project says of the workers of a second one; `how`: in which way it is wrong."""
    if rival == TODAY:
        return NOBODY
    *careful, by, most = rival.split()
    lead, tried = leads(first, by)
    if how == "exchanged":
        some, seat = np.flatnonzero(tried > 0), np.arange(len(tried))
        seat[some] = np.random.default_rng(5).permutation(some)
        lead, tried = lead[seat], tried[seat]
    if how == "turned round":
        lead = -lead
    counted = tried * float(most) / (tried + float(most))
    return Known(lead * (slope(second, lead, counted) if careful else 1.0), counted)


def slope(second: Crowd, lead: Floats, counted: Floats) -> float:
    """Of what workers show in a crowd that knows nothing of them on what their leads foretell, 0 to 1, and one standard
    error; 1 ± 1 beforehand."""
    if not len(second.task):
        return 1.0
    plain = model.fit(second)
    truth, usual, chance = model.leave_one_out_posterior(second, plain), plain.start.accuracy, 1 / second.classes
    same = (truth**2).sum(1)  # how often what the others say agrees with itself
    apart = (expit(logit(usual) + lead) - usual) * counted / (counted + 4)
    told = apart[second.worker] * (same - chance) / (1 - chance)
    foretold = usual * same + (1 - usual) * (1 - same) / max(1, second.classes - 1)
    shown = truth[np.arange(len(truth)), second.label] - foretold
    noise = max(float(shown.var()), 1e-3)
    weight = float(told @ told) + noise
    return float(np.clip((shown @ told + noise) / weight + np.sqrt(noise / weight), 0.0, 1.0))


def turned(data: Any, first: Refit, seed: int) -> Any:
    """The same project where a third of the better half of the workers answers by lot."""
    dice, (lead, tried) = np.random.default_rng(seed), leads(first, "lead")
    better = np.flatnonzero((lead > np.median(lead[tried > 0])) & (tried > 0))
    bad = np.isin(data.worker, dice.permutation(better)[: max(1, len(better) // 3)])
    return data._replace(label=np.where(bad, dice.integers(data.K, size=len(data.label)), data.label))


class Knowing(Policy):
    """A policy that knows workers by a first project, before its first refit as well."""

    def __init__(self, confidence: float, first: Refit, rival: str) -> None:
        super().__init__(confidence)
        self.first, self.rival = first, rival

    def start(self, tasks: int, workers: int, classes: int, gold: Any) -> None:
        super().start(tasks, workers, classes, gold)
        self.workers = list(begun(self.first, self.rival, workers, classes))

    def _fitted(self, crowd: Crowd, unheard: Sequence[int]) -> Refit:
        return fitted(crowd, known_by(self.first, self.rival, crowd), unheard)


def begun(first: Refit, rival: str, workers: int, classes: int) -> Iterator[WorkerModel]:
    """Everybody before the first answer, which counts what it usually is worth on gold (refit.opened)."""
    nobody = crowd_from_triples((), 1, workers, classes)
    for each in fitted(nobody, known_by(first, rival, nobody)).workers:
        evidence = tuple([tuple([PEOPLE_WEIGHT * nats for nats in row]) for row in each.evidence])
        yield replace(each, evidence=evidence)


def measured(data: Any, crowd: Crowd, known: Known) -> tuple[float, float, Floats]:
    """Accuracy, calibration error, and which tasks are right; gold is left out."""
    found, scored = fitted(crowd, known), data.truth >= 0
    said = [live.consensus(task, found.project) for task in found.tasks]
    scored[crowd.gold_task] = False
    right = (np.array([each.choice for each in said]) == data.truth)[scored]
    sure = np.array([each.confidence for each in said])[scored]
    return float(right.mean()), measures.calibration_error(sure, right), right.astype(float)


def one_set(directory: Path, name: str, seeds: int) -> tuple[Row, dict[str, list[Floats]]]:
    """Every figure of one set, a value a seed, and of each rival which tasks are right."""
    replay = crowds.load_replay(directory / "replay.py")
    data, row, hits = replay.load(name, str(directory)), Row(), dict[str, list[Floats]]()
    for seed in range(SEEDS_FROM, SEEDS_FROM + crowds.seeds_for(data, seeds)):
        one, two = halves(data, seed)
        first = refit(crowd_of(one, machine.first(one, seed, BEFORE)))
        _fixed(row, hits, two, first, seed)
        _after_all(row, two, refit(crowd_of(one, slice(None))), seed)
        for rival in (TODAY, *ASKED):
            for confidence in UNTIL:
                run = replay.replay(two, Knowing(confidence, first, rival), seed)
                _note(row, f"{rival}, until {confidence}", run.acc)
                _note(row, f"{rival}, until {confidence}: answers", run.cost)
        if len(data.task) <= machine.MOST and seed < SEEDS_FROM + 3:
            _in_order(row, two, first, seed, "")
            _in_order(row, two, refit(crowd_of(one, slice(None))), seed, ", all")
    return row, hits


def _fixed(row: Row, hits: dict[str, list[Floats]], two: Any, first: Refit, seed: int) -> None:
    gold, changed = machine.known(two, seed), turned(two, first, seed)
    for rival in (TODAY, *RIVALS):
        for count in ANSWERS:
            rows = machine.first(two, 100 + seed, count)
            for how in ("", *WRONG):
                crowd = crowd_of(changed if how == "changed" else two, rows)
                right, off, hit = measured(two, crowd, known_by(first, rival, crowd, how))
                _note(row, f"{rival}, {count}{how and f', {how}'}", right)
                if not how:
                    _note(row, f"{rival}, {count}: calibration", off)
                    hits.setdefault(f"{rival}, {count}", []).append(hit)
        crowd = crowd_of(two, rows, gold)
        right, off, _ = measured(two, crowd, known_by(first, rival, crowd))
        _note(row, f"{rival}, 20 gold", right)
        _note(row, f"{rival}, 20 gold: calibration", off)


def _after_all(row: Row, two: Any, first: Refit, seed: int) -> None:
    for rival in (TODAY, *AFTER_ALL):
        for count in ANSWERS:
            crowd = crowd_of(two, machine.first(two, 100 + seed, count))
            _note(row, f"{rival}, {count}, all", measured(two, crowd, known_by(first, rival, crowd))[0])


def _in_order(row: Row, two: Any, first: Refit, seed: int, before: str) -> None:
    for how in (TODAY, *ORDERS):
        for count, right in ordered(two, first, how, seed).items():
            _note(row, f"order: {how}, {count}{before}", right)


def ordered(data: Any, first: Refit, how: str, seed: int) -> dict[int, float]:
    """{answers a task: accuracy} where workers are given tasks as in the product."""
    rival = "matrix 20" if "weights" in how else TODAY
    stands = [get_standing(each, first.project) for each in first.workers]
    late = {at for at, each in enumerate(stands) if each is not None and each.later} if "later" in how else set[int]()

    def relearnt(crowd: Crowd) -> Refit:
        return fitted(crowd, known_by(first, rival, crowd))

    workers = list(begun(first, rival, data.W, data.K)) if rival != TODAY else [opening_model(data.K).newcomer] * data.W
    return order.accuracies(data, order.most_telling_of_few, seed, order.Before(relearnt, workers, frozenset(late)))


def _note(row: Row, key: str, value: float) -> None:
    row.setdefault(key, []).append(value)


def main(arguments: list[str]) -> int:
    """Measures every set, two at a time, prints the tables, and writes them where it is wanted."""
    options = crowds.parser("known_workers", 5).parse_args(arguments)
    names = [each for each in crowds.names(options.data, options.sets) if each not in crowds.STRESS]
    found: dict[str, tuple[Row, dict[str, list[Floats]]]] = {}
    with ProcessPoolExecutor(2) as pool:
        work = {pool.submit(one_set, options.data, name, options.seeds): name for name in names}
        for done in as_completed(work):
            found[work[done]] = done.result()
            text = "\n".join([PLAN, *table(found), FOUND])
            print(work[done], flush=True)
            if options.write:  # the tables so far: a long run may be cut short
                keep("known_workers", TITLE, f"known_workers --seeds {options.seeds}", text)
    print(text)
    return 0


def table(found: dict[str, tuple[Row, dict[str, list[Floats]]]]) -> Iterator[str]:
    found = dict(sorted(found.items()))
    rows = {name: {key: float(np.nanmean(each)) for key, each in row.items()} for name, (row, _) in found.items()}
    yield f"{len(rows)} sets. Against knowing nothing, with the 95 % interval over the sets."
    for count in ANSWERS:
        today = [
            f"{_mean(rows, f'{TODAY}, {count}{how}'):.3f}" for how in ("", ", all", *(f", {each}" for each in WRONG))
        ]
        off = f"{_mean(rows, f'{TODAY}, {count}: calibration'):.3f}"
        yield f"\n| {count} answers | accuracy | after all | calibration error | exchanged | changed | turned round |"
        yield "| --- | --: | --: | --: | --: | --: | --: |"
        yield f"| today | {today[0]} | {today[1]} | {off} | {' | '.join(today[2:])} |"
        for rival in RIVALS:
            ends = ("", ", all", ": calibration", *(f", {each}" for each in WRONG))
            yield f"| {rival} | " + " | ".join(_gain(rows, rival, f", {count}{end}") for end in ends) + " |"
    yield from ("\n| | " + " | ".join(RIVALS) + " |", "| --- |" + " --: |" * len(RIVALS))
    for what, end in (("3 answers and 20 gold", ", 20 gold"), ("… calibration error", ", 20 gold: calibration")):
        yield f"| {what} | " + " | ".join(_gain(rows, rival, end) for rival in RIVALS) + " |"
    yield f"| sets that lose more than noise | {' | '.join(_losers(found, rival) for rival in RIVALS)} |"
    yield from _until(rows)
    yield from _orders(rows)


def _until(rows: dict[str, dict[str, float]]) -> Iterator[str]:
    yield "\n| asked until | today: accuracy, answers | " + " | ".join(f"{e}: accuracy | answers" for e in ASKED) + " |"
    yield "| --: | --: |" + " --: | --: |" * len(ASKED)
    for confidence in UNTIL:
        ends = (f", until {confidence}", f", until {confidence}: answers")
        today = ", ".join(f"{_mean(rows, TODAY + end):.3f}" for end in ends)
        yield f"| {confidence} | {today} | " + " | ".join(_gain(rows, e, end) for e in ASKED for end in ends) + " |"


def _orders(rows: dict[str, dict[str, float]]) -> Iterator[str]:
    yield ORDER
    yield f"| answers a task | sets | today | {' | '.join(ORDERS)} | {' | '.join(f'{each}, all' for each in ORDERS)} |"
    yield "| --: | --: | --: |" + " --: |" * (2 * len(ORDERS))
    for count in order.BUDGETS:
        own = {n: {k[7:]: v for k, v in row.items() if k.startswith("order: ")} for n, row in rows.items()}
        own = {n: row for n, row in own.items() if not np.isnan(row.get(f"{TODAY}, {count}", np.nan))}
        if own:
            gains = [_gain(own, how, f", {count}{before}") for before in ("", ", all") for how in ORDERS]
            yield f"| {count} | {len(own)} | {_mean(own, f'{TODAY}, {count}'):.3f} | {' | '.join(gains)} |"


def _mean(rows: dict[str, dict[str, float]], key: str) -> float:
    return float(np.mean([row[key] for row in rows.values() if key in row]))


def _gain(rows: dict[str, dict[str, float]], rival: str, end: str) -> str:
    pairs = [row[rival + end] - row[TODAY + end] for row in rows.values() if rival + end in row]
    if not pairs:
        return "–"
    mean, low, high = measures.interval(pairs)
    return f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def _losers(found: dict[str, tuple[Row, dict[str, list[Floats]]]], rival: str) -> str:
    """Sets in which the interval over tasks lies below today's, with two or three answers."""
    names = []
    for name, (_, hits) in found.items():
        pairs = [np.concatenate(hits[f"{rival}, {n}"]) - np.concatenate(hits[f"{TODAY}, {n}"]) for n in ANSWERS]
        names += [name] if any(measures.interval(each.tolist())[2] < 0 for each in pairs) else []
    return ", ".join(names) or "none"
