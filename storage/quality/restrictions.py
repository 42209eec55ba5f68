"""Restrictions with their confirmation, their appeals and their end."""

from collections.abc import Sequence

from domain.conduct.evidence import SUSPICIONS, Evidence
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.quality.restrictions import DAYS, Restriction, RestrictionId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, pack, single_value, unpack
from storage.invariants import LATEST_MOMENT, MIN_LETTER_RETENTION, SWEEP_GRACE, Invariant

_RESTRICTION = columns(Restriction)

RESTRICT = """
INSERT INTO restrictions (worker, project, reason, evidence, state, imposed_at, ends_at, notice, appeal_until,
  confirm_by, remind_at)
VALUES (:worker, :project, :reason, :evidence, 'standing', :now, :ends_at, :notice, :ends_at, :confirm_by, :now)
ON CONFLICT (worker, project) WHERE state = 'standing' DO NOTHING RETURNING id"""
UNTIL = "UPDATE enrolments SET restricted_until = :until WHERE worker = :worker AND project = :project"
BY_ID = f"SELECT {_RESTRICTION} FROM restrictions WHERE id = :id"
STANDING = (
    f"SELECT {_RESTRICTION} FROM restrictions WHERE worker = :worker AND project = :project AND state = 'standing'"
)
STANDING_OF = f"""
SELECT {_RESTRICTION} FROM restrictions WHERE worker = :worker AND state = 'standing' AND ends_at > :now ORDER BY id"""
OF = f"SELECT {_RESTRICTION} FROM restrictions WHERE worker = :worker ORDER BY id DESC LIMIT :limit"
# Earlier ones that stood; and whether a human, or silence, took one back.
EARLIER = "SELECT count(*) FROM restrictions WHERE worker = :worker AND project = :project AND state = 'ended'"
TAKEN_BACK = """
SELECT 1 FROM restrictions WHERE worker = :worker AND project = :project AND state = 'lifted'
  AND (decided_by IS NOT NULL OR appeal = 'granted' OR lapsed = 1) LIMIT 1"""
APPEAL = """
UPDATE restrictions SET appeal = 'open', appealed_at = :now, appeal_due = :due
WHERE id = :id AND state = 'standing' AND appeal IS NULL AND appeal_until > :now"""
# With an appeal that is open it is granted by this.
LIFT = """
UPDATE restrictions SET state = 'lifted', appeal = CASE WHEN appeal = 'open' THEN 'granted' ELSE appeal END,
  decided_at = :now, decided_by = :by, lapsed = :lapsed, remind_at = NULL WHERE id = :id AND state = 'standing'"""
CONFIRM = """
UPDATE restrictions SET appeal = CASE WHEN appeal = 'open' THEN 'refused' ELSE appeal END, decided_at = :now,
  decided_by = :by, words = :words, remind_at = NULL
WHERE id = :id AND state = 'standing' AND (decided_by IS NULL OR appeal = 'open')"""
END = """
UPDATE restrictions SET state = 'ended', remind_at = NULL
WHERE id = :id AND state = 'standing' AND coalesce(appeal, '') <> 'open'"""
APPEALS_DUE = f"""
SELECT {_RESTRICTION} FROM restrictions WHERE appeal = 'open' AND appeal_due <= :now ORDER BY appeal_due LIMIT :limit"""
# Whom no human has confirmed in time.
UNCONFIRMED = f"""
SELECT {_RESTRICTION} FROM restrictions
WHERE state = 'standing' AND decided_by IS NULL AND confirm_by <= :now ORDER BY confirm_by LIMIT :limit"""
# What waits for a human: the first look, or an appeal.
WAITING_FIRST = f"""
SELECT {_RESTRICTION} FROM restrictions WHERE state = 'standing' AND decided_by IS NULL AND worker <> :but
ORDER BY confirm_by LIMIT :limit"""
WAITING_APPEAL = f"""
SELECT {_RESTRICTION} FROM restrictions WHERE state = 'standing' AND appeal = 'open' AND worker <> :but
ORDER BY appeal_due LIMIT :limit"""
TO_REMIND = f"""
SELECT {_RESTRICTION} FROM restrictions
WHERE remind_at IS NOT NULL AND remind_at <= :now ORDER BY remind_at LIMIT :limit"""
REMIND = "UPDATE restrictions SET remind_at = :at WHERE id = :id"
ENDING = f"""
SELECT {_RESTRICTION} FROM restrictions WHERE state = 'standing' AND ends_at <= :now ORDER BY ends_at LIMIT :limit"""


