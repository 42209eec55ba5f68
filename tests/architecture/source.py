"""The source as syntax trees, for the architecture tests."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "bot",
    "handlers",
    "web",
    "jobs",
    "services",
    "domain",
    "storage",
    "formats",
    "reports",
    "locales",
    "simulator",
    "extensions",
)


@dataclass(frozen=True, slots=True)
class Body:
    """A function and how many lines its statements take, without its docstring."""

    where: str
    lines: int


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms or ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tests ask of a module, without its tree: the trees of all of them take 160 MB."""

    bodies: tuple[Body, ...]
    texts: tuple[tuple[str, str], ...]
    imported: frozenset[str]


@cache
def facts(path: Path) -> Facts:
    """Read once a process."""
    bodies, texts, imported = list[Body](), list[tuple[str, str]](), set[str]()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            bodies.append(Body(f"{named(path)}::{node.name}", _lines(node)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append((f"{named(path)}:{node.lineno}", node.value))
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            imported |= {each.name for each in node.names}
    return Facts(tuple(bodies), tuple(texts), frozenset(imported))


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first, *rest = function.body
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        if not rest:
            return 0
        first = rest[0]
    return (function.end_lineno or 0) - first.lineno + 1


def bodies(*rooms: str) -> Iterator[Body]:
    for path in modules(*rooms):
        yield from facts(path).bodies


def texts(*rooms: str) -> Iterator[tuple[str, str]]:
    """Every string in the source, with where it stands."""
    for path in modules(*rooms):
        yield from facts(path).texts


def imported(path: Path) -> frozenset[str]:
    """The modules a module imports, whole; of `from a import b` both `a` and `a.b`."""
    return facts(path).imported
