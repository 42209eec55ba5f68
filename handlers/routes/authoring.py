"""Routes of edits of a project's instructions, and its versions."""

from domain.people.teams import Right
from handlers.payloads.authoring import ClearPart, EditPart, EditProject, ShowVersions, TakeFirstRow
from handlers.routing import REQUESTER, Route
from jobs.uploads import intake
from services.projects import drafts
from services.projects.authoring import edits

ROUTES = (
    Route(EditProject, REQUESTER, edits.show),
    Route(TakeFirstRow, REQUESTER, drafts.take_first_row, job=intake.read_anew),
    Route(EditPart, REQUESTER, edits.ask),
    Route(ClearPart, REQUESTER, edits.clear),
    Route(ShowVersions, REQUESTER, edits.versions, right=Right.LOOK),
)
