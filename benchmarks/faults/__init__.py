"""What the product keeps through kills; and that the campaign sees it when something is taken away."""

from benchmarks.faults.command import main

__all__ = ["main"]
