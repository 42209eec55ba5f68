"""Messages to requesters while a project is made: wizard, uploads, deleted drafts."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class WizardQuestion(Message):
    """Question `number` of `of`, 0 until the kind of answer tells how many: `step` is the key of the form it answers.
    `keeps` is a file that has just come, `now` what was answered before, `suggested` are answers of one press (a pay in
    millionths); a pay is reckoned with `seconds` an answer and a `floor` an hour. `kept`: the form was begun some time
    ago; `pictured`: the picture of an example is there."""

    step: str
    kind: str
    number: int
    of: int
    keeps: str = ""
    now: str = ""
    suggested: tuple[int, ...] = ()
    currency: str = ""
    kept: bool = False
    seconds: float = 0.0
    floor: int = 0
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class FileWanted(Message):
    """The form is there, the file with the tasks is the last step; `of` is 0 where the form came in one message.

    `name` is a file that was sent before the form and can be taken, empty where there is none. `said` is the form, step
    by step, a pay in millionths; `columns` are those a preset goes with. `kept`: the form was begun some time ago.
    """

    number: int = 0
    of: int = 0
    name: str = ""
    said: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    kept: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True)
class AnewAsked(Message):
    """Question whether to discard what was filled in of the form so far: `steps` steps."""

    title: str
    steps: int


@dataclass(frozen=True, slots=True)
class ColumnWanted(Message):
    """The file `name` is there; which of its `columns` do workers see?"""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmptyCell:
    """A cell of a file with nothing to show, at line `line`."""

    line: int
    column: str


@dataclass(frozen=True, slots=True)
class EmptyCells(Message):
    """Message to a requester: nothing is wrong with the file `name` but `total` empty cells that workers would see, the
    first of them `cells`; their rows can be left out."""

    name: str
    cells: tuple[EmptyCell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FileAwaited(Message):
    """Words were sent; the file is missing."""


@dataclass(frozen=True, slots=True)
class MoreTasksWanted(Message):
    """Message to a requester: more tasks can be sent, with these columns."""

    number: int
    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileUnexplained(Message):
    """A file called `name` was sent without a caption; `title` is that of a form which was begun before, empty without
    one; `projects` are (number, title) of the newest to which it may be added."""

    name: str = ""
    title: str = ""
    projects: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftCancelled(Message):
    """The open draft was cancelled; `of_another`: another question than the form's, which is kept; `nothing`: none was
    open."""

    of_another: bool = False
    nothing: bool = False
