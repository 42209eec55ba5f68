"""Stewards are elected through the routes, on both databases: who may, once each, secretly, counted by everybody."""

import pytest

from domain.fairness.elections import BoardBallot, BoardElection, BoardLinkKept, elect, read_link
from domain.moments import DAY, later
from domain.people.accounts import PersonId
from handlers.fairness.elections import (
    AskForLink,
    OpenStewards,
    ShowBallots,
    StandDown,
    StandForSteward,
    TakeBallot,
    Vote,
)
from handlers.people.settings import ChangeSetting
from services.fairness import elections
from storage.database import one_transaction
from tests.services.fairness.test_board import NOW, Floor, place, refused

GOOD = ("https://t.me/+AbCdEf123456", "https://t.me/workers_of_pouce", " https://t.me/joinchat/AbCdEf12 ")
BAD = ("http://t.me/+AbCdEf123456", "https://t.me.evil.org/+AbCdEf12", "https://t.me/+a", "javascript:1")


def crowd(url: str) -> Floor:
    """Workers 0 to 4 have answered lately."""
    floor = Floor(url, NOW)
    floor.answered_lately(range(5))
    return floor


def closed(floor: Floor) -> dict[int, BoardBallot]:
    """An election in which worker 0 gets three votes and worker 1 two; the ballots by voter."""
    for worker in (0, 1):
        floor.press(worker, StandForSteward())
    floor.now = later(floor.now, 7 * DAY)
    papers = {worker: floor.press(worker, TakeBallot()) for worker in range(5)}
    for worker, paper in papers.items():
        for choice in (1, 0) if worker < 3 else (1,):  # the last one counts
            candidate = floor.house.workers[choice]
            floor.press(worker, Vote(election=paper.number, candidate=candidate, pen=paper.pen))
    floor.sweep(elections.close_due_election)
    assert floor.press(0, OpenStewards(word="stewards")).stage == "voting"
    floor.now = later(floor.now, 7 * DAY)
    floor.sweep(elections.close_due_election)
    return papers


def test_those_with_most_votes_are_elected_and_everybody_can_count(database_url: str) -> None:
    floor = crowd(database_url)
    papers = closed(floor)
    shown = floor.press(5, OpenStewards(word="stewards"))
    assert isinstance(shown, BoardElection)
    assert [(each.username, each.votes, each.elected) for each in shown.candidates] == [
        ("worker0", 3, True),
        ("worker1", 2, False),
    ]
    assert (shown.stage, shown.papers, shown.cast) == ("closed", 5, 5)
    listed = floor.press(5, ShowBallots(election=shown.number, page=0)).ballots
    voted = {each.code: each.username for each in listed}
    assert voted == {paper.code: "worker0" if worker < 3 else "worker1" for worker, paper in papers.items()}
    assert floor.rows("SELECT count(*) FROM election_voters") == [(0,)]
    assert floor.is_sound()


def test_a_candidate_may_change_their_mind_until_the_vote(database_url: str) -> None:
    floor = crowd(database_url)
    for worker in (0, 1):
        floor.press(worker, StandForSteward())
    assert [each.username for each in floor.press(0, StandDown()).candidates] == ["worker1"]
    assert len(floor.press(0, StandDown()).candidates) == 1  # the second press takes nobody else out
    floor.now = later(floor.now, 7 * DAY)
    assert refused(lambda: floor.press(1, StandDown())) == "election"


def test_no_table_joins_a_ballot_and_a_voter(database_url: str) -> None:
    floor = crowd(database_url)
    papers = closed(floor)
    (columns,) = {len(row) for row in floor.rows("SELECT * FROM election_ballots")}
    assert columns == 4  # election, hash, candidate, settled
    for paper in papers.values():
        found = floor.rows("SELECT count(*) FROM election_ballots WHERE voter = :pen", pen=paper.pen)
        assert found == [(0,)]


