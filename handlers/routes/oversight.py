"""Routes of admins' decisions."""

from handlers.payloads.oversight import (
    AppealStop,
    ApproveLook,
    LiftStop,
    RefuseLook,
    ShowLook,
    ShowStop,
    SuspendPerson,
    UpholdStop,
)
from handlers.routing import ADMIN, EVERYBODY, Route
from services.fairness.oversight import approval, stop_appeals, stops

ROUTES = (
    Route(ShowLook, ADMIN, approval.show),
    Route(ApproveLook, ADMIN, approval.approve),
    Route(RefuseLook, ADMIN, approval.ask_reason),
    Route(SuspendPerson, ADMIN, stops.ask_suspend),
    Route(AppealStop, EVERYBODY, stop_appeals.ask),
    Route(ShowStop, ADMIN, stop_appeals.show),
    Route(LiftStop, ADMIN, stop_appeals.lift),
    Route(UpholdStop, ADMIN, stop_appeals.ask_ruling),
)
