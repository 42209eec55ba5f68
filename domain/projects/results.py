"""Data sets on the Hugging Face hub: where a requester wants their results to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from domain.answers import kind_of
from domain.messages import Message, record
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId

TRIES = 3  # of one push, should the process die while it runs
PUBLIC = "public"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_TOKEN = re.compile(r"[!-~]{8,300}")
_AMONG = re.compile(r"(?<!\S)hf_[A-Za-z0-9]{8,}(?!\S)")


@record
class HubPush:
    """A project's results that are on their way to OWNER/NAME. `token` is encrypted, and goes with the row at its
    end."""

    project: ProjectId
    requester: PersonId
    name: str
    public: bool
    token: str
    asked_at: Moment
    tries: int


def name_of(words: str) -> tuple[str, bool] | None:
    """Return OWNER/NAME and whether the data set is public; None if the hub allows no such name."""
    name, _, rest = words.strip().partition(" ")
    owner, _, dataset = name.partition("/")
    fits = all(_NAME.fullmatch(part) and "--" not in part and ".." not in part for part in (owner, dataset))
    if not fits or dataset.endswith(".git") or rest.strip().lower() not in ("", PUBLIC):
        return None
    return name, bool(rest.strip())


def is_token(words: str) -> bool:
    return _TOKEN.fullmatch(words.strip()) is not None


def is_meant_as_token(words: str) -> bool:
    """Return whether the words are, or contain, a token of the hub, so that they answer no other question."""
    return words.strip().startswith("hf_") or holds_token(words)


def holds_token(words: str) -> bool:
    """Return whether one of the words is a token of the hub."""
    return _AMONG.search(words) is not None


def without_token(words: str) -> str:
    return _AMONG.sub("", words).strip()


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
    """Results and data sheet, sent unasked to a requester whose project has ended. `state` is how it ended."""

    number: int
    title: str
    state: str
    ordered: Moment


def results_key(project: ProjectId, launched: Moment | None) -> str:
    """Return the deduplication key of ResultsSent: one per launch."""
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
    """Question to a requester who pushes results to the hub: type OWNER/NAME or, if `name` is given, the token.
    `again`: the words before were neither."""

    number: int
    title: str
    name: str = ""
    public: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class HubBegun(Message):
    """Notice that a push to the hub is on its way."""

    title: str
    name: str


@dataclass(frozen=True, slots=True)
class HubPushed(Message):
    """Notice that the results are on the hub, at `url`."""

    number: int
    title: str
    name: str
    url: str
    public: bool


@dataclass(frozen=True, slots=True)
class HubFailed(Message):
    """Notice that a push failed; `why` is token, forbidden, name, public, network, busy or hub."""

    number: int
    title: str
    name: str
    why: str


@overload
def displayed_answer(project: Project, answer: str) -> str: ...
@overload
def displayed_answer(project: Project, answer: str | None) -> str | None: ...
def displayed_answer(project: Project, answer: str | None) -> str | None:
    """Return an answer, or one that gold accepts, with all that its screen needs to show it; None for None."""
    return None if answer is None else kind_of(project.kind).to_display(answer, project.options)


def displayed_answers(project: Project, answers: Sequence[str]) -> tuple[str, ...]:
    return tuple(displayed_answer(project, answer) for answer in answers)
