"""The base of the answer kinds that are drawn or marked; a kind says which shapes it takes, and on what.

Gold is a drawing, in our form, Label Studio's or one like COCO's (`foreign`); an answer meets it where the mean
likeness of their shapes reaches THRESHOLD, or the gold's own: `{"shapes": […], "threshold": 0.7}`. An answer that meets
it in part is a part of a right one when workers are learnt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from domain.answers import AnswerKind
from domain.handing_in import ExportType, ShapesType, Surface, Wants, round_estimate
from domain.money.pricing import DECISION_SECONDS, PRESS_SECONDS
from domain.normalization import find_option
from domain.quality.aggregation import Agreement, Vote
from domain.refusals import AnswerUnfit, AnswerUnknown
from domain.shapes import document
from domain.shapes.consensus import measure_likeness, measure_merit, measure_merits, merge_drawings
from domain.shapes.document import (
    LARGEST,
    Drawing,
    Size,
    check_drawing,
    drawing_of,
    load_stored,
    loaded,
    translate_foreign,
)
from domain.shapes.shape import Box, Polygon, Shape

THRESHOLD = 0.5
SURE, SIZE = "shape_confidences", "picture_size"


class ShapesKind(AnswerKind):
    """`takes`: the shapes of its answers; `seconds_each`: to draw one, of which a task usually has `usually`."""

    wants = Wants.PAGE
    takes: tuple[type[Shape], ...]
    example: str
    on: Surface
    seconds_each, usually = 8.0, 2.0
    takes_labels, fits_form = True, False
    fewest_options = 1
    gold_expected = "gold_shapes"
    longest_gold = LARGEST
    agrees_nearly = True
    completes_gold = True

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        return document.parse_drawing(handed_in, self.takes, options).text

    def drawing(self, answer: str) -> Drawing:
        return load_stored(answer, self.takes)

    def split_gold(self, gold_text: str) -> list[str]:
        """Return the cell as one answer: a drawing may hold the character that separates answers elsewhere."""
        return [gold_text] if gold_text.strip() else []

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        try:
            drawing, threshold = self._parse_drawing_and_threshold(gold_text, options)
        except (AnswerUnfit, AnswerUnknown, ValueError):
            return None
        return drawing.text if threshold is None else json.dumps({"known": drawing.text, "threshold": threshold})

    def gold_flaw(self, gold_text: str, options: Sequence[str]) -> tuple[str, dict[str, Any]]:
        try:
            self._parse_drawing_and_threshold(gold_text, options)
        except AnswerUnknown:
            return "shape_labels", {"options": tuple(options)}
        except AnswerUnfit as why:
            if why.what != "shapes":
                return why.what, {"limit": why.limit}
        except ValueError:
            pass
        return self.gold_expected, {"example": self.gold_example(options)}

    def _parse_drawing_and_threshold(self, gold_text: str, options: Sequence[str]) -> tuple[Drawing, float | None]:
        """Return the drawing and the threshold that it names, or None. Raise AnswerUnfit, AnswerUnknown or ValueError
        if the text is not valid gold."""
        drawn = loaded(gold_text)
        threshold = drawn.pop("threshold", None) if isinstance(drawn, dict) else None
        if threshold is not None and not (type(threshold) in (int, float) and 0 < threshold <= 1):
            raise AnswerUnfit(what="shapes")
        return check_drawing(_spell_labels(translate_foreign(drawn), options), self.takes, options), threshold

    def gold_example(self, options: Sequence[str]) -> str:
        label = json.dumps(options[0] if options else "…", ensure_ascii=False)
        return f'[{{"label": {label}, {self.example}}}]'

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        return _gold_parts(gold[0])[0]

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        if answer is None:
            return False
        drawn = self.drawing(answer).shapes
        gold_drawings = map(_gold_parts, gold)
        return any(
            measure_likeness(drawn, self.drawing(gold_text).shapes) >= threshold
            for gold_text, threshold in gold_drawings
        )

    def closeness(self, answer: str, gold: Sequence[str]) -> float:
        drawn = self.drawing(answer).shapes
        return max(measure_merit(drawn, self.drawing(_gold_parts(gold_text)[0]).shapes) for gold_text in gold)

    def complete_gold_result(self, gold_answer: str, crowd: Agreement, options: Sequence[str]) -> Agreement:
        """Return the gold drawing; its picture's size comes from the crowd, since gold does not hold it."""
        drawing = self.drawing(gold_answer)
        size = drawing.size or (self.drawing(crowd.answer).size if crowd.answer else None)
        return Agreement(Drawing(drawing.shapes, size).text, 1.0, (1.0,) * len(drawing.shapes))

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        drawings = [self.drawing(vote.answer) for vote in votes]
        merged = merge_drawings([drawing.shapes for drawing in drawings], [vote.accuracy for vote in votes], THRESHOLD)
        size = _commonest_size([drawing.size for drawing in drawings if drawing.size])
        return Agreement(drawing_of(merged.shapes, size).text, merged.confidence, merged.sure)

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        return measure_merits([self.drawing(vote.answer).shapes for vote in votes], [vote.accuracy for vote in votes])

    def are_alike(self, answer: str, other_answer: str) -> bool:
        """Return whether two drawings are the same; two empty ones are no sign of copying."""
        drawn = self.drawing(answer).shapes
        return bool(drawn) and drawn == self.drawing(other_answer).shapes

    def estimate_input_seconds(self, options: int) -> float:
        """Return the seconds to open and send the page, and to find, name and draw each thing."""
        return 2 * PRESS_SECONDS + self.usually * (self.seconds_each + (DECISION_SECONDS if options > 1 else 0.0))

    def answer_type(self, options: Sequence[str]) -> ExportType:
        areas = set(self.takes) <= {Box, Polygon}
        return ShapesType(self.on, tuple(options), areas, areas and Box not in self.takes)

    def list_voted_options(self, options: Sequence[str]) -> tuple[str, ...]:
        return ()

    def to_cell(self, answer: str) -> str:
        return Drawing(self.drawing(answer).shapes).text

    def to_gold_cell(self, gold: Sequence[str], options: Sequence[str]) -> str:
        return self.to_cell(self.answer_of_gold(gold))

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        return SURE, SIZE

    def score_cells(
        self, consensus: str | None, scores: Sequence[float] | None, options: Sequence[str]
    ) -> list[str | float | None]:
        """Return the shapes' confidences as a list, and the picture's size as `640x480`."""
        size = self.drawing(consensus).size if consensus else None
        sure = None if scores is None else json.dumps([round_estimate(confidence) for confidence in scores])
        return [sure, f"{size[0]}x{size[1]}" if size else None]


def _spell_labels(drawn: Any, options: Sequence[str]) -> Any:
    """Return the document with labels as the options spell them: in gold neither case nor accents matter, where one
    option is meant."""
    shapes, size = document.split_document(drawn)
    own = {label: find_option(label, options) for label in {str(fields.get("label")) for fields in shapes}}
    spelled = [{**fields, "label": own[str(fields.get("label"))] or fields.get("label")} for fields in shapes]
    return {"shapes": spelled, "size": list(size) if size else None}


def _gold_parts(gold: str) -> tuple[str, float]:
    """Return the drawing of a gold answer, and how like it an answer must be."""
    if gold.startswith('{"known"'):
        fields = json.loads(gold)
        return fields["known"], fields["threshold"]
    return gold, THRESHOLD


def _commonest_size(sizes: Sequence[Size]) -> Size | None:
    """Return the size that most name; of several the smallest; None without sizes."""
    return min(set(sizes), key=lambda size: (-sizes.count(size), size), default=None)
