"""Elections of stewards: candidates, who took a paper, ballots that name no voter, the group's link."""

from domain.fairness.board import day_of
from domain.fairness.elections import OFFICE_DAYS, RECENT_DAYS, Candidate, Election, ElectionId, election_days
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, equals_by_range, single_value, single_values

_ELECTION = columns(Election)
_CANDIDATE = "c.person, coalesce(p.username, ''), c.votes, c.elected"

SELECT_LATEST = f"SELECT {_ELECTION} FROM elections WHERE id = (SELECT max(id) FROM elections)"
SELECT_ELECTION = f"SELECT {_ELECTION} FROM elections WHERE id = :election"
INSERT_ELECTION = """
INSERT INTO elections (opened, votes_from, closes, state) VALUES (:today, :votes_from, :closes, 'open') RETURNING id"""
SELECT_LAST_ANSWER_TIME = f"""
SELECT s.submitted_at FROM submissions s
WHERE {equals_by_range("s.worker", ":person")} ORDER BY s.worker DESC, s.id DESC LIMIT 1"""
INSERT_CANDIDATE = (
    "INSERT INTO election_candidates (election, person) VALUES (:election, :person) ON CONFLICT DO NOTHING"
)
DELETE_CANDIDATE = "DELETE FROM election_candidates WHERE election = :election AND person = :person"
SELECT_CANDIDATES = f"""
SELECT {_CANDIDATE} FROM election_candidates c JOIN people p ON p.id = c.person
WHERE c.election = :election ORDER BY c.votes DESC, c.person"""
INSERT_VOTER = "INSERT INTO election_voters (election, person) VALUES (:election, :person) ON CONFLICT DO NOTHING"
COUNT_PAPER = "UPDATE elections SET papers = papers + 1 WHERE id = :election"
UPSERT_BALLOT = """
INSERT INTO election_ballots (election, voter, candidate) VALUES (:election, :voter, :candidate)
ON CONFLICT (election, voter) DO UPDATE SET candidate = excluded.candidate, settled = 0"""
COUNT_BALLOTS = "SELECT count(*) FROM election_ballots WHERE election = :election"
SELECT_BALLOTS = """
SELECT b.voter, coalesce(p.username, '') FROM election_ballots b JOIN people p ON p.id = b.candidate
WHERE b.election = :election ORDER BY b.voter LIMIT :limit OFFSET :offset"""
SELECT_DUE_ELECTION = f"SELECT {_ELECTION} FROM elections WHERE state = 'open' AND closes <= :now"
COUNT_VOTES_OF_CANDIDATES = """
UPDATE election_candidates SET votes = (SELECT count(*) FROM election_ballots b
  WHERE b.election = election_candidates.election AND b.candidate = election_candidates.person)
WHERE election = :election"""
MARK_ELECTED = "UPDATE election_candidates SET elected = 1 WHERE election = :election AND person = :person"
CLOSE_ELECTION = "UPDATE elections SET state = 'closed' WHERE id = :election"
DELETE_VOTERS = "DELETE FROM election_voters WHERE election = :election"
# Ballots are rewritten in the order of their hashes, as the order of voting would tell who cast which.
SELECT_UNSETTLED_ELECTIONS = "SELECT DISTINCT election FROM election_ballots WHERE settled = 0"
DELETE_BALLOTS = "DELETE FROM election_ballots WHERE election = :election RETURNING voter, candidate"
INSERT_SETTLED_BALLOT = """
INSERT INTO election_ballots (election, voter, candidate, settled) VALUES (:election, :voter, :candidate, 1)"""
SELECT_IS_STEWARD = """
SELECT 1 FROM election_candidates c JOIN elections e ON e.id = c.election
WHERE c.person = :person AND c.elected = 1 AND e.closes > :since
  AND e.id = (SELECT max(id) FROM elections WHERE state = 'closed')"""
SELECT_LINK = "SELECT link FROM worker_group WHERE one = 1"
UPSERT_LINK = """
INSERT INTO worker_group (one, link) VALUES (1, :link) ON CONFLICT (one) DO UPDATE SET link = excluded.link"""


