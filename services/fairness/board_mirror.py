"""Mirror of the boards in a Telegram group that an admin names, and its steps for the process that posts there."""

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
from services.fairness.board_access import get_board_title, to_shown_post
from storage.unit import UnitOfWork

OFF_WORD = "off"


def handle_mirror_command(act: Act, word: str, place: str) -> BoardMirror:
    """Handle `/board mirror`, `/board mirror GROUP` and `/board mirror off`; without a group return the status."""
    if not place:
        return get_status(act.unit)
    return _stop_mirroring(act) if place.lower() == OFF_WORD else _name_group(act, place)


def retry_group(act: Act) -> Reply:
    """Try again with the group that was named last. Raise BoardRefused if none was named."""
    mirror = act.unit.board_mirror.current()
    if mirror is None:
        raise BoardRefused(why="group")
    return Reply(_name_group(act, mirror.place), edits=act.message)


def stop_mirror(act: Act) -> Reply:
    return Reply(_stop_mirroring(act), edits=act.message)


def get_status(unit: UnitOfWork) -> BoardMirror:
    """Return in which group the boards are shown, and what prevents it."""
    mirror = unit.board_mirror.current()
    if mirror is None:
        return BoardMirror("", "", MirrorState.OFF, "")
    return BoardMirror(mirror.place, mirror.title if mirror.chat else "", mirror.state, mirror.trouble)


def _name_group(act: Act, place: str) -> BoardMirror:
    """Store the named group; the bot examines it within seconds and tells the admins. A running mirror goes on until
    the new group is accepted. Raise BoardRefused if the text names no group."""
    group = read_place(place)
    if group is None:
        raise BoardRefused(why="group")
    mirror = act.unit.board_mirror.current()
    is_running = mirror is not None and mirror.state in (MirrorState.ON, MirrorState.STOPPED) and bool(mirror.chat)
    is_other = mirror is not None and group not in (mirror.place, str(mirror.chat))
    store_group = act.unit.board_mirror.request_group if is_running and is_other else act.unit.board_mirror.name_group
    store_group(group, act.person.language)
    act.unit.audit.note(act.person.id, "board mirror", "board", place=group)
    return BoardMirror(group, "", MirrorState.NAMED, "")


def _stop_mirroring(act: Act) -> BoardMirror:
    if act.unit.board_mirror.switch_off():
        act.unit.audit.note(act.person.id, "board mirror", "board", place="")
    return get_status(act.unit)


NO_POST = PostId(0)


class StepKind(StrEnum):
    LOOK = "look"  # which group is it?
    TOPIC = "topic"
    SEND = "send"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Step:
    """One step for the process that posts into the group. `chat` is 0 before the first look; `thread` is the topic,
    `message` the message to edit, `reply_to` the message with the post that it answers; `version` is the post's version
    when it was read."""

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
    """Return the next step, None while there is nothing to do. Posts that were taken back or hidden come before new
    ones."""
    mirror = unit.board_mirror.current()
    if mirror is None or mirror.held_until > unit.now:
        return None
    wanted_group = unit.board_mirror.find_requested_group()
    if wanted_group is not None:
        return Step(StepKind.LOOK, wanted_group[0], 0, wanted_group[1])
    if mirror.state is MirrorState.NAMED:
        return Step(StepKind.LOOK, mirror.place, mirror.chat or 0, mirror.language)
    return _next_edit_step(unit, mirror) or (_next_post_step(unit, mirror) if mirror.state is MirrorState.ON else None)


def queue_finished_days(unit: UnitOfWork) -> None:
    """Queue posts written on days that are over, once a day, if their boards are open to all workers."""
    mirror = unit.board_mirror.current()
    if mirror is None or mirror.chat is None or mirror.since >= day_of(unit.now):
        return
    finished_posts = unit.board_mirror.unqueued_finished_posts(mirror)
    unit.board_mirror.queue(mirror.chat, [post.id for post in finished_posts if _belongs_in_group(unit, post)])


def get_group_title(unit: UnitOfWork, board: BoardId) -> str:
    """Return the title of the group in which this board is shown, for its writers to read; "" if there is none."""
    group = find_group(unit, board)
    return group[1] if group else ""


def find_group(unit: UnitOfWork, board: BoardId) -> tuple[int, str] | None:
    """Return (Telegram's number, title) of the group in which this board is shown, or None."""
    mirror = unit.board_mirror.current()
    return (mirror.chat, mirror.title) if mirror and mirror.chat and is_open_to_all(unit, board) else None


