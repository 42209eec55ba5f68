"""The data sets and the replay that came with them, loaded from where they are."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.tables import WRITE

STRESS = ("ducks", "fact", "hitspam_cf")  # reported, but left out of means


def load_replay(path: Path) -> ModuleType:
    """The data's own replay.py, as a module."""
    spec = importlib.util.spec_from_file_location("crowd_replay", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no replay at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def parser(command: str, seeds: int) -> argparse.ArgumentParser:
    """Of a benchmark over these sets: where they are, which of them, and how many seeds."""
    made = argparse.ArgumentParser(prog=f"python -m benchmarks {command}")
    made.add_argument("--data", type=Path, default=Path(os.environ.get("CROWD_DATA", ".")))
    made.add_argument("--seeds", type=int, default=seeds)
    made.add_argument("--sets", nargs="*")
    made.add_argument("--write", action="store_true", help=WRITE)
    return made


def names(directory: Path, chosen: list[str] | None) -> list[str]:
    """Sets in `directory`, all or the chosen ones, the large ones first: they take longest."""
    found = {path.parent.name: path.stat().st_size for path in directory.glob("*/answers.csv")}
    return sorted((n for n in found if not chosen or n in chosen), key=lambda n: -found[n])


def seeds_for(data: Any, seeds: int) -> int:
    """Large sets vary little between seeds: one is enough."""
    return 1 if len(data.task) > 30_000 else seeds
