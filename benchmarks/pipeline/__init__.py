"""Answers a second: the whole pipeline over HTTP, beside storage alone and the library alone, in one run."""

from benchmarks.pipeline.command import main

__all__ = ["main"]
