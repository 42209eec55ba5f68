"""Answers of models (`ai`, `ai:NAME`), as further voters in the consensus of a project.

answers    what a model says of a task; what a refit learnt of a model (no numpy: files may import it)
asking     how many people a task needs at least, the control, what models are likely to save
"""

from domain.quality.machine.answers import (
    Doubt,
    MachineAnswer,
    MachineAnswers,
    MachineModel,
    Warned,
    added_by,
    log_odds,
    newcomers,
    votes_of,
)
from domain.quality.machine.asking import CONTROL, expected_answers, is_control, least_people, may_decide

__all__ = [
    "CONTROL",
    "Doubt",
    "MachineAnswer",
    "MachineAnswers",
    "MachineModel",
    "Warned",
    "added_by",
    "expected_answers",
    "is_control",
    "least_people",
    "log_odds",
    "may_decide",
    "newcomers",
    "votes_of",
]
