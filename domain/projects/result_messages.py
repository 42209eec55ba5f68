"""Messages that hold a project's answers: files of them, and photos and voice messages in the chat."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class ProjectFile(Message):
    """A file of `what` (results or submissions), made when it is sent.

    `ordered` is when it was asked for. Part `part` of `of` has `rows` rows; one file holds everything where `of` is 0.
    In a ZIP of files a further part begins behind the answer `after`. `shown_as` is photo or voice where the answers
    can be shown in the chat, else empty. `to_hub`: it can be pushed to the hub from here. `reader` is the member of a
    team who asked for it, else 0.
    """

    number: int
    title: str
    what: str
    format: str
    state: str
    ordered: Moment
    part: int = 0
    of: int = 0
    rows: int = 0
    after: int = 0
    shown_as: str = ""
    to_hub: bool = False
    reader: int = 0


@dataclass(frozen=True, slots=True)
class ResultsSent(Message):
    """To a requester, once their project has ended: its results and its data sheet, unasked. `state` is how it
    ended."""

    number: int
    title: str
    state: str
    ordered: Moment


def unasked(project: ProjectId, launched: Moment | None) -> str:
    """The key of ResultsSent: once a launch."""
    return f"results:{project}:{launched}"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A photo or a voice message: `file` is its id at Telegram, `task` the row's id or number, `worker` a pseudonym."""

    file: str
    task: str
    about: str
    worker: str


@dataclass(frozen=True, slots=True)
class AnswersShown(Message):
    """A page of a project's photos or voice messages, in the order of their arrival; the next one is behind the answer
    `after`, None where this is the last."""

    number: int
    title: str
    voice: bool
    answers: tuple[HandedIn, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class HubAsked(Message):
    """To a requester who pushes results to the hub: OWNER/NAME is to be typed, or, with a `name`, the token. `again`:
    what was typed is none."""

    number: int
    title: str
    name: str = ""
    public: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class HubBegun(Message):
    """It is on its way."""

    title: str
    name: str


@dataclass(frozen=True, slots=True)
class HubPushed(Message):
    """It is there, at `url`."""

    number: int
    title: str
    name: str
    url: str
    public: bool


@dataclass(frozen=True, slots=True)
class HubFailed(Message):
    """It is not: `why` is token, forbidden, name, public, network, busy or hub."""

    number: int
    title: str
    name: str
    why: str
