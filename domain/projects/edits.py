"""Messages while what workers read of a project is edited."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId, Wording


@dataclass(frozen=True, slots=True)
class EditPage(Message):
    """What can be edited: the instructions, and how many `pictures` and `examples` stand beside them. `edited`: just
    now, which made this `edition` of a running project."""

    project: ProjectId
    title: str
    state: str
    edition: int
    instructions: tuple[str, ...]
    pictures: int
    examples: int
    edited: bool = False


@dataclass(frozen=True, slots=True)
class WordingWanted(Message):
    """The next words are the new text of this `part`, which is `now`; or one more picture or example. `pictured`: the
    example's picture is there."""

    project: ProjectId
    title: str
    part: str
    now: str = ""
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version as it was read from `made_at` on."""

    number: int
    made_at: Moment
    wording: Wording


@dataclass(frozen=True, slots=True)
class VersionsKept(Message):
    """The latest versions of a project, oldest first; none where it was never edited."""

    project: ProjectId
    title: str
    versions: tuple[KeptVersion, ...]
