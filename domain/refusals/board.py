"""Refusals of the board."""

from dataclasses import dataclass

from domain.refusals.refusal import Refusal


@dataclass(eq=False)
class BoardRefused(Refusal):
    """`why`: members, answers, pen, daily, length, gone, closed, petitions, contacts, username, wished, wishes,
    words, contested, decided, drafted, lately, election, paper, steward, link, group; `limit` is what was reached."""

    why: str
    limit: int = 0
