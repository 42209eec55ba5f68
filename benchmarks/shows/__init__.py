"""Six data sets of different shapes go from a file to results in a real browser, by chat alone."""

from benchmarks.shows.command import main

__all__ = ["main"]
