"""Appeals and their judges: every place is taken by a guarded statement, every judgement given once."""

from domain.fairness.appeals import Appeal, AppealId, AppealState, Judgement, Verdict, Votes
from domain.moments import Moment
from domain.people.people import PersonId
from domain.work.submissions import SubmissionId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, each
from storage.drivers.rows import ABSENT, Held
from storage.fairness.juries import is_stopped

_APPEAL, _JUDGEMENT = columns(Appeal), columns(Judgement)
OPEN_ONES = Held(("appeals",), lasts=True)

OPEN = f"""
INSERT INTO appeals (submission, state, funded, places, opened_at, due_at)
VALUES (:submission, 'open', 0, 0, :now, :due) RETURNING {_APPEAL}"""
FUND = "UPDATE appeals SET funded = 1, places = :places WHERE id = :id AND funded = 0"
BY_ID = f"SELECT {_APPEAL} FROM appeals WHERE id = :id"
OF_SUBMISSION = f"SELECT {_APPEAL} FROM appeals WHERE submission = :submission"
# The appeal's row is the lock under which its votes are counted.
LOCK = f"UPDATE appeals SET places = places WHERE id = :id RETURNING {_APPEAL}"
OF_WORKER = """
SELECT a.due_at FROM appeals a JOIN submissions s ON s.id = a.submission
WHERE s.worker = :worker AND a.state = 'open' ORDER BY a.due_at"""
SAY = "UPDATE appeals SET words = :words WHERE id = :id AND state = 'open' AND words IS NULL"
DECIDE = "UPDATE appeals SET state = :state, places = 0, decided_at = :now WHERE id = :id AND state = 'open'"
# Cheap, for it is asked with every answer.
ANY_OPEN = "SELECT 1 FROM appeals WHERE state = 'open' LIMIT 1"
DUE = f"SELECT {_APPEAL} FROM appeals WHERE state = 'open' AND due_at <= :now ORDER BY due_at LIMIT :limit"
# One that this worker was drawn and called for, whatever has become known since: strangers to both of its parties, who
# never had the task, and are not restricted elsewhere.
NEXT_FOR = f"""
SELECT {_APPEAL} FROM appeals WHERE state = 'open' AND places > 0 AND due_at > :until
  AND NOT EXISTS (SELECT 1 FROM judgements j WHERE j.appeal = appeals.id AND j.worker = :worker)
  AND EXISTS (SELECT 1 FROM juries y WHERE y.appeal = appeals.id AND y.worker = :worker AND y.called = 1)
  AND EXISTS (
    SELECT 1 FROM submissions s JOIN projects p ON p.id = s.project
    LEFT JOIN enrolments e ON e.project = s.project AND e.worker = :worker
    WHERE s.id = appeals.submission AND :worker NOT IN (s.worker, p.requester) AND coalesce(e.declined, 0) = 0
      AND NOT EXISTS (SELECT 1 FROM payee_mates m WHERE m.person = :worker AND m.mate IN (s.worker, p.requester))
      AND NOT EXISTS (SELECT 1 FROM team_members m JOIN team_members o ON o.team = m.team
        WHERE m.member = :worker AND o.member IN (s.worker, p.requester))
      AND NOT {is_stopped(":worker", "p.requester", "s.worker")}
      AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = s.task AND a.worker = :worker
        AND a.state IN ('active', 'submitted', 'expired')))
ORDER BY due_at, id LIMIT 1"""
TAKE = "UPDATE appeals SET places = places - 1 WHERE id = :id AND state = 'open' AND places > 0"
GIVE_BACK = "UPDATE appeals SET places = places + 1 WHERE id = :id AND state = 'open'"
OFFER = """
INSERT INTO judgements (appeal, worker, state, offered_at, deadline)
VALUES (:id, :worker, 'active', :now, :deadline) ON CONFLICT DO NOTHING"""
# A judge who has seen an answer is not given the same task afterwards.
SPOILT = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT project, task, :worker, 'returned', :now, :now + 1 FROM submissions WHERE id = :submission
ON CONFLICT (task, worker) DO NOTHING"""
JUDGEMENT = f"SELECT {_JUDGEMENT} FROM judgements WHERE appeal = :id AND worker = :worker"
IN_HAND = f"SELECT {_JUDGEMENT} FROM judgements WHERE worker = :worker AND state = 'active'"
GIVE = """
UPDATE judgements SET state = 'given', verdict = :verdict, decided_at = :now
WHERE appeal = :id AND worker = :worker AND state = :was"""
LEAVE = "UPDATE judgements SET state = :state WHERE appeal = :id AND worker = :worker AND state = 'active'"
LEAVE_ALL = "UPDATE judgements SET state = 'expired' WHERE appeal = :id AND state = 'active'"
OVERDUE = f"""
SELECT {_JUDGEMENT} FROM judgements WHERE state = 'active' AND deadline <= :now ORDER BY deadline LIMIT :limit"""
VOTES = """
SELECT count(*) FILTER (WHERE verdict = 'worker'), count(*) FILTER (WHERE verdict = 'requester')
FROM judgements WHERE appeal = :id"""
JUDGING = "SELECT worker FROM judgements WHERE appeal = :id AND state = 'active'"
# A judgement is withdrawn where the judge turns out to be of one account with a party.
IS_PARTY = """
SELECT 1 FROM submissions s JOIN projects p ON p.id = s.project WHERE s.id = :submission AND (
  :person IN (s.worker, p.requester) OR EXISTS (
    SELECT 1 FROM payee_mates m WHERE m.person = :person AND m.mate IN (s.worker, p.requester)))"""
TO_RULE = f"SELECT {_APPEAL} FROM appeals WHERE state = 'open' AND funded = 0 ORDER BY due_at LIMIT :limit"
RULE = "UPDATE appeals SET ruled_by = :admin WHERE id = :id AND state = 'open' AND funded = 0 AND ruled_by IS NULL"
GIVE_BACK_COSTS = "UPDATE appeals SET given_back = :amount WHERE id = :id AND given_back = 0"
# What a requester's answers brought in fees that cannot be returned, and what went back for judges.
BROUGHT = """
SELECT coalesce((SELECT sum(s.fee) FROM submissions s JOIN projects p ON p.id = s.project
    WHERE p.requester = :requester AND p.currency = :currency AND s.state = 'accepted' AND s.held_until IS NULL), 0),
  coalesce((SELECT sum(x.given_back) FROM appeals x JOIN submissions s ON s.id = x.submission
    JOIN projects p ON p.id = s.project WHERE p.requester = :requester AND p.currency = :currency), 0)"""


def appeal_from(row: Row) -> Appeal:
    values = list(row)
    values[3], values[4] = AppealState(values[3]), bool(values[4])
    return Appeal(*values)


def judgement_from(row: Row) -> Judgement:
    values = list(row)
    values[3] = Verdict(values[3]) if values[3] else None
    return Judgement(*values)


class Appeals:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def open(self, submission: SubmissionId, due: Moment) -> Appeal:
        return appeal_from(self._db.all(OPEN, submission=submission, now=self._now, due=due)[0])

    def fund(self, appeal: AppealId, places: int) -> bool:
        return self._db.changed(FUND, id=appeal, places=places) == 1

    def waiting_of(self, worker: PersonId) -> list[int]:
        """Until when this worker's open appeals are judged, soonest first."""
        return each(self._db.all(OF_WORKER, worker=worker))

    def find(self, appeal: int) -> Appeal | None:
        row = self._db.one(BY_ID, id=appeal)
        return appeal_from(row) if row else None

    def of(self, submission: SubmissionId) -> Appeal | None:
        row = self._db.one(OF_SUBMISSION, submission=submission)
        return appeal_from(row) if row else None

    def lock(self, appeal: AppealId) -> Appeal:
        """Locks the appeal until this transaction ends."""
        return appeal_from(self._db.all(LOCK, id=appeal)[0])

    def say(self, appeal: AppealId, words: str) -> bool:
        return self._db.changed(SAY, id=appeal, words=words) == 1

    def decide(self, appeal: AppealId, state: AppealState) -> bool:
        """Decides the appeal; judges' open places are withdrawn."""
        if not self._db.changed(DECIDE, id=appeal, state=state.value, now=self._now):
            return False
        self._db.changed(LEAVE_ALL, id=appeal)
        return True

    def due(self, limit: int) -> list[Appeal]:
        return [appeal_from(row) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def any_open(self) -> bool:
        found = self._db.get(OPEN_ONES, ())
        return bool(self._db.keep(OPEN_ONES, (), self._db.peek(ANY_OPEN)) if found is ABSENT else found)

    def next_for(self, worker: PersonId, until: Moment) -> Appeal | None:
        """The most urgent that this worker may judge; `until`: it is not due before."""
        row = self._db.one(NEXT_FOR, worker=worker, until=until, now=self._now)
        return appeal_from(row) if row else None

    def offer(self, appeal: Appeal, worker: PersonId, deadline: Moment) -> bool:
        """One place, if one is left and the worker judges nothing else."""
        if not self._db.changed(TAKE, id=appeal.id):
            return False
        if not self._db.changed(OFFER, id=appeal.id, worker=worker, now=self._now, deadline=deadline):
            self._db.changed(GIVE_BACK, id=appeal.id)
            return False
        self._db.changed(SPOILT, worker=worker, submission=appeal.submission, now=self._now)
        return True

    def judgement(self, appeal: int, worker: PersonId) -> Judgement | None:
        row = self._db.one(JUDGEMENT, id=appeal, worker=worker)
        return judgement_from(row) if row else None

    def in_hand(self, worker: PersonId) -> Judgement | None:
        row = self._db.one(IN_HAND, worker=worker)
        return judgement_from(row) if row else None

    def give(self, judgement: Judgement, verdict: Verdict) -> bool:
        """Late is fine while a place is left."""
        facts = {"id": judgement.appeal, "worker": judgement.worker, "verdict": verdict.value, "now": self._now}
        if self._db.changed(GIVE, was="active", **facts):
            return True
        return bool(self._db.changed(TAKE, id=judgement.appeal) and self._db.changed(GIVE, was="expired", **facts))

    def leave(self, judgement: Judgement, state: str) -> bool:
        """Gives the place to another judge."""
        if not self._db.changed(LEAVE, id=judgement.appeal, worker=judgement.worker, state=state):
            return False
        self._db.changed(GIVE_BACK, id=judgement.appeal)
        return True

    def overdue(self, limit: int) -> list[Judgement]:
        return [judgement_from(row) for row in self._db.all(OVERDUE, now=self._now, limit=limit)]

    def votes(self, appeal: AppealId) -> Votes:
        worker, requester = self._db.all(VOTES, id=appeal)[0]
        return Votes(int(worker), int(requester))

    def judging(self, appeal: AppealId) -> list[PersonId]:
        return each(self._db.all(JUDGING, id=appeal))

    def is_party(self, appeal: Appeal, person: PersonId) -> bool:
        """Whether they, or a person paid to the same bank account, are a party."""
        return self._db.one(IS_PARTY, submission=appeal.submission, person=person) is not None

    def to_rule(self, limit: int) -> list[Appeal]:
        """Those without judges: a human decides, the most urgent first."""
        return [appeal_from(row) for row in self._db.all(TO_RULE, limit=limit)]

    def rule(self, appeal: AppealId, admin: PersonId) -> bool:
        """A human decides where no judges are; False where judges are, or it is decided."""
        return self._db.changed(RULE, id=appeal, admin=admin) == 1

    def give_back(self, appeal: AppealId, amount: int) -> None:
        self._db.changed(GIVE_BACK_COSTS, id=appeal, amount=amount)

    def brought(self, requester: PersonId, currency: str) -> tuple[int, int]:
        """(fees of a requester that stay, part refunded for judges)."""
        fees, given_back = self._db.all(BROUGHT, requester=requester, currency=currency)[0]
        return int(fees), int(given_back)
