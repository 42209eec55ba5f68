"""Sweeps of the boards: sealing, deletion of traces, ends of petitions, the daily digest."""

from domain.fairness.messages.board import BoardDigest, BoardLine
from domain.people.push_hours import next_at
from services.fairness import petitions
from services.fairness.board import PROJECTS
from services.fairness.oversight import board_contests, mirroring
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

AT_ONCE = 200


def seal(unit: UnitOfWork) -> None:
    """Seals the log, parts posts from the transactions that wrote them, deletes drafts and letters that ended;
    queues what goes to the group."""
    unit.board_log.seal(AT_ONCE)
    unit.board_log.join_day()
    unit.board_traces.settle()
    unit.board_traces.delete()
    unit.board_wishes.lapse()
    mirroring.collect(unit)


def end_petitions(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """And contests of hidden posts."""
    petitions.end_due(unit)
    board_contests.end_due(unit, admins)


def send_digests(unit: UnitOfWork) -> None:
    """At the hour they chose, to those who want it and for whom there is something new. Who is paused, suspended or out
    of reach gets none; the next one is due a day later."""
    for known in unit.preferences.digests_due(AT_ONCE):
        hour = known.preferences.board_hour
        unit.preferences.digest_at(known.person, next_at(known.zone, hour, unit.now))
        reader = unit.people.get(known.person)
        is_open = reader.reachable and not reader.paused and not reader.suspended
        news = unit.boards.news(known.person, PROJECTS) if is_open else ()
        if news:
            lines = tuple(BoardLine(each.board, each.title, each.count) for each in news)
            unit.outbox.tell(known.person, BoardDigest(lines), lane=Lane.PUSH)