def restriction_from(row: Row) -> Restriction:
    values = list(row)
    evidence = [
        fields for fields in unpack(values[4]) if fields["suspicion"] in SUSPICIONS
    ]  # haste was one of them once
    values[4] = tuple(Evidence(**fields) for fields in evidence)
    values[-2] = bool(values[-2])
    return Restriction(*values)


class Restrictions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def restrict(
        self,
        worker: PersonId,
        project: ProjectId,
        cause: Evidence,
        evidence: Sequence[Evidence],
        until: Moment,
        notice: str,
        confirm_by: Moment,
    ) -> RestrictionId | None:
        """Store a restriction and return its id, or None if one stands already."""
        facts = {"worker": worker, "project": project, "reason": cause.suspicion, "evidence": pack(list(evidence))}
        row = self._db.one(RESTRICT, now=self._now, ends_at=until, notice=notice, confirm_by=confirm_by, **facts)
        if row is None:
            return None
        self._db.changed(UNTIL, worker=worker, project=project, until=until)
        return RestrictionId(row[0])

    def find(self, restriction: RestrictionId) -> Restriction | None:
        row = self._db.one(BY_ID, id=restriction)
        return restriction_from(row) if row else None

    def standing(self, worker: PersonId, project: ProjectId) -> Restriction | None:
        row = self._db.one(STANDING, worker=worker, project=project)
        return restriction_from(row) if row else None

    def all_standing(self, worker: PersonId) -> list[Restriction]:
        """Restrictions in force, in every project."""
        return [restriction_from(row) for row in self._db.all(STANDING_OF, worker=worker, now=self._now)]

    def list_of_worker(self, worker: PersonId, limit: int) -> list[Restriction]:
        return [restriction_from(row) for row in self._db.all(OF, worker=worker, limit=limit)]

    def earlier(self, worker: PersonId, project: ProjectId) -> int:
        return int(single_value(self._db.one(EARLIER, worker=worker, project=project), 0))

    def was_taken_back(self, worker: PersonId, project: ProjectId) -> bool:
        return self._db.one(TAKEN_BACK, worker=worker, project=project) is not None

    def appeal(self, restriction: RestrictionId, due: Moment) -> bool:
        return self._db.changed(APPEAL, id=restriction, due=due, now=self._now) == 1

    def lift(self, restriction: Restriction, by: PersonId | None, lapsed: bool = False) -> bool:
        """Lift a restriction. Return False if it does not stand any more. `by` None: a deadline passed or its evidence
        faded."""
        if not self._db.changed(LIFT, id=restriction.id, by=by, lapsed=int(lapsed), now=self._now):
            return False
        self._db.changed(UNTIL, worker=restriction.worker, project=restriction.project, until=None)
        return True

    def confirm(self, restriction: RestrictionId, by: PersonId, words: str) -> bool:
        """A human's yes: to the restriction, and against its appeal where one is open."""
        return self._db.changed(CONFIRM, id=restriction, by=by, words=words, now=self._now) == 1

    def waiting(self, but: PersonId, limit: int) -> list[Restriction]:
        """Return restrictions that wait for an admin other than the restricted person, the most urgent first."""
        rows_by_id = {
            row[0]: restriction_from(row)
            for statement in (WAITING_FIRST, WAITING_APPEAL)
            for row in self._db.all(statement, but=but, limit=limit)
        }
        return sorted(rows_by_id.values(), key=lambda each: (each.decide_by, each.id))[:limit]

    def to_remind(self, limit: int) -> list[Restriction]:
        return [restriction_from(row) for row in self._db.all(TO_REMIND, now=self._now, limit=limit)]

    def remind(self, restriction: RestrictionId, moment: Moment | None) -> None:
        self._db.changed(REMIND, id=restriction, at=moment)

    def unconfirmed(self, limit: int) -> list[Restriction]:
        """Past their time."""
        return [restriction_from(row) for row in self._db.all(UNCONFIRMED, now=self._now, limit=limit)]

    def end(self, restriction: Restriction) -> bool:
        """End a restriction at its date. Return False if it does not stand any more."""
        if not self._db.changed(END, id=restriction.id):
            return False
        self._db.changed(UNTIL, worker=restriction.worker, project=restriction.project, until=None)
        return True

    def appeals_due(self, limit: int) -> list[Restriction]:
        return [restriction_from(row) for row in self._db.all(APPEALS_DUE, now=self._now, limit=limit)]

    def ending(self, limit: int) -> list[Restriction]:
        return [restriction_from(row) for row in self._db.all(ENDING, now=self._now, limit=limit)]


