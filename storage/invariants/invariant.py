"""One thing that must always be true, as a statement that finds what breaks it."""

from dataclasses import dataclass

SHOWN = 20  # violations named; all of them are counted


@dataclass(frozen=True, slots=True)
class Invariant:
    """`rule` is its number in the book of rules; `sql` selects (subject, detail) of each violation, {dialect: sql}
    where the databases keep the matter in different places."""

    rule: int
    name: str
    sql: str | dict[str, str]

    def statement(self, dialect: str) -> str:
        """Its first violations, each with how many there are in all."""
        sql = self.sql if isinstance(self.sql, str) else self.sql[dialect]
        return f"SELECT subject, detail, count(*) OVER () FROM ({sql}) AS found LIMIT {SHOWN}"


@dataclass(frozen=True, slots=True)
class Violation:
    """Which row breaks which rule, and how."""

    rule: int
    name: str
    row: str
    detail: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one invariant came to; `count` is 0 where all is well."""

    invariant: Invariant
    count: int
    violations: tuple[Violation, ...]
    milliseconds: int
