"""A project's progress in one line."""

from __future__ import annotations

from pouce_client.shapes import Progress

BAR_CHARS = 30
ENDED_STATES = frozenset({"complete", "stopped"})


def is_over(progress: Progress) -> bool:
    return progress["state"] in ENDED_STATES


def bar(progress: Progress) -> str:
    """`[██████░░░░] 12/40 tasks · 57 answers · running`"""
    tasks = max(1, progress["tasks"])
    full = BAR_CHARS * progress["closed"] // tasks
    blocks = "█" * full + "░" * (BAR_CHARS - full)
    counts = f"{progress['closed']}/{progress['tasks']} tasks · {progress['submissions']} answers"
    return f"[{blocks}] {counts} · {progress['state']}"
