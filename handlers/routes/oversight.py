"""What admins look at and decide."""

from handlers.payloads.oversight import ApproveLook, RefuseLook, ShowLook
from handlers.routing import ADMIN, Route
from services.fairness.oversight import approval

ROUTES = (
    Route(ShowLook, ADMIN, approval.show),
    Route(ApproveLook, ADMIN, approval.approve),
    Route(RefuseLook, ADMIN, approval.ask_reason),
)
