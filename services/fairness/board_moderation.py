"""Moderation: a reader reports a post, an admin hides it by a rule or leaves it. Hiding leaves a line in the log."""

from domain.fairness import pens
from domain.fairness.board import RULES, EventKind, PostId
from domain.fairness.messages.board import BoardModerated, BoardPostToModerate, BoardReported
from domain.refusals import BoardRefused, UnknownChoice
from services.act import Act
from services.fairness.board_access import membership, shown_post, title_of


def report(act: Act, post: PostId) -> BoardReported:
    """Admins are asked once about a post, whoever reports it; who did is not kept."""
    unit, found = act.unit, shown_post(act.unit, post)
    membership(unit, act.person, found.board)
    asked = BoardPostToModerate(post, title_of(unit, found.board), pens.name_of(found.author), found.body)
    for admin in unit.people.with_telegram_ids(tuple(sorted(act.house.admins))):
        unit.outbox.tell(admin, asked, key=f"board report:{post}:{admin}")
    return BoardReported(post)


def decide(act: Act, post: PostId, rule: int) -> BoardModerated:
    """Hides a post by a rule, or leaves it (0)."""
    unit, found = act.unit, act.unit.boards.find(post)
    if found is None:
        raise BoardRefused(why="gone")
    if rule not in (0, *RULES):
        raise UnknownChoice()
    if not rule:
        return BoardModerated(post, 0, gone=False)
    if not unit.boards.hide(post):
        return BoardModerated(post, rule, gone=True)
    unit.board_log.note(post, EventKind.HIDDEN, found.digest, act.person.id, rule)
    return BoardModerated(post, rule, gone=False)
