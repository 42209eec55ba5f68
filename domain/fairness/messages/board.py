"""Messages of the board. All of their names begin with Board: letters of these names are deleted soon after they are
sent (`storage/fairness/board_traces.py`).

`pen` is what the buttons carry, empty for a reader without one; `title` is the project's, empty for the house.
"""

from dataclasses import dataclass

from domain.fairness.board import BoardId, EventKind, PetitionState, PostId, PostState
from domain.fairness.messages.board_contests import ContestShown
from domain.messages import Message
from domain.moments import Moment


@dataclass(frozen=True, slots=True)
class PetitionShown:
    """`signed`: by the reader's pen."""

    threshold: int
    voices: int
    closes: Moment
    due: Moment | None
    answer: str | None
    answered_on: Moment | None
    state: PetitionState
    signed: bool


@dataclass(frozen=True, slots=True)
class PostShown:
    """`new`: not seen before by its reader; `mine`: by the reader's pen; `rule` is why it is
    hidden; `wishes`: so many would exchange contacts, told to its author alone;
    `original` is the tombstone of a post that is shown again, 0 for others."""

    id: PostId
    name: str
    day: Moment
    body: str
    state: PostState
    reply_to: PostId | None
    replies: int
    new: bool
    mine: bool
    rule: int = 0
    petition: PetitionShown | None = None
    wishes: int = 0
    contest: ContestShown | None = None
    original: int = 0


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A board in a list."""

    board: BoardId
    title: str
    unread: int


@dataclass(frozen=True, slots=True)
class BoardList(Message):
    """The boards of one reader, the house first."""

    boards: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class BoardPage(Message):
    """A few posts, the newest first. `taken`: a pen of this month was handed over; `missing` answers before the
    reader may write; `name` is that of the reader's pen; `group` is the Telegram group in which the board is
    shown, too, or nothing."""

    board: BoardId
    title: str
    posts: tuple[PostShown, ...]
    page: int
    older: bool
    pen: str
    name: str
    missing: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class BoardPost(Message):
    """One post with its replies, the oldest first. `missing` answers before its reader may write; `writes`: the pen is
    of this month."""

    board: BoardId
    title: str
    post: PostShown
    replies: tuple[PostShown, ...]
    page: int
    more: bool
    pen: str
    missing: int = 0
    writes: bool = True


@dataclass(frozen=True, slots=True)
class BoardPen(Message):
    """A pen, this once: the message is the only place that holds it. It writes before the moment `until`."""

    board: BoardId
    title: str
    name: str
    pen: str
    until: Moment


@dataclass(frozen=True, slots=True)
class BoardPenTaken(Message):
    """This month's pen was handed over before; `again` is when the next one may be taken."""

    board: BoardId
    title: str
    again: Moment


@dataclass(frozen=True, slots=True)
class BoardWordsWanted(Message):
    """Asks for the text; `reply_to` is 0 for a post of its own."""

    title: str
    name: str
    reply_to: int
    threshold: int


@dataclass(frozen=True, slots=True)
class BoardDraft(Message):
    """The text as others will read it, before it is sent; `group` as on the page. `moved`: it was not sent, as another
    group shows the board now than its writer read of."""

    title: str
    name: str
    body: str
    threshold: int
    group: str = ""
    moved: bool = False


@dataclass(frozen=True, slots=True)
class BoardDraftDropped(Message):
    """Nothing was sent."""


@dataclass(frozen=True, slots=True)
class BoardTakeBackQuestion(Message):
    """Shall this post of one's own be taken back? `mirrored`: a group shows it, which sees the minute."""

    post: PostId
    body: str
    pen: str
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class BoardReported(Message):
    """To the person who reported a post."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardPostToModerate(Message):
    """To an admin: a reported post."""

    post: PostId
    title: str
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class BoardModerated(Message):
    """To the admin; `rule` 0 leaves it, `gone`: it was no longer shown, `decided`: an admin had left it before."""

    post: PostId
    rule: int
    gone: bool
    decided: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """`person`, a number of the staff, is 0 for authors and for time; `head` is empty until it is sealed."""

    position: int
    post: PostId
    board: BoardId
    kind: EventKind
    person: int
    rule: int
    day: Moment
    digest: str
    head: str


@dataclass(frozen=True, slots=True)
class BoardLog(Message):
    """The log, the newest first."""

    lines: tuple[LogLine, ...]
    page: int
    older: bool


@dataclass(frozen=True, slots=True)
class BoardPetitionToAnswer(Message):
    """To its addressee: enough people signed."""

    post: PostId
    title: str
    body: str
    voices: int
    due: Moment


@dataclass(frozen=True, slots=True)
class BoardAnswerWanted(Message):
    """Asks the addressee for the answer."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardAnswerDraft(Message):
    """To the addressee: the answer as it will be read, before it is sent; `title` is that of the petition's board."""

    post: PostId
    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class BoardAnswerKept(Message):
    """To the addressee: the answer stands under the petition."""

    post: PostId
    answer: str


@dataclass(frozen=True, slots=True)
class BoardDigest(Message):
    """Once a day, for who wants it: boards with new posts."""

    boards: tuple[BoardLine, ...]
