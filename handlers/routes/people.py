"""About oneself: onboarding, settings, leaving."""

from handlers.payloads.people import ChangeSetting, OpenSettings, PauseHere, ShowSettings
from handlers.routing import WORKER, Route
from services.people import settings

ROUTES = (
    Route(
        OpenSettings,
        WORKER,
        settings.open_,
        command="settings",
        usage="[PLACE]",
        means="days, hours, how often, daily goal, which tasks",
    ),
    Route(ShowSettings, WORKER, settings.show),
    Route(ChangeSetting, WORKER, settings.change),
    Route(PauseHere, WORKER, settings.pause),
)
