"""Routes of edits of a project's instructions, and its versions."""

from domain.people.teams import Right
from handlers.payloads.authoring import ClearPart, EditPart, EditProject, ShowVersions
from handlers.routing import REQUESTER, Route
from services.projects.authoring import edits

ROUTES = (
    Route(EditProject, REQUESTER, edits.show),
    Route(EditPart, REQUESTER, edits.ask),
    Route(ClearPart, REQUESTER, edits.clear),
    Route(ShowVersions, REQUESTER, edits.versions, right=Right.LOOK),
)
