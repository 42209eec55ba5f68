"""python -m benchmarks quality [--data DIR] [--replay FILE] [--seeds N] [--sets NAME …] [--attacks] [--slow]"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality import attacks, crowds, figures, machine, measures, order, yardsticks
from benchmarks.quality.policy import policy
from benchmarks.tables import keep
from bot.running import settle_memory
from domain.quality.collusion import find_key_followers
from domain.quality.crowd import Crowd, crowd_from_triples
from domain.quality.live import add_answer
from domain.quality.refit import opening_model, refit

Row = dict[str, float]
ORDER_CONFIDENCE, ASKED, COSTS = 0.95, 0.95, (3.3, 4.3)
LARGE, REFITS = 20_000, 3  # answers: below, what a refit takes whatever its size would be counted per answer


def main(arguments: list[str]) -> int:
    """Measures every set, two at a time, then what a refit takes, alone; prints the table, and writes it where it is
    wanted."""
    options = _options(arguments)
    names, began = crowds.names(options.data, options.sets), time.monotonic()
    rows: dict[str, Row] = {}
    with ProcessPoolExecutor(options.processes) as pool:  # the large sets first: they take longest
        given = options.data, options.replay
        work = {pool.submit(one_set, *given, n, options.seeds, options.attacks, options.slow): n for n in names}
        for done in as_completed(work):
            name, row = work[done], done.result()
            rows[name] = row
            print(f"{name}: " + ", ".join(f"{k} {v:.3f}" for k, v in row.items()), flush=True)
            _written(options, rows)  # a long run may be cut short
    settle_memory()
    for name in names:
        rows[name] |= _cost(_data(*given, name)[1])
    _written(options, rows)
    print(figures.page(rows), f"\n{(time.monotonic() - began) / 60:.0f} minutes")
    return 0


def _written(options: argparse.Namespace, rows: Mapping[str, Row]) -> None:
    if options.write:
        keep("quality", figures.TITLE, f"quality --seeds {options.seeds}", figures.page(rows))


def _data(directory: Path, replay_file: Path | None, name: str) -> tuple[Any, Any]:
    """The replay, and a set as it reads it."""
    replay = crowds.load_replay(replay_file or directory / "replay.py")
    return replay, replay.load(name, str(directory))


def one_set(directory: Path, replay_file: Path | None, name: str, seeds: int, attacked: bool, slow: bool) -> Row:
    """Every figure of one set."""
    replay, data = _data(directory, replay_file, name)
    seeds = crowds.seeds_for(data, seeds)
    targets = measures.majority(replay, data, seeds)
    row: Row = {"majority": float(measures.vote_hits(data)[data.truth >= 0].mean())}
    row |= {method: figure[0] for method, figure in yardsticks.accuracies(data, slow).items()}
    row |= _batch(data, "ours", 1, 0) | _batch(data, "ours, 20 gold", 3 * seeds, machine.GOLD)
    tenth = round(0.1 * (data.truth >= 0).sum())
    row |= _batch(data, "ours, 10 % gold", 3 * seeds, int(tenth))
    if name in crowds.STRESS:
        return row
    points = measures.curve(replay, data, policy, seeds)
    row |= {f"ours at {cost} answers": measures.at_cost(points, cost) for cost in COSTS}
    row |= {f"ours needs of {key}": measures.needed(replay, points, target) for key, target in targets.items()}
    if len(data.task) <= machine.MOST:
        row |= machine.measured(data, seeds) | _with_machine(replay, data, seeds) | _ordered(data, seeds)
    return row | _arrival(replay, data, seeds) | (_attacks(replay, data, seeds) if attacked else {})


def _batch(data: Any, name: str, seeds: int, gold: int) -> Row:
    """Accuracy, calibration error, and the paired lead over majority, with every answer bought."""
    found, leads = [], []
    for seed in range(seeds):
        known, bought = machine.known(data, seed, gold), policy(None)
        bought.start(data.T, data.W, data.K, known)
        bought.answers = list(zip(data.task.tolist(), data.worker.tolist(), data.label.tolist(), strict=True))
        said, scored = bought.result(), data.truth >= 0
        scored[list(known)] = False
        right = (said == data.truth)[scored]
        found.append((right.mean(), measures.calibration_error(bought.confidences()[scored], right)))
        leads.append(measures.interval(right - measures.vote_hits(data)[scored]))
    accuracy, error = np.mean(found, 0).tolist()
    lead, low, high = np.mean(leads, 0).tolist()
    return {name: accuracy, f"{name}: calibration error": error, f"{name}: lead": lead,
            f"{name}: lead, low": low, f"{name}: lead, high": high}  # fmt: skip


def _with_machine(replay: Any, data: Any, seeds: int) -> Row:
    """With 5 % gold: what people alone reach at ASKED, and the share of their answers that reaches it beside an 80 %
    model; what the same confidence costs and reaches beside it."""
    alone = [replay.replay(data, policy(ASKED), seed, 0.05) for seed in range(seeds)]
    target = float(np.mean([run.acc for run in alone])), float(np.mean([run.cost for run in alone]))
    model = machine.simulated(data, 0.8, 0)
    points = measures.curve(replay, data, lambda c: policy(c, model), 1, 0.05)
    same = points[measures.GRID.index(ASKED)]
    return {
        "people asked: answers": target[1], "people asked: accuracy": target[0],
        "ai asked: answers": same[0], "ai asked: accuracy": same[1],
        "ai needs of people": measures.needed(replay, points, target),
    } | {f"ai at {c}: {what}": value
         for c, point in zip(measures.GRID, points, strict=True)
         for what, value in zip(("answers", "accuracy"), point, strict=True)}  # fmt: skip


def _ordered(data: Any, seeds: int) -> Row:
    """The same workers, given the task with fewest answers, or the one that they are expected to tell most of."""
    row: Row = {}
    for name, rule in order.RULES.items():
        runs = [order.accuracies(data, rule, seed) for seed in range(seeds)]
        for budget in order.BUDGETS:
            row[f"{name}, {budget}"] = float(np.mean([run.get(budget, np.nan) for run in runs]))
    return row


def _arrival(replay: Any, data: Any, seeds: int) -> Row:
    """Accuracy lost from random to real arrival order at ORDER_CONFIDENCE."""
    if data.time is None:
        return {}
    found = {name: np.mean([replay.replay(data, policy(ORDER_CONFIDENCE), s, 0.0, name).acc for s in range(seeds)])
             for name in ("random", "time")}  # fmt: skip
    return {"order loss": float(found["random"] - found["time"])}


def _attacks(replay: Any, data: Any, seeds: int) -> Row:
    if len(data.task) > machine.MOST:
        return {}
    runs = [attacks.colluders(replay, data, seed) for seed in range(seeds)]
    row: Row = {f"ring: {key}": float(np.mean([run[key] for run in runs])) for key in runs[0]}
    for given in (20, 40, 60):
        found = [run for run in [attacks.spammers(replay, data, s, given) for s in range(5 * seeds)] if run]
        row |= {f"{given} answers: {key}": _mean([r[key] for r in found]) for key in (found or [{}])[0]}
    slept = [attacks.sleepers(replay, data, seed) for seed in range(seeds)]
    return row | {f"sleeper: {key}": float(np.mean([r[key] for r in slept])) for key in slept[0]}


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


def _cost(data: Any) -> Row:
    """Of large sets: processor seconds of a refit, rings included, per 100k answers; microseconds of an update. The
    median of REFITS, as the first one also makes what later ones find made."""
    if len(data.task) < LARGE:
        return {}
    crowd = crowd_from_triples(np.stack([data.task, data.worker, data.label], 1), data.T, data.W, data.K)
    listened, fitted = np.median([_seconds(crowd) for _ in range(REFITS)], 0) * 1e5 / len(data.task)
    fresh, state = refit(crowd), opening_model(data.K).fresh
    rows = list(zip(data.worker.tolist(), data.label.tolist(), strict=True))[:20_000]
    start = time.process_time()
    for worker, label in rows:
        state = add_answer(state, fresh.workers[worker], label)
    each = (time.process_time() - start) / len(rows)
    return {"refit s per 100k": listened + fitted, "of these rings": listened, "update µs": each * 1e6}


def _seconds(crowd: Crowd) -> tuple[float, float]:
    """Of the search for rings, and of the refit without them."""
    start = time.process_time()
    members = find_key_followers(crowd)
    listened = time.process_time()
    refit(crowd, unheard=members)
    return listened - start, time.process_time() - listened


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = crowds.parser("quality", 2)
    parser.add_argument("--replay", type=Path, help="replay.py, where the data has none")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--attacks", action="store_true", help="bad workers planted among real ones, too")
    parser.add_argument("--slow", action="store_true", help="MACE and GLAD beside it, too")
    return parser.parse_args(arguments)
