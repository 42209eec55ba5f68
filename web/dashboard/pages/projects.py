"""The requester's pages: projects, and of one of them overview and quality."""

from typing import Annotated

from pydantic import Field

from domain.people.accounts import EVERYBODY
from services.act import Act
from services.projects import progress
from services.quality import figures
from web.api.endpoint import DIGITS, Body
from web.dashboard.endpoint import Endpoint


class Before(Body):
    before: Annotated[int, Field(ge=0, lt=2**53), DIGITS] = 0


def read_visitor(act: Act) -> dict[str, object]:
    """Return who looks: their roles, language, time zone and currency, which decide what the page offers."""
    return {
        "roles": act.roles,
        "language": act.person.language,
        "zone": act.unit.preferences.get_stored(act.person.id).zone_name,
        "currency": act.house.terms.currency,
    }


ENDPOINTS = (
    Endpoint("GET", "/me", read_visitor, role=EVERYBODY),
    Endpoint("GET", "/projects", progress.list_older, query=Before),
    Endpoint("GET", "/projects/{number}", progress.read_overview),
    Endpoint("GET", "/projects/{number}/timeline", progress.read_timeline),
    Endpoint("GET", "/projects/{number}/quality", figures.read_quality_page),
)
