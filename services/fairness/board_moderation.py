"""Moderation: a reader reports a post, an admin hides it by a rule or leaves it. Hiding leaves a line in the log."""

from domain.fairness import pens
from domain.fairness.board import RULES, EventKind, Post, PostId, PostState, ReportState
from domain.fairness.messages.board import BoardModerated, BoardPostToModerate, BoardReported
from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.refusals import BoardRefused, UnknownChoice
from services.act import Act, Reply
from services.fairness import petitions
from services.fairness.board_access import asker_of, membership, shown_post, title_of
from services.fairness.oversight import cases, impartial
from storage.unit import UnitOfWork


def report(act: Act, post: PostId) -> BoardReported:
    """Admins are asked once about a post, whoever reports it; who did is not kept."""
    unit, found = act.unit, shown_post(act.unit, post)
    membership(unit, act.person, found.board)
    if unit.board_reports.add(post):
        for admin in impartial.deciders(unit, act.house.admins, asker_of(unit, found.board)):
            cases.show(unit, admin, cases.post(post), _card(unit, found))
    return BoardReported(post)


def show(act: Act, post: PostId) -> Reply:
    """The case once more; raises BoardRefused where it waits no more."""
    unit, found = act.unit, shown_post(act.unit, post)
    impartial.check(act, *asker_of(unit, found.board))
    if unit.board_reports.state_of(post) is not ReportState.WAITING:
        raise BoardRefused(why="decided")
    return cases.shown(cases.post(post), _card(unit, found))


def waiting_for(act: Act, limit: int) -> list[PostId]:
    """Reported posts about which this admin may decide."""
    unit, admins = act.unit, act.house.admins
    posts = [unit.boards.get(post) for post in unit.board_reports.waiting(limit)]
    return [post.id for post in posts if act.person.id in impartial.deciders(unit, admins, asker_of(unit, post.board))]


def taken_back(act: Act, post: PostId) -> None:
    """Its writer took it back: nobody has to decide any more."""
    if act.unit.board_reports.withdraw(post):
        closed = CaseClosed(f"#{post}", CaseEnd.TAKEN_BACK)
        cases.close(act.unit, act.house.admins, cases.post(post), closed)


def decide(act: Act, post: PostId, rule: int) -> BoardModerated:
    """Hides a post by a rule, or leaves it (0), once. Of a project's board another admin than its requester decides."""
    unit, found = act.unit, act.unit.boards.find(post)
    if found is None:
        raise BoardRefused(why="gone")
    if rule not in (0, *RULES):
        raise UnknownChoice()
    alone = impartial.check(act, *asker_of(unit, found.board))
    if found.state is not PostState.SHOWN:
        return BoardModerated(post, rule, gone=True)
    if not unit.board_reports.decide(post, ReportState.HIDDEN if rule else ReportState.LEFT):
        return BoardModerated(post, rule, gone=False, decided=True)
    if not rule:
        unit.audit.note(act.person.id, "left", f"post:{post}", alone=alone)
        _close(act, post, CaseEnd.LEFT)
        return BoardModerated(post, 0, gone=False)
    petitions.hidden(act, found)
    unit.boards.hide(post)
    unit.audit.note(act.person.id, "hidden", f"post:{post}", rule=rule, alone=alone)
    unit.board_log.note(post, EventKind.HIDDEN, found.digest, act.person.id, rule)
    _close(act, post, CaseEnd.HIDDEN)
    return BoardModerated(post, rule, gone=False)


def _close(act: Act, post: PostId, end: CaseEnd) -> None:
    """Takes the buttons off every admin's message about it."""
    cases.close(act.unit, act.house.admins, cases.post(post), CaseClosed(f"#{post}", end, act.person.label))


def _card(unit: UnitOfWork, post: Post) -> BoardPostToModerate:
    return BoardPostToModerate(post.id, title_of(unit, post.board), pens.name_of(post.author), post.body)
