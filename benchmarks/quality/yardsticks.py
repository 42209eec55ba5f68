"""crowd-kit's aggregation methods, where it is installed (pip install --no-deps crowd-kit)."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

METHODS = {
    "Dawid–Skene": ("DawidSkene", {"n_iter": 100}, 1_000_000),
    "one coin": ("OneCoinDawidSkene", {"n_iter": 100}, 1_000_000),
    "Wawa": ("Wawa", {}, 1_000_000),
    "zero-based skill": ("ZeroBasedSkill", {"n_iter": 100}, 100_000),
}
SLOW = {  # nine tenths of the whole table's time
    "MACE": ("MACE", {"random_state": 0}, 30_000),
    "GLAD": ("GLAD", {"n_iter": 30, "silent": True}, 15_000),
}


def accuracies(data: Any, slow: bool = False) -> dict[str, tuple[float, float]]:
    """{method: (accuracy, seconds)}; methods too slow for the set's size are left out."""
    try:
        import crowdkit.aggregation as kit
        import pandas
    except ImportError:
        return {}
    frame = pandas.DataFrame({"task": data.task, "worker": data.worker, "label": data.label})
    found = {}
    for name, (method, options, most) in (METHODS | SLOW if slow else METHODS).items():
        if len(data.task) > most:
            continue
        start = time.perf_counter()
        try:
            labels = getattr(kit, method)(**options).fit_predict(frame)
        except Exception as failure:
            print(f"  {name}: {failure!r}")
            continue
        said = labels.reindex(range(data.T)).fillna(-1).to_numpy()
        scored = data.truth >= 0
        found[name] = (float(np.mean(said[scored] == data.truth[scored])), time.perf_counter() - start)
    return found
