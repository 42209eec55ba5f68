"""Spans of the text that a task shows, in code points; each with a label, one of the options."""

from collections.abc import Mapping

from domain.handing_in import Surface
from domain.refusals import AnswerUnfit
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import Span, text_of, texts_of


class Spans(ShapesKind):
    """Of several texts that a task shows the first is the one."""

    order = 126
    takes = (Span,)
    example = '"start": 0, "end": 5'
    on = Surface.TEXT
    seconds_each, usually = 4.0, 3.0

    def lacking(self, template: str, content: Mapping[str, str]) -> str:
        return "" if texts_of(template, content) else "text_to_mark"

    def check(self, answer: str | None, template: str, content: Mapping[str, str]) -> None:
        length = len(text_of(template, content))
        spans = self.drawing(answer).shapes if answer is not None else ()
        if any(isinstance(each, Span) and each.end > length for each in spans):
            raise AnswerUnfit(what="shape_outside")


KIND = Spans()
