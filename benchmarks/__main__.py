"""`python -m benchmarks NAME [options]`: each table is measured, printed and explained by one module."""

import sys
from importlib import import_module
from importlib.util import find_spec

TABLES = {
    "api": "benchmarks.api",
    "attacks": "benchmarks.attacks.command",
    "crowd": "benchmarks.crowd",
    "dashboard": "benchmarks.dashboard",
    "drawing": "benchmarks.drawing",
    "fairness": "benchmarks.fairness.command",
    "faults": "benchmarks.faults",
    "foresight": "benchmarks.quality.foresight",
    "running_estimate": "benchmarks.quality.running_estimate",
    "footprint": "benchmarks.footprint.command",
    "goals": "benchmarks.goals",
    "hostile_files": "benchmarks.hostile_files",
    "growth": "benchmarks.growth",
    "guide": "benchmarks.guide",
    "homes": "benchmarks.homes",
    "kinds": "benchmarks.quality.kinds",
    "known_workers": "benchmarks.quality.known_workers",
    "ledger": "benchmarks.ledger",
    "mutation": "benchmarks.mutation",
    "pipeline": "benchmarks.pipeline",
    "picture": "benchmarks.picture",
    "profile": "benchmarks.profile",
    "processes": "benchmarks.processes",
    "quality": "benchmarks.quality.report",
    "refit": "benchmarks.refit",
    "relay": "benchmarks.relay",
    "savings": "benchmarks.quality.savings",
    "scale": "benchmarks.scale",
    "screens": "benchmarks.screens",
    "shapes": "benchmarks.quality.shapes",
    "shows": "benchmarks.shows",
    "memory": "benchmarks.memory",
    "treasury": "benchmarks.treasury",
    "versions": "benchmarks.versions",
    "walk": "benchmarks.walk",
}
if find_spec("benchmarks.mturk"):  # it goes with its extension
    TABLES |= {"mturk": "benchmarks.mturk.api", "turk_programs": "benchmarks.mturk.programs"}


def main(arguments: list[str]) -> int:
    """A module's `main(arguments)` returns the exit code."""
    if not arguments or arguments[0] not in TABLES:
        print(f"usage: python -m benchmarks {{{','.join(TABLES)}}} [options]", file=sys.stderr)
        return 2
    return int(import_module(TABLES[arguments[0]]).main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
