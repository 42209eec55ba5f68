"""The board. `pen` is what lets its holder write, empty for a reader without one (`domain/fairness/board.py`)."""

from __future__ import annotations

from domain.people.accounts import ADMIN, EVERYBODY
from domain.people.teams import Right
from handlers.payload import Number, Payload
from handlers.routing import Route
from services.fairness import petitions


class AnswerPetition(Payload, code="Ba"):
    post: Number


class SendPetitionAnswer(Payload, code="Bu"):
    post: Number
    yes: bool


class ShowPetition(Payload, code="Bv"):
    """One to the house."""

    post: Number


ROUTES = (
    Route(AnswerPetition, EVERYBODY, petitions.ask_for_answer, right=Right.LOOK),
    Route(SendPetitionAnswer, EVERYBODY, petitions.send_answer, right=Right.LOOK),
    Route(ShowPetition, ADMIN, petitions.show_petition),
)
