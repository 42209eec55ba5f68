"""A photo, sent in the chat: `file_id file_unique_id`. It has no gold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.answers import AnswerKind
from domain.handing_in import Wants
from domain.money.pricing import PRESS_SECONDS
from domain.refusals import AnswerUnfit

if TYPE_CHECKING:
    from domain.conduct.evidence import Evidence
    from domain.quality.crowd import WorkerAnswer


class Photo(AnswerKind):
    """There is no consensus: every photo is a result."""

    order = 80
    wants = Wants.PHOTO
    is_errand = True
    file_ending = ".jpg"
    has_gold = fits_form = False
    gold_expected = "no_gold"
    claims_confidence = False
    is_aggregated = False
    shows_who_copied = True

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        if len(handed_in.split()) != 2:
            raise AnswerUnfit(what=self.wants.value)
        return handed_in

    def estimate_input_seconds(self, options: int) -> float:
        """Camera, release, a look, send; and aiming at what was asked for."""
        return 4 * PRESS_SECONDS + 4.0

    def are_alike(self, answer: str, other_answer: str) -> bool:
        return answer.split()[-1] == other_answer.split()[-1]

    def find_copies(self, answers: Sequence[WorkerAnswer]) -> tuple[Evidence, ...]:
        """Return evidence of files that were handed in before."""
        from domain.conduct.examination import find_reused_files  # here: files are read without numpy

        return find_reused_files([(answer.worker, answer.answer.split()[-1]) for answer in answers])


KIND = Photo()
