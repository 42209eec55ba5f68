"""The promises, one function each: raw SQL over the rows that are left, and code of its own."""

from benchmarks.fairness.promises import decisions, figures, money, voice
from benchmarks.fairness.promises.promise import Books, Promise, Verdict

__all__ = ["PROMISES", "Books", "Promise", "Verdict"]

PROMISES: tuple[Promise, ...] = (*money.PROMISES, *decisions.PROMISES, *voice.PROMISES, *figures.PROMISES)
