"""An admin names the Telegram group in which the boards are mirrored, or ends that."""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.fairness.board import (
    HOUSE,
    BoardId,
    Post,
    PostId,
    PostState,
    day_of,
)
from domain.fairness.board_mirror import (
    BoardMirror,
    BoardMirrored,
    BoardMirrorRefused,
    Mirror,
    MirrorState,
    MirrorTrouble,
    read_place,
)
from domain.messages import Message
from domain.moments import HOUR, Moment, later
from domain.projects.projects import AT_MOST, ProjectId, conditions
from domain.refusals import BoardRefused
from services.act import Act, Reply
from services.fairness.board_access import as_shown, title_of
from storage.unit import UnitOfWork

END = "off"


def open_(act: Act, word: str, place: str) -> BoardMirror:
    """`/board mirror`, `/board mirror GROUP`, `/board mirror off`."""
    if not place:
        return status(act.unit)
    return _off(act) if place.lower() == END else _name(act, place)


def again(act: Act) -> Reply:
    """The group that was named last, once more."""
    mirror = act.unit.board_mirror.current()
    if mirror is None:
        raise BoardRefused(why="group")
    return Reply(_name(act, mirror.place), edits=act.message)


def end(act: Act) -> Reply:
    return Reply(_off(act), edits=act.message)


def status(unit: UnitOfWork) -> BoardMirror:
    """Where the boards are shown."""
    mirror = unit.board_mirror.current()
    if mirror is None:
        return BoardMirror("", "", MirrorState.OFF, "")
    return BoardMirror(mirror.place, mirror.title if mirror.chat else "", mirror.state, mirror.trouble)


def _name(act: Act, place: str) -> BoardMirror:
    """The bot looks at it within seconds, and tells the admins."""
    found = read_place(place)
    if found is None:
        raise BoardRefused(why="group")
    mirror = act.unit.board_mirror.current()
    known = mirror is not None and mirror.state in (MirrorState.ON, MirrorState.STOPPED) and bool(mirror.chat)
    other = mirror is not None and found not in (mirror.place, str(mirror.chat))
    keep = act.unit.board_mirror.want if known and other else act.unit.board_mirror.name
    keep(found, act.person.language)
    act.unit.audit.note(act.person.id, "board mirror", "board", place=found)
    return BoardMirror(found, "", MirrorState.NAMED, "")


def _off(act: Act) -> BoardMirror:
    if act.unit.board_mirror.off():
        act.unit.audit.note(act.person.id, "board mirror", "board", place="")
    return status(act.unit)


NO_POST = PostId(0)


class StepKind(StrEnum):
    LOOK = "look"  # which group is it?
    TOPIC = "topic"
    SEND = "send"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Step:
    """`chat` is 0 before the first look; `thread` is the topic, `message` what is edited, `reply_to` the message with
    the post it answers; `version` is that of the post when it was read."""

    kind: StepKind
    place: str
    chat: int
    language: str
    board: BoardId = HOUSE
    title: str = ""
    post: PostId = NO_POST
    shows: BoardMirrored | None = None
    version: int = 0
    thread: int | None = None
    message: int | None = None
    reply_to: int | None = None


def next_step(unit: UnitOfWork) -> Step | None:
    """None while there is nothing to do. What was taken back or hidden goes before what is new."""
    mirror = unit.board_mirror.current()
    if mirror is None or mirror.held_until > unit.now:
        return None
    wanted = unit.board_mirror.wanted()
    if wanted is not None:
        return Step(StepKind.LOOK, wanted[0], 0, wanted[1])
    if mirror.state is MirrorState.NAMED:
        return Step(StepKind.LOOK, mirror.place, mirror.chat or 0, mirror.language)
    return _edit(unit, mirror) or (_new(unit, mirror) if mirror.state is MirrorState.ON else None)


def collect(unit: UnitOfWork) -> None:
    """Once a day: what was written on days that are over is put in the queue, of boards that are open to all."""
    mirror = unit.board_mirror.current()
    if mirror is None or mirror.chat is None or mirror.since >= day_of(unit.now):
        return
    ended = unit.board_mirror.ended(mirror)
    unit.board_mirror.queue(mirror.chat, [post.id for post in ended if _belongs(unit, post)])


def group_of(unit: UnitOfWork, board: BoardId) -> str:
    """The title of the group in which this board is shown, or nothing: its writers read it."""
    found = seen_in(unit, board)
    return found[1] if found else ""


