"""Two workers who both want it exchange @usernames: what they then write, staff can't read. The pair is not kept."""

from domain.fairness.board import WISHES, Post, PostId
from domain.fairness.messages.board_contacts import BoardContact, BoardContactAsked
from domain.people.people import PersonId
from domain.refusals import BoardRefused
from services.act import Act
from services.fairness.board_access import membership, read_pen, shown_post
from storage.unit import UnitOfWork


def ask(act: Act, post: PostId) -> BoardContactAsked:
    """The author of the post is asked when they next read it with their pen; who asks is not shown to them."""
    unit, found = act.unit, _open(act, post)
    if unit.board_wishes.count_of(act.person.id) >= WISHES:
        raise BoardRefused(why="wishes", limit=WISHES)
    unit.board_wishes.add(found.id, act.person.id)
    return BoardContactAsked(post)


def accept(act: Act, post: PostId, pen: str) -> BoardContact:
    """The author says yes to one who asked: each is told the other's @username."""
    unit, found = act.unit, _open(act, post)
    mine = read_pen(unit, found.board, pen)
    if mine is None or mine.author != found.author:
        raise BoardRefused(why="pen")
    other = _next_with_name(unit, post)
    unit.outbox.tell(other[0], BoardContact(post, _name(act)))
    return BoardContact(post, other[1])


def _next_with_name(unit: UnitOfWork, post: PostId) -> tuple[PersonId, str]:
    """One who asked, and still has a name and wants it."""
    while (person := unit.board_wishes.take(post)) is not None:
        known = unit.people.get(person)
        if known.username and unit.preferences.of(person).contacts:
            return person, known.username
    raise BoardRefused(why="wished")


def _open(act: Act, post: PostId) -> Post:
    """A post of a board of theirs; raises BoardRefused where they exchange no contacts, or have no @username."""
    found = shown_post(act.unit, post)
    membership(act.unit, act.person, found.board)
    _name(act)
    if not act.unit.preferences.of(act.person.id).contacts:
        raise BoardRefused(why="contacts")
    return found


def _name(act: Act) -> str:
    if not act.person.username:
        raise BoardRefused(why="username")
    return act.person.username