def is_open_to_all(unit: UnitOfWork, board: BoardId) -> bool:
    """Return whether every worker may read this board. Projects with conditions are closed, except for a limit of tasks
    per worker."""
    if board == HOUSE:
        return True
    project = unit.projects.find(ProjectId(board))
    return project is not None and all(condition.name == AT_MOST for condition in conditions(project.who))


def _belongs_in_group(unit: UnitOfWork, post: Post) -> bool:
    """Return whether a post is to be shown in the group: not withdrawn, and of a board open to all workers."""
    return post.state is not PostState.WITHDRAWN and is_open_to_all(unit, post.board)


def begin_mirror(unit: UnitOfWork, step: Step, chat: int, title: str, admins: frozenset[int]) -> None:
    """Begin mirroring into a group that exists and has topics, and tell the admins."""
    if unit.board_mirror.begin(step.place, chat, title):
        _tell_admins(unit, admins, get_status(unit))


def store_topic(unit: UnitOfWork, step: Step, chat: int, thread: int) -> None:
    unit.board_mirror.store_topic(chat, step.board, thread)


def forget_topic(unit: UnitOfWork, step: Step) -> None:
    """Forget a topic that was deleted; it is made anew before the next post."""
    if step.thread is not None:
        unit.board_mirror.drop_topic(step.chat, step.board, step.thread)


def store_message(unit: UnitOfWork, step: Step, message: int) -> None:
    unit.board_mirror.store_shown(step.post, step.chat, message, unit.board_log.get_version(step.post) == step.version)


def mark_lost(unit: UnitOfWork, step: Step) -> None:
    unit.board_mirror.store_lost(step.post, step.chat)


def handle_refusal(unit: UnitOfWork, step: Step, trouble: MirrorTrouble, admins: frozenset[int]) -> None:
    """Handle a step that Telegram refused: stop the mirror, tell the admins once and try again in an hour. An edit in a
    group that was left before is given up; a new group that is refused leaves the present one as it was."""
    mirror = unit.board_mirror.current()
    if step.kind is StepKind.EDIT and (mirror is None or mirror.chat != step.chat):
        unit.board_mirror.store_lost(step.post, step.chat)
        return
    if step.kind is StepKind.LOOK and unit.board_mirror.drop_request(step.place):
        title = mirror.title if mirror and mirror.state is MirrorState.ON else ""
        _tell_admins(unit, admins, BoardMirrorRefused(step.place, title, trouble))
        return
    if unit.board_mirror.stop(step.place, trouble):
        _tell_admins(unit, admins, get_status(unit))
    unit.board_mirror.hold_until(later(unit.now, HOUR))


def pause_until(unit: UnitOfWork, until: Moment) -> None:
    unit.board_mirror.hold_until(until)


def _tell_admins(unit: UnitOfWork, admins: frozenset[int], notice: Message) -> None:
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, notice)


def _next_edit_step(unit: UnitOfWork, mirror: Mirror) -> Step | None:
    stale = unit.board_mirror.find_stale_message()
    if stale is None:
        return None
    number, chat, message = stale
    return replace(_to_post_step(unit, mirror, StepKind.EDIT, unit.boards.get(number), chat), message=message)


def _next_post_step(unit: UnitOfWork, mirror: Mirror) -> Step | None:
    number = unit.board_mirror.find_next_post(mirror.chat or 0)
    if number is None:
        return None
    post = unit.boards.get(number)
    step = _to_post_step(unit, mirror, StepKind.SEND, post, mirror.chat or 0)
    if step.thread is None:
        return replace(step, kind=StepKind.TOPIC)
    return replace(step, reply_to=unit.board_mirror.find_message(post.reply_to, step.chat) if post.reply_to else None)


def _to_post_step(unit: UnitOfWork, mirror: Mirror, kind: StepKind, post: Post, chat: int) -> Step:
    shown_post = to_shown_post(unit, post, None, post.id)
    return Step(
        *(kind, mirror.place, chat, mirror.language),
        board=post.board,
        title=get_board_title(unit, post.board),
        post=post.id,
        shows=BoardMirrored(shown_post, unit.board_log.find_hider(post.id) or 0, post.digest),
        version=unit.board_log.get_version(post.id),
        thread=unit.board_mirror.find_topic(chat, post.board),
    )
