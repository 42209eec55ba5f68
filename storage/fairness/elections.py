"""Elections of stewards: candidates, who took a paper, ballots that name no voter, the group's link."""

from domain.fairness.board import day_of
from domain.fairness.elections import (
    IN_OFFICE,
    LATELY,
    Candidate,
    Election,
    ElectionId,
    days_of,
)
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import (
    columns,
    each,
    first,
    of,
)

_ELECTION = columns(Election)
_CANDIDATE = "c.person, coalesce(p.username, ''), c.votes, c.elected"

LATEST = f"SELECT {_ELECTION} FROM elections WHERE id = (SELECT max(id) FROM elections)"
GET = f"SELECT {_ELECTION} FROM elections WHERE id = :election"
BEGIN = """
INSERT INTO elections (opened, votes_from, closes, state) VALUES (:today, :votes_from, :closes, 'open') RETURNING id"""
ANSWERED = f"""
SELECT s.submitted_at FROM submissions s WHERE {of("s.worker", ":person")} ORDER BY s.worker DESC, s.id DESC LIMIT 1"""
STAND = "INSERT INTO election_candidates (election, person) VALUES (:election, :person) ON CONFLICT DO NOTHING"
STAND_DOWN = "DELETE FROM election_candidates WHERE election = :election AND person = :person"
CANDIDATES = f"""
SELECT {_CANDIDATE} FROM election_candidates c JOIN people p ON p.id = c.person
WHERE c.election = :election ORDER BY c.votes DESC, c.person"""
TAKE = "INSERT INTO election_voters (election, person) VALUES (:election, :person) ON CONFLICT DO NOTHING"
COUNT_PAPER = "UPDATE elections SET papers = papers + 1 WHERE id = :election"
VOTE = """
INSERT INTO election_ballots (election, voter, candidate) VALUES (:election, :voter, :candidate)
ON CONFLICT (election, voter) DO UPDATE SET candidate = excluded.candidate, settled = 0"""
CAST = "SELECT count(*) FROM election_ballots WHERE election = :election"
BALLOTS = """
SELECT b.voter, coalesce(p.username, '') FROM election_ballots b JOIN people p ON p.id = b.candidate
WHERE b.election = :election ORDER BY b.voter LIMIT :limit OFFSET :offset"""
DUE = f"SELECT {_ELECTION} FROM elections WHERE state = 'open' AND closes <= :now"
TALLY = """
UPDATE election_candidates SET votes = (SELECT count(*) FROM election_ballots b
  WHERE b.election = election_candidates.election AND b.candidate = election_candidates.person)
WHERE election = :election"""
ELECT = "UPDATE election_candidates SET elected = 1 WHERE election = :election AND person = :person"
CLOSE = "UPDATE elections SET state = 'closed' WHERE id = :election"
FORGET_VOTERS = "DELETE FROM election_voters WHERE election = :election"
# All ballots are written again, in the order of their hashes: that of the votes would tell who cast which.
UNSETTLED = "SELECT DISTINCT election FROM election_ballots WHERE settled = 0"
TAKE_OUT = "DELETE FROM election_ballots WHERE election = :election RETURNING voter, candidate"
PUT_BACK = """
INSERT INTO election_ballots (election, voter, candidate, settled) VALUES (:election, :voter, :candidate, 1)"""
STEWARD = """
SELECT 1 FROM election_candidates c JOIN elections e ON e.id = c.election
WHERE c.person = :person AND c.elected = 1 AND e.closes > :since
  AND e.id = (SELECT max(id) FROM elections WHERE state = 'closed')"""
LINK = "SELECT link FROM worker_group WHERE one = 1"
KEEP_LINK = """
INSERT INTO worker_group (one, link) VALUES (1, :link) ON CONFLICT (one) DO UPDATE SET link = excluded.link"""


def election_from(row: Row | None) -> Election | None:
    return Election(*row) if row else None


class Elections:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def latest(self) -> Election | None:
        return election_from(self._db.one(LATEST))

    def find(self, election: ElectionId) -> Election | None:
        return election_from(self._db.one(GET, election=election))

    def begin(self) -> ElectionId:
        today = day_of(self._now)
        votes_from, closes = days_of(today)
        return ElectionId(first(self._db.one(BEGIN, today=today, votes_from=votes_from, closes=closes)))

    def answered_lately(self, person: PersonId) -> bool:
        return int(first(self._db.one(ANSWERED, person=person), 0)) > self._now - LATELY * DAY

    def stand(self, election: ElectionId, person: PersonId) -> None:
        self._db.changed(STAND, election=election, person=person)

    def stand_down(self, election: ElectionId, person: PersonId) -> None:
        """While nobody can have voted."""
        self._db.changed(STAND_DOWN, election=election, person=person)

    def candidates(self, election: ElectionId) -> tuple[Candidate, ...]:
        rows = self._db.all(CANDIDATES, election=election)
        return tuple(Candidate(row[0], row[1], row[2], bool(row[3])) for row in rows)

    def take_paper(self, election: ElectionId, person: PersonId) -> bool:
        """Once a person; which paper is not noted."""
        if not self._db.changed(TAKE, election=election, person=person):
            return False
        self._db.changed(COUNT_PAPER, election=election)
        return True

    def vote(self, election: ElectionId, voter: str, candidate: PersonId) -> None:
        """The last vote of a paper counts."""
        self._db.changed(VOTE, election=election, voter=voter, candidate=candidate)

    def count_ballots(self, election: ElectionId) -> int:
        return int(first(self._db.one(CAST, election=election)))

    def ballots(self, election: ElectionId, offset: int, limit: int) -> list[tuple[str, str]]:
        """(the paper's hash, the candidate's name)."""
        found = self._db.all(BALLOTS, election=election, offset=offset, limit=limit)
        return [(str(row[0]), str(row[1])) for row in found]

    def find_due(self) -> Election | None:
        return election_from(self._db.one(DUE, now=self._now))

    def count_votes(self, election: ElectionId) -> None:
        self._db.changed(TALLY, election=election)

    def close(self, election: ElectionId, elected: list[PersonId]) -> None:
        for person in elected:
            self._db.changed(ELECT, election=election, person=person)
        self._db.changed(CLOSE, election=election)
        self._db.changed(FORGET_VOTERS, election=election)

    def rewrite_unsettled(self) -> None:
        """Ballots no longer share a transaction with their voter, nor lie in the order of the votes."""
        for election in each(self._db.all(UNSETTLED)):
            taken = sorted(tuple(row) for row in self._db.all(TAKE_OUT, election=election))
            rows = [{"election": election, "voter": voter, "candidate": candidate} for voter, candidate in taken]
            self._db.many(PUT_BACK, rows)

    def is_steward(self, person: PersonId) -> bool:
        return self._db.one(STEWARD, person=person, since=self._now - IN_OFFICE * DAY) is not None

    def get_link(self) -> str:
        return str(first(self._db.one(LINK), ""))

    def store_link(self, link: str) -> None:
        self._db.changed(KEEP_LINK, link=link)
