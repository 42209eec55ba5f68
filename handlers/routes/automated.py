"""The register of automated decisions, and complaints."""

from handlers.payloads.automated import (
    AnswerComplaint,
    Complain,
    DropComplaint,
    ExplainAutomated,
    ShowAutomated,
    ShowComplaints,
    ShowTouched,
    SpareWorker,
)
from handlers.routing import ADMIN, WORKER, Route
from services.fairness.oversight import automated, complaint_answers, complaints

ROUTES = (
    Route(
        ShowAutomated,
        WORKER,
        automated.show,
        command="automated",
        means="what machines decide here, and how to complain",
        stays=True,
    ),
    Route(ExplainAutomated, WORKER, automated.explain, stays=True),
    Route(ShowTouched, WORKER, automated.show_touched, stays=True),
    Route(Complain, WORKER, complaints.ask, stays=True),
    Route(DropComplaint, WORKER, complaints.drop, stays=True),
    Route(ShowComplaints, ADMIN, complaint_answers.show_next),
    Route(AnswerComplaint, ADMIN, complaint_answers.ask_for_answer),
    Route(SpareWorker, ADMIN, complaint_answers.spare),
)
