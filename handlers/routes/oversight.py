"""Routes of admins' decisions."""

from handlers.payloads.oversight import (
    AppealStop,
    ApproveLook,
    LiftStop,
    RefuseLook,
    ShowLook,
    ShowPause,
    ShowPetition,
    ShowReported,
    ShowReportedQuestion,
    ShowStop,
    SuspendPerson,
    UpholdStop,
)
from handlers.routing import ADMIN, EVERYBODY, Route
from services.fairness import petitions
from services.fairness import reports as project_reports
from services.fairness.oversight import approval, stop_appeals, stops
from services.fairness.questions import reports as question_reports
from services.projects import rejection_pause

ROUTES = (
    Route(ShowLook, ADMIN, approval.show),
    Route(ShowReported, ADMIN, project_reports.show),
    Route(ShowPause, ADMIN, rejection_pause.show),
    Route(ShowReportedQuestion, ADMIN, question_reports.show),
    Route(ShowPetition, ADMIN, petitions.show),
    Route(ApproveLook, ADMIN, approval.approve),
    Route(RefuseLook, ADMIN, approval.ask_reason),
    Route(SuspendPerson, ADMIN, stops.ask_suspend),
    Route(AppealStop, EVERYBODY, stop_appeals.ask),
    Route(ShowStop, ADMIN, stop_appeals.show),
    Route(LiftStop, ADMIN, stop_appeals.lift),
    Route(UpholdStop, ADMIN, stop_appeals.ask_ruling),
)
