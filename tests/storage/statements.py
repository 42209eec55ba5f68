"""Every statement that storage holds, found by itself: named constants of its modules, alone or in a table of them."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import storage
from domain.extensions import load_parts
from storage.drivers.rows import Table

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
WHOLE = re.compile(r"\b(FROM|INTO|SET|EXISTS)\b")
ELSEWHERE = (
    "storage.drivers.postgresql",
    "storage.drivers.migrate",
    "storage.backups",
)  # whole databases
CHECKS = "storage.invariants"  # read whole tables, on a copy or at night


def statements() -> dict[str, str]:
    """`module.NAME` or `module.NAME.key` → the statement. Parts of statements, which can't run alone, are left out."""
    found: dict[str, str] = {}
    packages = [storage, *load_parts("storage")]
    for module in (each for package in packages for each in walk_packages(package.__path__, f"{package.__name__}.")):
        if module.name not in ELSEWHERE and not module.ispkg and not module.name.startswith(CHECKS):
            for name, value in vars(import_module(module.name)).items():
                if name.isupper() or name.lstrip("_").isupper():
                    found.update(_of(f"{module.name.rpartition('.')[2]}.{name}", value))
    return dict(sorted(found.items()))


def _of(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and SQL.match(value) and WHOLE.search(value):
        yield name, value
    elif isinstance(value, Table) and value.insert is not None:
        yield name, value.insert.sql(value.name)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _of(f"{name}.{key}", part)
