"""Base of the answer kinds: how an answer is handed in and handed out, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.quality.aggregation import Agreement


class Wants(StrEnum):
    """How an answer is handed in. An answer of several presses is kept as a draft until it is done; a page is a Mini
    App, opened by a button (web/miniapp)."""

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
    """The type of each question of a form, by its name."""

    of: Mapping[str, AnswerType]


class Surface(StrEnum):
    """What is drawn or marked on."""

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
    """Preferences: the places of a row's columns that make the prompt, and of each thing that is compared; `asked` are
    the questions about them: name, kind and options."""

    prompt: tuple[int, ...]
    sides: Mapping[str, int]
    asked: tuple[tuple[str, str, tuple[str, ...]], ...]


ExportType = AnswerType | FormType | ShapesType | PairsType

Draft = tuple[int | str, ...]
"""An answer that is being given: the numbers of the options pressed so far; of a form, each answered question's answer
before them."""


class HandingIn:
    """The defaults are those of an answer to one question."""

    wants: Wants
    is_offered = True  # whether a requester may choose it for a project
    is_of_programs = False  # whether its projects are kept by a program of the Mechanical Turk door
    asks_questions = False  # whether it is a form: several questions, answered one after the other
    is_graded = False  # whether it says by how much one is better than the other
    fits_form = True  # whether a question of a form may be of this kind
    takes_labels = False  # whether its options are the labels of what is drawn
    completes_gold = False  # whether the result of a gold task also holds what only the crowd says
    longest_gold = 1_000  # characters of a gold answer in a file

    def options_of(self, content: Mapping[str, str], options: Sequence[str]) -> tuple[str, ...]:
        """Of one task: the project's `options`, unless a task brings its own."""
        return tuple(options)

    def arranged(self, options: Sequence[str]) -> tuple[str, ...]:
        """Options as they are kept, of options as people write them."""
        return tuple(options)

    def compared(self, options: Sequence[str]) -> tuple[str, ...]:
        """The labels of what is compared, in the requester's order; () where nothing is."""
        return ()

    def lacks_names(self, options: Sequence[str] | None) -> bool:
        """Whether it is left to the columns of a file how what is compared is called."""
        return False

    def name_options(self, options: Sequence[str] | None, labels: Sequence[str]) -> tuple[str, ...]:
        """The options once that is known."""
        return tuple(options or labels)

    def relabelled(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        """A canonical answer in which what is compared is called otherwise."""
        return answer

    def preferred(self, answer: str, options: Sequence[str]) -> tuple[tuple[str, str, float | None], ...]:
        """Pairs of a better and a worse one, and by how much where that is asked; none of a tie."""
        return ()

    @property
    def is_own(self) -> bool:
        """Whether it is a worker's own words, picture, voice or place, and not an option."""
        return self.wants in OWN

    def wants_now(self, draft: Draft, options: Sequence[str]) -> Wants:
        """What hands in the next part of the answer."""
        return self.wants

    def ways(self, options: Sequence[str]) -> frozenset[Wants]:
        """All that may be asked for on the way to an answer."""
        return frozenset({self.wants})

    def is_typed(self, options: Sequence[str]) -> bool:
        """Whether words or numbers are, all of an answer or a part of it."""
        return Wants.TEXT in self.ways(options)

    def pressed(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """The draft after one more press, where an answer takes several: it is handed in as `2,0,1`."""
        raise NotImplementedError

    def stepped(self, draft: Draft, option: int, options: Sequence[str]) -> Draft:
        """The draft after a press, whatever it holds."""
        return self.pressed(presses(draft), option, options)

    def with_words(self, draft: Draft, words: str, options: Sequence[str]) -> Draft:
        """The draft after words, of an answer that takes them in steps."""
        raise NotImplementedError

    def is_complete(self, draft: Draft, options: Sequence[str]) -> bool:
        """Whether nothing is left to ask, so that the draft is handed in without a word more."""
        return False

    def handed_in(self, draft: Draft, options: Sequence[str]) -> str:
        """The draft as `parse_answer` takes it."""
        return ",".join(map(str, draft))

    def as_gold(self, answer: str, options: Sequence[str]) -> tuple[str, ...]:
        """The gold that accepts this canonical answer and its equivalents."""
        return self.accepted(answer)

    def golds(self, written: str, options: Sequence[str]) -> tuple[str, ...] | None:
        """The gold of a form, as a program writes it; None if invalid."""
        raise NotImplementedError

    def alternatives(self, written: str) -> list[str]:
        """The accepted answers of a gold cell, one by one."""
        return [answer for answer in written.split(SEVERAL) if answer.strip()]

    def lacking(self, template: str, content: Mapping[str, str]) -> str:
        """What a task has to show and does not: a key of formats/errors.py, or nothing."""
        return ""

    def check(self, answer: str | None, template: str, content: Mapping[str, str]) -> None:
        """Raises AnswerUnfit where a canonical answer cannot be one to what the task shows."""

    def accepted(self, answer: str) -> tuple[str, ...]:
        """The same, where it takes no options to say."""
        return (answer,)

    def completed(self, known: str, found: Agreement, options: Sequence[str]) -> Agreement:
        """The result of a gold task; `found` is the crowd's answer without it."""
        return Agreement(known, 1.0)

    def seconds(self, options: Sequence[str]) -> float:
        """That handing in takes beyond one press."""
        return self.handing_in(len(options))

    def handing_in(self, options: int) -> float:
        """The same by the number of options."""
        return 0.0

    def to_display(self, answer: str, options: Sequence[str]) -> str:
        """An answer, or one accepted as gold, with all that its screen needs to show it without the options."""
        return answer

    def pieces(self, shown: str) -> tuple[str, ...]:
        """Such an answer in parts that have room in a message each."""
        return (shown,)

    def voted(self, options: Sequence[str]) -> tuple[str, ...]:
        """The options whose votes are counted in an export."""
        return tuple(options)

    def cell(self, answer: str) -> str:
        """An answer in an export."""
        return answer

    def gold_cell(self, gold: Sequence[str], options: Sequence[str]) -> str:
        """The accepted answers in an export."""
        return "|".join(gold)

    def parts(self, answer: str | None, gold: Sequence[str], options: Sequence[str]) -> list[str | None]:
        """The cells behind a submission's: of each question of a form, the answer and what is known."""
        return []

    def list_options(self, options: Sequence[str]) -> tuple[str, ...]:
        """The options, as they are read aloud."""
        return tuple(options)


def digits(value: float | None) -> float | None:
    """To six significant digits, the precision of estimates."""
    return None if value is None else float(f"{value:.6g}")


def presses(draft: Draft) -> tuple[int, ...]:
    """The numbers in it."""
    return tuple(step for step in draft if isinstance(step, int))
