"""Speed and memory at a thousand, a hundred thousand and a million tasks: the same table on both databases."""

from benchmarks.scale.command import main

__all__ = ["main"]
