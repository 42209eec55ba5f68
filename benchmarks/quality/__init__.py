"""The quality engine against the literature, on crowds with known truth."""

from benchmarks.quality.policy import policy

__all__ = ["policy"]