def seen_in(unit: UnitOfWork, board: BoardId) -> tuple[int, str] | None:
    """Telegram's number of that group, and its title."""
    mirror = unit.board_mirror.current()
    return (mirror.chat, mirror.title) if mirror and mirror.chat and is_open(unit, board) else None


def is_open(unit: UnitOfWork, board: BoardId) -> bool:
    """Whether every worker may know of this board: not of a project that is for some people alone. Languages, and a
    limit of tasks for each worker, leave nobody out for what they are."""
    if board == HOUSE:
        return True
    project = unit.projects.find(ProjectId(board))
    return project is not None and all(each.name == AT_MOST for each in conditions(project.who))


def _belongs(unit: UnitOfWork, post: Post) -> bool:
    """What was taken back before its day was over never gets there."""
    return post.state is not PostState.WITHDRAWN and is_open(unit, post.board)


def found(unit: UnitOfWork, step: Step, chat: int, title: str, admins: frozenset[int]) -> None:
    """The group is there and has topics."""
    if unit.board_mirror.begin(step.place, chat, title):
        _tell(unit, admins, status(unit))


def topic_made(unit: UnitOfWork, step: Step, chat: int, thread: int) -> None:
    unit.board_mirror.keep_thread(chat, step.board, thread)


def topic_gone(unit: UnitOfWork, step: Step) -> None:
    """It is made anew before the next post."""
    if step.thread is not None:
        unit.board_mirror.drop_thread(step.chat, step.board, step.thread)


def shown(unit: UnitOfWork, step: Step, message: int) -> None:
    unit.board_mirror.shown(step.post, step.chat, message, unit.board_log.version(step.post) == step.version)


def lost(unit: UnitOfWork, step: Step) -> None:
    unit.board_mirror.lost(step.post, step.chat)


def refused(unit: UnitOfWork, step: Step, trouble: MirrorTrouble, admins: frozenset[int]) -> None:
    """Stops; the admins are told once. What is taken back there is tried again every hour; a message in a group that
    was left before stays as it is. A new group that is refused leaves the one of now as it was."""
    mirror = unit.board_mirror.current()
    if step.kind is StepKind.EDIT and (mirror is None or mirror.chat != step.chat):
        unit.board_mirror.lost(step.post, step.chat)
        return
    if step.kind is StepKind.LOOK and unit.board_mirror.refuse(step.place):
        title = mirror.title if mirror and mirror.state is MirrorState.ON else ""
        _tell(unit, admins, BoardMirrorRefused(step.place, title, trouble))
        return
    if unit.board_mirror.stop(step.place, trouble):
        _tell(unit, admins, status(unit))
    unit.board_mirror.hold(later(unit.now, HOUR))


def held(unit: UnitOfWork, until: Moment) -> None:
    unit.board_mirror.hold(until)


def _tell(unit: UnitOfWork, admins: frozenset[int], told: Message) -> None:
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, told)


def _edit(unit: UnitOfWork, mirror: Mirror) -> Step | None:
    stale = unit.board_mirror.stale()
    if stale is None:
        return None
    number, chat, message = stale
    return replace(_of_post(unit, mirror, StepKind.EDIT, unit.boards.get(number), chat), message=message)


def _new(unit: UnitOfWork, mirror: Mirror) -> Step | None:
    number = unit.board_mirror.next(mirror.chat or 0)
    if number is None:
        return None
    post = unit.boards.get(number)
    step = _of_post(unit, mirror, StepKind.SEND, post, mirror.chat or 0)
    if step.thread is None:
        return replace(step, kind=StepKind.TOPIC)
    return replace(step, reply_to=unit.board_mirror.message(post.reply_to, step.chat) if post.reply_to else None)


def _of_post(unit: UnitOfWork, mirror: Mirror, kind: StepKind, post: Post, chat: int) -> Step:
    seen = as_shown(unit, post, None, post.id)
    return Step(
        *(kind, mirror.place, chat, mirror.language),
        board=post.board,
        title=title_of(unit, post.board),
        post=post.id,
        shows=BoardMirrored(seen, unit.board_log.hider_of(post.id) or 0, post.digest),
        version=unit.board_log.version(post.id),
        thread=unit.board_mirror.thread(chat, post.board),
    )
