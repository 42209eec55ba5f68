"""Everything that waits for the decision of the admin who looks, the most urgent of each kind first."""

from collections.abc import Sequence

from domain.fairness.waiting_cases import CaseKind, WaitingCase
from domain.projects.projects import ProjectId
from services.act import Act
from services.fairness import board_moderation, rulings
from services.fairness import reports as project_reports
from services.fairness.oversight import board_contests, first_look
from services.fairness.questions import reports as question_reports
from services.projects import rejection_pause


def of(act: Act, limit: int) -> list[list[WaitingCase]]:
    """A list for each kind."""
    unit, admin = act.unit, act.person.id
    return [
        _projects(act, CaseKind.LOOK, first_look.waiting_for(act, limit)),
        _projects(act, CaseKind.REPORTS, project_reports.waiting_for(act, limit)),
        _projects(act, CaseKind.REJECTIONS, rejection_pause.waiting_for(act, limit)),
        [
            WaitingCase(CaseKind.QUESTION, each.id, unit.projects.get(each.project).title)
            for each in question_reports.waiting_for(act, limit)
        ],
        _numbers(CaseKind.APPEAL, [stop.id for stop in unit.stops.waiting(limit)]),
        _numbers(CaseKind.RULING, rulings.waiting_for(unit, admin, limit)),
        _numbers(CaseKind.POST, board_moderation.waiting_for(act, limit)),
        _numbers(CaseKind.CONTEST, board_contests.waiting_for(act, limit)),
        _numbers(CaseKind.PETITION, unit.petitions.asked_of_house(limit)),
    ]


def _projects(act: Act, kind: CaseKind, projects: list[ProjectId]) -> list[WaitingCase]:
    return [WaitingCase(kind, project, act.unit.projects.get(project).title) for project in projects]


def _numbers(kind: CaseKind, numbers: Sequence[int]) -> list[WaitingCase]:
    return [WaitingCase(kind, number) for number in numbers]