def election_from(row: Row | None) -> Election | None:
    return Election(*row) if row else None


class Elections:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def latest(self) -> Election | None:
        return election_from(self._db.one(SELECT_LATEST))

    def find(self, election: ElectionId) -> Election | None:
        return election_from(self._db.one(SELECT_ELECTION, election=election))

    def begin(self) -> ElectionId:
        today = day_of(self._now)
        votes_from, closes = election_days(today)
        return ElectionId(
            single_value(self._db.one(INSERT_ELECTION, today=today, votes_from=votes_from, closes=closes))
        )

    def answered_lately(self, person: PersonId) -> bool:
        return (
            int(single_value(self._db.one(SELECT_LAST_ANSWER_TIME, person=person), 0)) > self._now - RECENT_DAYS * DAY
        )

    def stand(self, election: ElectionId, person: PersonId) -> None:
        self._db.changed(INSERT_CANDIDATE, election=election, person=person)

    def stand_down(self, election: ElectionId, person: PersonId) -> None:
        """Delete a candidacy; only before voting, as nobody can have voted for it."""
        self._db.changed(DELETE_CANDIDATE, election=election, person=person)

    def candidates(self, election: ElectionId) -> tuple[Candidate, ...]:
        rows = self._db.all(SELECT_CANDIDATES, election=election)
        return tuple(Candidate(row[0], row[1], row[2], bool(row[3])) for row in rows)

    def take_paper(self, election: ElectionId, person: PersonId) -> bool:
        """Store that the person took a paper, but not which one. Return False if one was taken before."""
        if not self._db.changed(INSERT_VOTER, election=election, person=person):
            return False
        self._db.changed(COUNT_PAPER, election=election)
        return True

    def vote(self, election: ElectionId, voter: str, candidate: PersonId) -> None:
        """Store a paper's vote; it replaces an earlier one."""
        self._db.changed(UPSERT_BALLOT, election=election, voter=voter, candidate=candidate)

    def count_ballots(self, election: ElectionId) -> int:
        return int(single_value(self._db.one(COUNT_BALLOTS, election=election)))

    def ballots(self, election: ElectionId, offset: int, limit: int) -> list[tuple[str, str]]:
        """Return (the paper's hash, the candidate's name) of a page of ballots."""
        rows = self._db.all(SELECT_BALLOTS, election=election, offset=offset, limit=limit)
        return [(str(row[0]), str(row[1])) for row in rows]

    def find_due(self) -> Election | None:
        return election_from(self._db.one(SELECT_DUE_ELECTION, now=self._now))

    def count_votes(self, election: ElectionId) -> None:
        self._db.changed(COUNT_VOTES_OF_CANDIDATES, election=election)

    def close(self, election: ElectionId, elected: list[PersonId]) -> None:
        for person in elected:
            self._db.changed(MARK_ELECTED, election=election, person=person)
        self._db.changed(CLOSE_ELECTION, election=election)
        self._db.changed(DELETE_VOTERS, election=election)

    def rewrite_unsettled(self) -> None:
        """Rewrite ballots in another transaction and order, so that neither tells who cast them."""
        for election in single_values(self._db.all(SELECT_UNSETTLED_ELECTIONS)):
            ballots = sorted(tuple(row) for row in self._db.all(DELETE_BALLOTS, election=election))
            rows = [{"election": election, "voter": voter, "candidate": candidate} for voter, candidate in ballots]
            self._db.many(INSERT_SETTLED_BALLOT, rows)

    def is_steward(self, person: PersonId) -> bool:
        return self._db.one(SELECT_IS_STEWARD, person=person, since=self._now - OFFICE_DAYS * DAY) is not None

    def get_link(self) -> str:
        return str(single_value(self._db.one(SELECT_LINK), ""))

    def store_link(self, link: str) -> None:
        self._db.changed(UPSERT_LINK, link=link)
