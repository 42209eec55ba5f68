"""Transfers per second through the book, beside the raw database doing the same writes; and how long a look takes."""

from benchmarks.ledger.command import main

__all__ = ["main"]
