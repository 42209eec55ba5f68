"""The role of each column of a file: content, a reserved name, or one of Toloka's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formats.errors import Findings, problem
from formats.tables.table import MAX_COLUMNS, FileWarning, Table

RESERVED = ("gold", "reason", "overlap", "id")
TOLOKA = {"hint:text": "reason", "task:overlap": "overlap", "task:id": "id"}
MAX_NAME = 64


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions in a row; `titles` are the header as it is written, for what people read."""

    titles: tuple[str, ...]
    content: tuple[tuple[str, int], ...]
    gold: int | None
    reason: int | None
    overlap: int | None
    id: int | None
    ignored: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.content)

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        return (FileWarning("columns_ignored", {"columns": self.ignored}),) if self.ignored else ()


def columns(table: Table) -> Columns:
    """Raises FileErrors naming every bad name of the header."""
    findings = Findings()
    names = [name.strip() for name in table.header]
    toloka = any(name.casefold().startswith("input:") for name in names)
    roles = [_role(name, toloka) for name in names]
    _check_names(names, table.line, findings)
    _check_roles(names, roles, table.line, findings)
    findings.raise_if_any()
    reserved = {role: at for at, (role, _) in enumerate(roles) if role in RESERVED}
    return Columns(
        titles=tuple(names),
        content=tuple((name, at) for at, (role, name) in enumerate(roles) if role == "content"),
        gold=reserved.get("gold"),
        reason=reserved.get("reason"),
        overlap=reserved.get("overlap"),
        id=reserved.get("id"),
        ignored=tuple(name for role, name in roles if role == "ignored"),
    )


def _role(name: str, toloka: bool) -> tuple[str, str]:
    folded = name.casefold()
    if folded in RESERVED:
        return folded, name
    if not toloka:
        return "content", name
    if folded.startswith("golden:"):
        return "gold", name
    if folded.startswith("input:"):
        return "content", name.partition(":")[2].strip()
    return TOLOKA.get(folded, "ignored"), name


def _check_names(names: list[str], line: int, findings: Findings) -> None:
    if len(names) > MAX_COLUMNS:
        findings.add(problem(line, "", str(len(names)), "columns_at_most", limit=MAX_COLUMNS))
        return
    first: dict[str, int] = {}
    for at, name in enumerate(names, start=1):
        if not name:
            findings.add(problem(line, str(at), name, "column_name"))
        elif len(name) > MAX_NAME or any(character in name for character in "{}\0\n\r"):
            findings.add(problem(line, str(at), name, "column_name_plain", limit=MAX_NAME))
        elif name.casefold() in first:
            findings.add(problem(line, str(at), name, "column_name_once", first=first[name.casefold()]))
        first.setdefault(name.casefold(), at)


def _check_roles(names: list[str], roles: list[tuple[str, str]], line: int, findings: Findings) -> None:
    for role, name, first in _twice(names, roles):
        findings.add(
            problem(line, name, name, "one_gold_column" if role == "gold" else "column_name_once", first=first)
        )
    if not any(role == "content" for role, _ in roles):
        findings.add(problem(line, "", ", ".join(names), "content_column"))


def _twice(names: list[str], roles: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Columns of different names with one meaning, as `gold` and `GOLDEN:result`."""
    seen: dict[tuple[str, str], str] = {}
    for name, (role, meant) in zip(names, roles, strict=True):
        key = (role, meant.casefold() if role in ("content", "ignored") else "")
        if key in seen and seen[key].casefold() != name.casefold():
            yield role, name, seen[key]
        seen.setdefault(key, name)
