"""The promises, one function each: raw SQL over the rows that are left, and code of its own."""

from benchmarks.fairness.promises import decisions, figures, money, together, voice
from benchmarks.fairness.promises.promise import Books, Line, Promise, Verdict

__all__ = ["PROMISES", "Books", "Line", "Promise", "Verdict"]

PROMISES: tuple[Promise, ...] = (
    *money.PROMISES,
    *decisions.PROMISES,
    *voice.PROMISES,
    *together.PROMISES,
    *figures.PROMISES,
)
