"""Runs every economic attack, prints what each gains and writes the table."""

import argparse
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import benchmarks.attacks
from benchmarks.attacks.attack import Attack
from benchmarks.tables import WRITE, keep

HEAD = ("| attack | gain | limit | verdict | how it was measured |", "| --- | --: | --: | --- | --- |")
NOT_ATTACKS = {"attack", "command"}
ABOUT = """Each attack plays against the real services on a scratch database. The limit is what chance, the wage
floor or the pre-flight card allows; an attack that stays at or below it gained nothing."""


def main(arguments: list[str]) -> int:
    """Return 0 when no attack gained anything, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks attacks")
    parser.add_argument("--only", nargs="*", default=find_attack_modules(), choices=find_attack_modules())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    attacks: list[Attack] = []
    for attack in measure(options.only, options.seed):
        attacks.append(attack)
        print(attack.to_row(), flush=True)
    table = "\n".join([*HEAD, *(attack.to_row() for attack in attacks)])
    if options.write:
        keep("attacks", "Economic attacks", f"attacks --seed {options.seed}", f"{ABOUT}\n\n{table}")
    return 0 if all(attack.is_repelled for attack in attacks) else 1


def find_attack_modules() -> list[str]:
    """Return the names of the modules of this package that define attacks, sorted."""
    return sorted(m.name for m in pkgutil.iter_modules(benchmarks.attacks.__path__) if m.name not in NOT_ATTACKS)


def measure(names: list[str], seed: int) -> Iterator[Attack]:
    """Yield the result of each attack of the named modules as soon as it is measured."""
    for name in names:
        yield from import_module(f"benchmarks.attacks.{name}").measure_attacks(seed)
