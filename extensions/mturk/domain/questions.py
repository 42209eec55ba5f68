"""A HIT's question that is a page: its HTML, or the address of one on its requester's server."""

from __future__ import annotations

from dataclasses import dataclass

from domain.people.question_forms import get_typed_kind
from domain.projects.form_questions import ON_PAGE, FormQuestion


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A page of the requester's: its HTML, or the address of one of their own. `height` in pixels, 0 fits."""

    html: str
    url: str
    height: int

    @property
    def form_questions(self) -> tuple[FormQuestion, ...]:
        """One question that stands for all that the page asks."""
        return (FormQuestion(ON_PAGE, get_typed_kind(False), "", ()),)
