"""An admin names the Telegram group in which the boards are mirrored, or ends that."""

from domain.fairness.board_mirror import MirrorState, read_place
from domain.fairness.messages.board_mirror import BoardMirror
from domain.refusals import BoardRefused
from services.act import Act, Reply
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
