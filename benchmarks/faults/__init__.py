"""The fault campaign: promises kept through kills, and controls that show the campaign detects a removed guard."""

from benchmarks.faults.command import main

__all__ = ["main"]
