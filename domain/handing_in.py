"""Base of the answer kinds: how an answer is handed in and handed out, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.quality.aggregation import Agreement


class Wants(StrEnum):
    """Kind of input that hands in an answer. An answer of several presses is a draft until it is done; a page is a Mini
    App that a button opens (web/miniapp)."""

    PRESS = "press"
    PRESSES = "presses"
    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    LOCATION = "location"
    PAGE = "page"


OWN = (Wants.TEXT, Wants.PHOTO, Wants.VOICE, Wants.LOCATION)


class AnswerType(StrEnum):
    """The type of an answer in an export."""

    WORDS = "words"
    NUMBER = "number"
    STEP = "step"
    OPTION = "option"
    OPTIONS = "options"


SEVERAL = "|"


@dataclass(frozen=True, slots=True)
class FormType:
    """Type of each question of a form, by its name."""

    types: Mapping[str, AnswerType]


class Surface(StrEnum):
    """Medium that shapes are drawn or marked on."""

    PICTURE = "picture"
    TEXT = "text"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class ShapesType:
    """Shapes as JSON, with these labels; `has_areas`: they are boxes or polygons, `are_outlines`: polygons alone;
    `columns`: those that a task shows, in their order."""

    on: Surface
    labels: tuple[str, ...]
    has_areas: bool = False
    are_outlines: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairsType:
    """Preferences: the places of a row's columns that make the prompt, and of each thing that is compared; `questions`
    are asked about the things: name, kind and options."""

    prompt: tuple[int, ...]
    sides: Mapping[str, int]
    questions: tuple[tuple[str, str, tuple[str, ...]], ...]


ExportType = AnswerType | FormType | ShapesType | PairsType

Draft = tuple[int | str, ...]
"""An answer that is being given: the numbers of the options pressed so far; of a form, each answered question's answer
before them."""


class HandingIn:
    """How answers of a kind are handed in and out. The defaults are those of an answer to one question."""

    wants: Wants
    is_offered = True  # whether a requester may choose it for a project
    is_of_programs = False  # whether its projects are kept by a program of the Mechanical Turk door
    asks_questions = False  # whether it is a form: several questions, answered one after the other
    is_graded = False  # whether it says by how much one is better than the other
    fits_form = True  # whether a question of a form may be of this kind
    takes_labels = False  # whether its options are the labels of what is drawn
    completes_gold = False  # whether the result of a gold task also holds what only the crowd says
    longest_gold = 1_000  # characters of a gold answer in a file

    def get_task_options(self, content: Mapping[str, str], options: Sequence[str]) -> tuple[str, ...]:
        """Return the options of one task: the project's `options`, unless the task brings its own."""
        return tuple(options)

    def arrange_options(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return options as they are stored, from options as people write them."""
        return tuple(options)

    def get_compared_labels(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return the labels of the things that are compared, in the requester's order; () if nothing is compared."""
        return ()

    def needs_names(self, options: Sequence[str] | None) -> bool:
        """Return whether the columns of a file must name the things that are compared."""
        return False

    def name_options(self, options: Sequence[str] | None, labels: Sequence[str]) -> tuple[str, ...]:
        """Return the options with these labels of the things that are compared."""
        return tuple(options or labels)

    def relabel(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        """Return a canonical answer with other labels of the things that are compared."""
        return answer

    def list_preferences(self, answer: str, options: Sequence[str]) -> tuple[tuple[str, str, float | None], ...]:
        """Return pairs of a better and a worse option, and by how much if that is asked; no pair for a tie."""
        return ()

    @property
    def is_own(self) -> bool:
        """Whether answers are a worker's own words, picture, voice or place, and not an option."""
        return self.wants in OWN

    def get_next_input(self, draft: Draft, options: Sequence[str]) -> Wants:
        """Return the input that hands in the next part of the answer."""
        return self.wants

    def list_inputs(self, options: Sequence[str]) -> frozenset[Wants]:
        """Return all kinds of input that an answer may need."""
        return frozenset({self.wants})

    def is_typed(self, options: Sequence[str]) -> bool:
        """Return whether all or a part of an answer is typed."""
        return Wants.TEXT in self.list_inputs(options)

    def add_press(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """Return the draft after one more press, for an answer of several presses: it is handed in as `2,0,1`."""
        raise NotImplementedError

    def add_step(self, draft: Draft, option: int, options: Sequence[str]) -> Draft:
        """Return the draft after a press on an option. Raise AnswerUnknown if no press is expected."""
        return self.add_press(get_pressed_options(draft), option, options)

    def add_words(self, draft: Draft, words: str, options: Sequence[str]) -> Draft:
        """Return the draft after typed words, for an answer in steps."""
        raise NotImplementedError

    def is_complete(self, draft: Draft, options: Sequence[str]) -> bool:
        """Return whether no question is left, so that the draft is handed in without a further press."""
        return False

    def encode_draft(self, draft: Draft, options: Sequence[str]) -> str:
        """Return the draft as text for `parse_answer`."""
        return ",".join(map(str, draft))

    def to_gold(self, answer: str, options: Sequence[str]) -> tuple[str, ...]:
        """Return the gold that accepts this canonical answer and its equivalents."""
        return self.list_accepted(answer)

    def parse_form_gold(self, gold_text: str, options: Sequence[str]) -> tuple[str, ...] | None:
        """Return the gold of a form from a program's text, or None if it is invalid."""
        raise NotImplementedError

    def split_gold(self, gold_text: str) -> list[str]:
        """Return the accepted answers of a gold cell, one by one."""
        return [answer for answer in gold_text.split(SEVERAL) if answer.strip()]

    def find_missing_content(self, template: str, content: Mapping[str, str]) -> str:
        """Return what a task's content lacks, as a key of formats/errors.py; "" if nothing."""
        return ""

    def require_fitting(self, answer: str | None, template: str, content: Mapping[str, str]) -> None:
        """Raise AnswerUnfit if a canonical answer cannot be one to the task's content."""

    def list_accepted(self, answer: str) -> tuple[str, ...]:
        """Return the answers that count as this canonical answer, for kinds that need no options to tell."""
        return (answer,)

    def complete_gold_result(self, gold_answer: str, crowd: Agreement, options: Sequence[str]) -> Agreement:
        """Return the result of a gold task; `crowd` is the consensus without the gold answer."""
        return Agreement(gold_answer, 1.0)

    def get_input_seconds(self, options: Sequence[str]) -> float:
        """Return the seconds that handing in takes beyond one press."""
        return self.estimate_input_seconds(len(options))

    def estimate_input_seconds(self, options: int) -> float:
        """Return the seconds that handing in takes beyond one press, by the number of options."""
        return 0.0

    def to_display(self, answer: str, options: Sequence[str]) -> str:
        """Return an answer, or one accepted as gold, with all that a screen needs to show it without the options."""
        return answer

    def split_for_messages(self, display: str) -> tuple[str, ...]:
        """Return a displayed answer in parts that each fit into a message."""
        return (display,)

    def list_voted_options(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return the options whose votes an export counts."""
        return tuple(options)

    def to_cell(self, answer: str) -> str:
        """Return an answer's cell in an export."""
        return answer

    def to_gold_cell(self, gold: Sequence[str], options: Sequence[str]) -> str:
        """Return the cell of the accepted answers in an export."""
        return "|".join(gold)

    def list_part_cells(self, answer: str | None, gold: Sequence[str], options: Sequence[str]) -> list[str | None]:
        """Return the cells behind a submission's: for each question of a form, the answer and the gold."""
        return []

    def list_options(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return the options as they are read aloud."""
        return tuple(options)


def round_estimate(value: float | None) -> float | None:
    """Return an estimate rounded to six significant digits."""
    return None if value is None else float(f"{value:.6g}")


def get_pressed_options(draft: Draft) -> tuple[int, ...]:
    """Return the options pressed in a draft, without its texts."""
    return tuple(step for step in draft if isinstance(step, int))