# Rules 11 and 12: nothing adverse without reason, evidence, notice, appeal and end; no appeal open past its
# deadline. The latest recorded moment stands for the present, so that a stopped bot misses no deadline. Sweeps,
# which run every few seconds, have an hour.
SUSPICIONS_SQL = ", ".join(f"'{suspicion}'" for suspicion in SUSPICIONS)
# A restriction has a reason, evidence, an end and a notice; an admin made the decisions that are an admin's.
RESTRICTIONS_HAVE_GROUNDS = Invariant(
    11,
    "every restriction has its grounds and its end",
    f"""
SELECT 'restriction ' || r.id AS subject, 'reason ' || r.reason || ', evidence ' || r.evidence || ', from '
  || r.imposed_at || ' to ' || r.ends_at || ', appeal until ' || r.appeal_until AS detail
FROM restrictions r
WHERE r.reason NOT IN ({SUSPICIONS_SQL}) OR r.evidence NOT LIKE '%"suspicion":"' || r.reason || '"%'
  OR r.ends_at - r.imposed_at > {max(DAYS) * DAY} OR r.appeal_until <= r.imposed_at
  OR (r.appeal = 'refused' AND r.decided_by IS NULL)""",
)
RESTRICTIONS_WERE_NOTIFIED = Invariant(
    11,
    "every restriction was told",
    f"""
SELECT 'restriction ' || r.id AS subject, 'no letter ' || r.notice AS detail
FROM restrictions r LEFT JOIN outbox o ON o.key = r.notice AND o.person = r.worker
WHERE o.id IS NULL AND r.imposed_at > {LATEST_MOMENT} - {MIN_LETTER_RETENTION}""",
)
# A worker is kept from tasks only by a restriction in force, and no longer than it.
EXCLUSIONS_HAVE_RESTRICTIONS = Invariant(
    11,
    "nobody is kept out without a restriction",
    """
SELECT 'worker ' || e.worker AS subject,
  'kept out of project ' || e.project || ' until ' || e.restricted_until AS detail
FROM enrolments e
LEFT JOIN restrictions r ON r.worker = e.worker AND r.project = e.project AND r.state = 'standing'
  AND r.ends_at = e.restricted_until
WHERE e.restricted_until IS NOT NULL AND r.id IS NULL""",
)
APPEALS_ARE_DECIDED = Invariant(
    12,
    "no appeal is open past its deadline",
    f"""
SELECT 'restriction ' || id AS subject, 'appealed, to be decided by ' || appeal_due AS detail
FROM restrictions WHERE appeal = 'open' AND appeal_due < {LATEST_MOMENT} - {SWEEP_GRACE}
UNION ALL
SELECT 'challenge ' || id, 'of task ' || task || ', to be decided by ' || due_at
FROM gold_challenges WHERE state = 'open' AND due_at < {LATEST_MOMENT} - {SWEEP_GRACE}""",
)
# A restriction that the bot imposed ends in time unless an admin confirms it.
RESTRICTIONS_ARE_CONFIRMED = Invariant(
    12,
    "no restriction stands unconfirmed past its deadline",
    f"""
SELECT 'restriction ' || id AS subject, 'to be confirmed by ' || confirm_by AS detail
FROM restrictions WHERE state = 'standing' AND decided_by IS NULL AND confirm_by < {LATEST_MOMENT} - {SWEEP_GRACE}""",
)
