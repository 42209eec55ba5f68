"""The source as syntax trees, for the architecture tests."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
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


def bodies(*rooms: str) -> Iterator[Body]:
    for path in modules(*rooms):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Body(f"{named(path)}::{node.name}", _lines(node))


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first, *rest = function.body
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        if not rest:
            return 0
        first = rest[0]
    return (function.end_lineno or 0) - first.lineno + 1


def texts(*rooms: str) -> Iterator[tuple[str, str]]:
    """Every string in the source, with where it stands."""
    for path in modules(*rooms):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{named(path)}:{node.lineno}", node.value


def imported(path: Path) -> set[str]:
    """The modules a module imports, whole; of `from a import b` both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found
