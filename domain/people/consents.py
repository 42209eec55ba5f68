"""Consents: which version of the terms and of a project's card somebody agreed to, and what was delivered since."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.projects.projects import ProjectId

# The day each text became what it is: tests/handlers/screens/test_terms.py fails when a text changes and this does not.
TERMS = "2026-11-27"  # /terms
CARD = "2026-11-27"  # what the card before the first answer in a project says of consent


@dataclass(frozen=True, slots=True)
class Consent:
    """One worker's consent to a project: since when, to which version of the card (empty: not noted then), and how
    many answers it has."""

    project: ProjectId
    title: str
    since: Moment
    version: str
    answers: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a requester took out of a project: results, submissions or answers, in a format, last at that moment."""

    what: str
    format: str
    at: Moment
