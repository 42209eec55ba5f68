"""The screens, by wing: pure functions from a message and a translator to text and keyboard."""

from handlers.screens import refusals
from handlers.screens.fairness import appeals, board, board_staff, board_writing, juries, review, stats
from handlers.screens.money import (
    bonus,
    deposits,
    explanations,
    funds,
    ledger,
    payees,
    payouts,
    settlement,
    statements,
    tax_reports,
    topups,
    wallet,
)
from handlers.screens.people import api_keys, dashboard, erasure, onboarding, push_schedule, roles, settings
from handlers.screens.projects import (
    files,
    lifecycle,
    pay_raises,
    preflight,
    progress,
    project_list,
    project_wizard,
    uploads,
)
from handlers.screens.quality import (
    audit,
    contestable,
    gold_challenges,
    gold_wizard,
    model_report,
    report,
    restrictions,
    skill_report,
)
from handlers.screens.screen import SCREENS, Button, FileOrder, Screen, render
from handlers.screens.work import corrections, last_answer, tasks, undelivered

JOURNEYS = (
    api_keys,
    dashboard,
    corrections,
    appeals,
    board,
    board_staff,
    board_writing,
    juries,
    bonus,
    deposits,
    funds,
    topups,
    payees,
    tax_reports,
    ledger,
    files,
    lifecycle,
    preflight,
    progress,
    project_list,
    project_wizard,
    contestable,
    gold_challenges,
    erasure,
    gold_wizard,
    onboarding,
    payouts,
    report,
    model_report,
    pay_raises,
    skill_report,
    refusals,
    audit,
    restrictions,
    review,
    push_schedule,
    roles,
    settings,
    settlement,
    statements,
    stats,
    undelivered,
    uploads,
    wallet,
    explanations,
    tasks,
    last_answer,
)

__all__ = ["JOURNEYS", "SCREENS", "Button", "FileOrder", "Screen", "render"]
