"""Moderation: a reader reports a post, an admin hides it by a rule or leaves it. Hiding leaves a line in the log."""

from domain.fairness import pens
from domain.fairness.board import HOUSE, RULES, EventKind, Post, PostId
from domain.fairness.messages.board import BoardModerated, BoardPostToModerate, BoardReported
from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import BoardRefused, UnknownChoice
from services.act import Act
from services.fairness.board_access import membership, shown_post, title_of
from services.fairness.oversight import cases, impartial
from storage.unit import UnitOfWork


def report(act: Act, post: PostId) -> BoardReported:
    """Admins are asked once about a post, whoever reports it; who did is not kept."""
    unit, found = act.unit, shown_post(act.unit, post)
    membership(unit, act.person, found.board)
    asked = BoardPostToModerate(post, title_of(unit, found.board), pens.name_of(found.author), found.body)
    for admin in impartial.deciders(unit, act.house.admins, _involved(unit, found)):
        unit.outbox.tell(admin, asked, key=f"board report:{post}:{admin}", live=f"{cases.post(post)}asked")
    return BoardReported(post)


def decide(act: Act, post: PostId, rule: int) -> BoardModerated:
    """Hides a post by a rule, or leaves it (0). Of a project's board another admin than its requester decides."""
    unit, found = act.unit, act.unit.boards.find(post)
    if found is None:
        raise BoardRefused(why="gone")
    if rule not in (0, *RULES):
        raise UnknownChoice()
    alone = impartial.check(act, *_involved(unit, found))
    if not rule:
        unit.audit.note(act.person.id, "left", f"post:{post}", alone=alone)
        _close(act, post, CaseEnd.LEFT)
        return BoardModerated(post, 0, gone=False)
    if not unit.boards.hide(post):
        return BoardModerated(post, rule, gone=True)
    unit.audit.note(act.person.id, "hidden", f"post:{post}", rule=rule, alone=alone)
    unit.board_log.note(post, EventKind.HIDDEN, found.digest, act.person.id, rule)
    _close(act, post, CaseEnd.HIDDEN)
    return BoardModerated(post, rule, gone=False)


def _close(act: Act, post: PostId, end: CaseEnd) -> None:
    """Takes the buttons off every admin's message about it."""
    cases.close(act.unit, act.house.admins, cases.post(post), CaseClosed(f"#{post}", end, act.person.label))


def _involved(unit: UnitOfWork, post: Post) -> tuple[PersonId, ...]:
    """The requester of a project's board."""
    return () if post.board == HOUSE else (unit.projects.get(ProjectId(post.board)).requester,)
