"""What people are shown, by journey: pure functions from facts and a translator to a screen."""

from handlers.screens import (
    admin,
    appeals,
    bonus,
    book,
    drafting,
    fairness,
    forgetting,
    gold,
    onboarding,
    payouts,
    projects,
    quality,
    record,
    refusals,
    restrictions,
    review,
    settling,
    statements,
    stats,
    wallet,
    why,
    work,
)
from handlers.screens.screen import SCREENS, Button, FileOrder, Screen, render

JOURNEYS = (
    admin,
    appeals,
    bonus,
    book,
    drafting,
    fairness,
    forgetting,
    gold,
    onboarding,
    payouts,
    projects,
    quality,
    record,
    refusals,
    restrictions,
    review,
    settling,
    statements,
    stats,
    wallet,
    why,
    work,
)

__all__ = ["JOURNEYS", "SCREENS", "Button", "FileOrder", "Screen", "render"]
