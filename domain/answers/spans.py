"""Spans of the text that a task shows, in code points; each with a label, one of the options."""

from collections.abc import Mapping

from domain.handing_in import Surface
from domain.refusals import AnswerUnfit
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import Span, text_of, texts_of


class Spans(ShapesKind):
    """Spans of a text. If a task shows several texts, spans are marked in the first."""

    order = 126
    takes = (Span,)
    example = '"start": 0, "end": 5'
    on = Surface.TEXT
    seconds_each, usually = 4.0, 3.0

    def find_missing_content(self, template: str, content: Mapping[str, str]) -> str:
        return "" if texts_of(template, content) else "text_to_mark"

    def require_fitting(self, answer: str | None, template: str, content: Mapping[str, str]) -> None:
        length = len(text_of(template, content))
        spans = self.drawing(answer).shapes if answer is not None else ()
        if any(isinstance(span, Span) and span.end > length for span in spans):
            raise AnswerUnfit(what="shape_outside")


KIND = Spans()
