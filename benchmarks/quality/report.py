"""python -m benchmarks quality [--data DIR] [--replay FILE] [--seeds N] [--sets NAME …] [--write]"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality import attacks, crowds, figures, measures, yardsticks
from benchmarks.quality.policy import policy
from benchmarks.tables import RESULTS, WRITE, keep
from domain.quality.crowd import gather
from domain.quality.fraud.collusion import voices
from domain.quality.live import opened, refit, update

Row = dict[str, float]
ORDER_CONFIDENCE = 0.95


def main(arguments: list[str]) -> int:
    """Run every row on every set and print it; with --write the tables and their picture are kept."""
    options = _options(arguments)
    replay = crowds.load_replay(options.replay or options.data / "replay.py")
    rows: dict[str, Row] = {}
    curves: dict[str, Any] = {}
    for name in crowds.names(options.data, options.sets):
        data = replay.load(name, str(options.data))
        seeds = crowds.seeds_for(data, options.seeds)
        rows[name], curves[name] = one_set(replay, data, seeds)
        print(f"{name}: " + ", ".join(f"{k} {v:.3f}" for k, v in rows[name].items()), flush=True)
        if options.write:
            _write(options, rows, curves)
    print(figures.page(rows))
    return 0


def _write(options: argparse.Namespace, rows: dict[str, Row], curves: dict[str, Any]) -> None:
    """The tables and their picture so far: a long run may be cut short."""
    keep("quality", "Quality: label quality per answer paid", f"quality --seeds {options.seeds}", figures.page(rows))
    figures.draw(curves, RESULTS / "quality.png")


def one_set(replay: Any, data: Any, seeds: int) -> tuple[Row, Any]:
    """Every figure of one set, and its cost–accuracy curves."""
    row: Row = {"majority": measures.majority(replay, data, seeds)["all"][0], "fair majority": measures.fair(data)}
    row |= {name: figure[0] for name, figure in yardsticks.accuracies(data).items()}
    row["reference"] = _reference(replay, data)
    row |= _batch(replay, data, "ours", seeds, 0.0) | _batch(replay, data, "ours, 10 % gold", seeds, 0.1)
    targets = measures.majority(replay, data, seeds)
    made: dict[str, Callable[[float], Any]] = {
        "ours": policy, "reference": lambda c: replay.EMPolicy(c, **replay.REFERENCE)
    }  # fmt: skip
    lines = {name: measures.curve(replay, data, make, seeds) for name, make in made.items()}
    for name, points in lines.items():
        for target, figure in targets.items():
            row[f"{name} needs of {target}"] = measures.needed(replay, points, figure) or np.nan
    row |= _order(replay, data, seeds) | _attacks(replay, data, seeds) | _cost(data)
    return row, (lines, targets)


def _reference(replay: Any, data: Any) -> float:
    posterior = replay.map_em(data.task, data.worker, data.label, data.T, data.W, data.K)[0]
    scored = data.truth >= 0
    return float((posterior.argmax(1) == data.truth)[scored].mean())


def _batch(replay: Any, data: Any, name: str, seeds: int, gold: float) -> Row:
    """Accuracy and calibration error with every answer bought."""
    found = []
    for seed in range(seeds if gold else 1):
        bought = policy(None)
        run = replay.replay(data, bought, seed, gold)
        scored = data.truth >= 0
        scored[list(replay.pick_gold(data, seed, gold))] = False
        right = run.labels[scored] == data.truth[scored]
        found.append((run.acc, measures.calibration_error(bought.confidences()[scored], right)))
    accuracy, error = np.mean(found, 0).tolist()
    return {name: accuracy, f"{name}: calibration error": error}


def _order(replay: Any, data: Any, seeds: int) -> Row:
    """Accuracy lost, and answers more, from random to real arrival order at ORDER_CONFIDENCE."""
    if data.time is None:
        return {}
    runs = {order: [replay.replay(data, policy(ORDER_CONFIDENCE), s, 0.0, order) for s in range(max(5, seeds))]
            for order in ("random", "time")}  # fmt: skip
    accuracy = {order: np.mean([r.acc for r in of]) for order, of in runs.items()}
    cost = {order: np.mean([r.cost for r in of]) for order, of in runs.items()}
    return {"order loss": float(accuracy["random"] - accuracy["time"]),
            "order cost": float(cost["time"] / cost["random"])}  # fmt: skip


def _attacks(replay: Any, data: Any, seeds: int) -> Row:
    if len(data.task) > 30_000:
        return {}
    row: Row = {}
    runs = [attacks.colluders(replay, data, seed) for seed in range(seeds)]
    row |= {f"ring: {key}": float(np.mean([run[key] for run in runs])) for key in runs[0]}
    for given in (20, 40, 60):
        found = [run for run in [attacks.spammers(replay, data, s, given) for s in range(5 * seeds)] if run]
        row |= {f"{given} answers: {key}": _mean([r[key] for r in found]) for key in (found or [{}])[0]}
    found = [attacks.sleepers(replay, data, seed) for seed in range(seeds)]
    return row | {f"sleeper: {key}": float(np.mean([r[key] for r in found])) for key in found[0]}


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


def _cost(data: Any) -> Row:
    """Seconds of a refit, and of looking for rings, per 100k answers; microseconds of an update."""
    crowd = gather(np.stack([data.task, data.worker, data.label], 1), data.T, data.W, data.K)
    start = time.process_time()
    fresh = refit(crowd)
    spent = time.process_time() - start
    start = time.process_time()
    voices(crowd)
    listened = time.process_time() - start
    state, rows = opened(data.K).fresh, list(zip(data.worker.tolist(), data.label.tolist(), strict=True))[:20_000]
    start = time.process_time()
    for worker, label in rows:
        state = update(state, fresh.workers[worker], label)
    each = (time.process_time() - start) / len(rows)
    scale = 1e5 / len(data.task)
    return {"refit s per 100k": spent * scale, "rings s per 100k": listened * scale, "update µs": each * 1e6}


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks quality")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("CROWD_DATA", ".")))
    parser.add_argument("--replay", type=Path, help="replay.py, where the data has none")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", nargs="*")
    parser.add_argument("--write", action="store_true", help=WRITE)
    return parser.parse_args(arguments)
