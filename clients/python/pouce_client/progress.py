"""A project's progress in one line."""

from __future__ import annotations

from pouce_client.shapes import Progress

WIDTH = 30
OVER = frozenset({"complete", "stopped"})


def is_over(found: Progress) -> bool:
    return found["state"] in OVER


def bar(found: Progress) -> str:
    """`[██████░░░░] 12/40 tasks · 57 answers · running`"""
    tasks = max(1, found["tasks"])
    full = WIDTH * found["closed"] // tasks
    drawn = "█" * full + "░" * (WIDTH - full)
    return f"[{drawn}] {found['closed']}/{found['tasks']} tasks · {found['submissions']} answers · {found['state']}"