def test_ballots_do_not_lie_in_the_order_in_which_they_were_cast(database_url: str) -> None:
    floor = crowd(database_url)
    floor.press(0, StandForSteward())
    floor.now = later(floor.now, 7 * DAY)
    papers = [floor.press(worker, TakeBallot()) for worker in range(5)]
    for paper in papers:
        floor.press(0, Vote(election=paper.number, candidate=floor.house.workers[0], pen=paper.pen))
        floor.sweep(elections.close_due_election)
    lie = [row[0] for row in floor.rows(f"SELECT voter FROM election_ballots ORDER BY {place(database_url)}")]
    assert len(lie) == 5
    assert lie == sorted(lie)
    floor.press(4, Vote(election=papers[4].number, candidate=floor.house.workers[0], pen=papers[4].pen))
    floor.sweep(elections.close_due_election)
    assert lie == [row[0] for row in floor.rows(f"SELECT voter FROM election_ballots ORDER BY {place(database_url)}")]
    assert floor.rows("SELECT sum(settled) FROM election_ballots") == [(5,)]


def test_one_voice_each_and_only_of_those_who_answered_lately(database_url: str) -> None:
    floor = crowd(database_url)
    assert refused(lambda: floor.press(5, StandForSteward())) == "lately"
    assert refused(lambda: floor.press(0, TakeBallot())) == "election"
    floor.press(0, StandForSteward())
    floor.now = later(floor.now, 7 * DAY)
    assert refused(lambda: floor.press(1, StandForSteward())) == "election"
    assert refused(lambda: floor.press(5, TakeBallot())) == "lately"
    paper = floor.press(0, TakeBallot())
    assert refused(lambda: floor.press(0, TakeBallot())) == "paper"
    stranger = floor.house.workers[4]
    assert refused(lambda: floor.press(0, Vote(election=paper.number, candidate=stranger, pen=paper.pen))) == "election"
    forged = "A" * 24
    candidate = floor.house.workers[0]
    assert refused(lambda: floor.press(0, Vote(election=paper.number, candidate=candidate, pen=forged))) == "election"


def test_candidates_may_stand_at_once_if_no_steward_is_left(database_url: str) -> None:
    floor = crowd(database_url)
    closed(floor)
    floor.answered_lately(range(1, 3))
    assert refused(lambda: floor.press(1, StandForSteward())) == "election"
    with one_transaction(database_url, floor.now) as unit:
        unit.connection.changed("UPDATE people SET telegram_id = NULL WHERE id = :id", id=floor.house.workers[0])
    assert [each.username for each in floor.press(1, StandForSteward()).candidates] == ["worker1"]


def test_stewards_alone_keep_the_link_and_workers_see_it(database_url: str) -> None:
    floor = crowd(database_url)
    closed(floor)
    assert refused(lambda: floor.press(1, AskForLink())) == "steward"
    floor.press(0, AskForLink())
    assert refused(lambda: floor.type(0, "https://example.org/x")) == "link"
    link = "https://t.me/+AbCdEf123456"
    assert floor.type(0, link) == BoardLinkKept(link)
    assert floor.press(2, OpenStewards(word="stewards")).link == link
    floor.press(2, ChangeSetting(what="contacts", value="0"))
    assert floor.press(2, OpenStewards(word="stewards")).link == ""
    assert refused(lambda: floor.press(1, StandForSteward())) == "election"  # stewards are in office
    floor.now = later(floor.now, 181 * DAY)
    assert refused(lambda: floor.press(0, AskForLink())) == "steward"


def test_equals_at_the_last_seat_are_all_elected_and_two_votes_are_not_enough() -> None:
    votes = {PersonId(number): count for number, count in enumerate((9, 5, 4, 4, 2))}
    assert elect(votes) == [0, 1, 2, 3]
    assert elect({PersonId(1): 2}) == []


@pytest.mark.parametrize("link", GOOD)
def test_a_link_to_a_group_is_read(link: str) -> None:
    assert read_link(link) == link.strip()


@pytest.mark.parametrize("link", BAD)
def test_text_without_a_group_link_is_refused(link: str) -> None:
    assert read_link(link) is None
