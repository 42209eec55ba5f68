"""What people are shown, by journey: pure functions from facts and a translator to a screen."""

from handlers.screens import (
    admin,
    drafting,
    fairness,
    gold,
    onboarding,
    payouts,
    projects,
    quality,
    record,
    refusals,
    restrictions,
    wallet,
    work,
)
from handlers.screens.screen import SCREENS, Button, FileOrder, Screen, render

JOURNEYS = (
    admin,
    drafting,
    fairness,
    gold,
    onboarding,
    payouts,
    projects,
    quality,
    record,
    refusals,
    restrictions,
    wallet,
    work,
)

__all__ = ["JOURNEYS", "SCREENS", "Button", "FileOrder", "Screen", "render"]
