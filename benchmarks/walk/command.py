"""`python -m benchmarks walk`: random walks with these seeds; a fault prints its seed and the last steps."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.databases import NAMES, fresh
from benchmarks.tables import WRITE, keep
from benchmarks.walk.checks import Fault
from benchmarks.walk.walk import COUNTED, Walked, run
from tests.databases import memory

HEAD = ("| database | seeds | steps | faults |", "| --- | --- | --: | --: |")


def main(arguments: list[str]) -> int:
    """0 where nothing was found."""
    options = _parsed(arguments)
    seeds = range(options.seed, options.seed + options.seeds)
    databases = list(NAMES) if options.database == "both" else [options.database]
    walked = {name: [_walked(name, seed, options) for seed in seeds] for name in databases}
    text = _table(walked)
    print(text)
    if options.write:
        asked = f"walk --seed {options.seed} --seeds {options.seeds} --steps {options.steps}"
        keep("walk", "Random walks over the whole product", asked, text)
    return int(any(each.faults for found in walked.values() for each in found))


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks walk", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many walks, from --seed on")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--database", choices=(*NAMES, "both"), default="both")
    parser.add_argument("--go-on", action="store_true", help="past the first fault: each kind is told once")
    parser.add_argument("--write", action="store_true", help=WRITE)
    return parser.parse_args(arguments)


def _walked(database: str, seed: int, options: argparse.Namespace) -> Walked:
    with fresh(database, memory()) as place:
        walked = run(place.url, seed, options.steps, not options.go_on, _tell)
    print(f"{database}, {_sum(walked)}", flush=True)
    return walked


def _tell(seed: int, step: int, fault: Fault, last: list[str]) -> None:
    print(f"── seed {seed}, step {step}: {fault.kind}\n{fault.told[:3000]}")
    print(*(f"   {line[:300]}" for line in last), sep="\n", flush=True)


def _sum(walked: Walked) -> str:
    counted = ", ".join(f"{count} {name}" for name, count in walked.counts.items())
    return f"seed {walked.seed}: {walked.steps} steps, {walked.seconds:.0f} s, {counted}; {len(walked.faults)} faults"


def _table(walked: Mapping[str, Sequence[Walked]]) -> str:
    head = [f"{cell} | " for cell in COUNTED]
    rows = [_row(NAMES[name], found) for name, found in walked.items()]
    line, rule = HEAD
    return "\n".join([f"{line} {''.join(head)}".rstrip(), f"{rule} {'--: | ' * len(COUNTED)}".rstrip(), *rows])


def _row(name: str, found: Sequence[Walked]) -> str:
    counts = sum((Counter(each.counts) for each in found), Counter[str]())
    seeds = f"{found[0].seed}–{found[-1].seed}" if len(found) > 1 else f"{found[0].seed}"
    steps, faults = sum(each.steps for each in found), sum(len(each.faults) for each in found)
    counted = " | ".join(f"{counts[each]:,}" for each in COUNTED)
    return f"| {name} | {seeds} | {steps:,} | {faults} | {counted} |"
