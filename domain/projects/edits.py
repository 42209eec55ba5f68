"""Messages while what workers read of a project is edited."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId, Wording


@dataclass(frozen=True, slots=True)
class EditPage(Message):
    """Screen on which a requester edits what workers read: the instructions, and the number of `pictures` and
    `examples`. `edited`: an edit was just made; it made this `edition` of a running project."""

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
    """Request for the new text of this `part`, whose present text is `now`, or for one more picture or example.
    `pictured`: the example's picture has come already."""

    project: ProjectId
    title: str
    part: str
    now: str = ""
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version of what workers read, in force from `made_at` on."""

    number: int
    made_at: Moment
    wording: Wording


@dataclass(frozen=True, slots=True)
class VersionsKept(Message):
    """The latest versions of a project, oldest first; none where it was never edited."""

    project: ProjectId
    title: str
    versions: tuple[KeptVersion, ...]
