"""Appeals and their judges: every place is taken by a guarded statement, every judgement given once."""

from collections.abc import Iterable

from domain.fairness.appeals import (
    JUDGES,
    JUDGES_PER_WAVE,
    MAX_HISTORY_ANSWERS,
    MIN_JUDGE_ANSWERS,
    MIN_JUDGE_REQUESTERS,
    WAVE_TIME,
    Appeal,
    AppealId,
    AppealState,
    JudgeCandidate,
    Judgement,
    Verdict,
    Votes,
)
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.projects.projects import Project
from domain.work.assignments import Submission, SubmissionId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, equals_by_range, single_values
from storage.drivers.rows import ABSENT, Holding
from storage.invariants import Invariant


def parties_sql(requester: str, author: str) -> str:
    """SQL: the two parties of an appeal, people paid to their accounts, and who is or was in a team with one of
    them."""
    return f"""SELECT {requester} UNION SELECT {author}
  UNION SELECT m.mate FROM payee_mates m WHERE m.person IN ({requester}, {author})
  UNION SELECT o.member FROM team_members m JOIN team_members o ON o.team = m.team
    WHERE m.member IN ({requester}, {author})"""


def is_restricted_sql(worker: str, requester: str, author: str) -> str:
    """SQL: whether this judge is restricted by evidence in a project of another requester."""
    return f"""EXISTS (SELECT 1 FROM restrictions r JOIN projects q ON q.id = r.project
    WHERE r.worker = {worker} AND r.state = 'standing' AND q.requester NOT IN ({parties_sql(requester, author)}))"""


PARTIES_OF_APPEAL = parties_sql("CAST(:requester AS BIGINT)", "CAST(:author AS BIGINT)")
# Work for requesters who are no party to the appeal and unrelated to the worker.
WORK_FOR_OTHERS = f"p.requester NOT IN ({PARTIES_OF_APPEAL}) AND e.barred IS NULL"
# Strangers with work for several requesters who are no party; most of it theirs, so that no requester makes judges.
SELECT_ELIGIBLE_JUDGES = f"""
SELECT e.worker FROM enrolments e JOIN projects p ON p.id = e.project JOIN people w ON w.id = e.worker
WHERE e.answered > 0 AND w.consented_at IS NOT NULL AND w.leaving_at IS NULL AND w.erased_at IS NULL AND w.reachable = 1
  AND w.suspended = 0
  AND e.worker NOT IN ({PARTIES_OF_APPEAL})
  AND NOT EXISTS (SELECT 1 FROM enrolments d WHERE d.worker = e.worker AND d.project = :project
    AND (d.declined = 1 OR d.barred IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = :task AND a.worker = e.worker)
GROUP BY e.worker
HAVING count(DISTINCT CASE WHEN {WORK_FOR_OTHERS} THEN p.requester END) >= {MIN_JUDGE_REQUESTERS}
  AND sum(CASE WHEN {WORK_FOR_OTHERS} THEN e.answered ELSE 0 END) >= {MIN_JUDGE_ANSWERS}
  AND sum(e.answered) <= 2 * sum(CASE WHEN {WORK_FOR_OTHERS} THEN e.answered ELSE 0 END)"""
# A candidate's latest answers for other requesters: number of days, answers that can be compared, answers that agree.
SELECT_JUDGE_HISTORY = f"""
SELECT count(DISTINCT found.day), count(*) FILTER (WHERE found.compared = 1),
  count(*) FILTER (WHERE found.compared = 1 AND found.agrees = 1)
FROM (
  SELECT s.submitted_at / {DAY} AS day, CASE WHEN s.answer = t.consensus THEN 1 ELSE 0 END AS agrees,
    CASE WHEN t.gold IS NULL AND t.state = 'closed' AND t.received > 1 AND t.consensus IS NOT NULL
      AND s.answer IS NOT NULL AND s.state <> 'rejected' THEN 1 ELSE 0 END AS compared
  FROM submissions s JOIN tasks t ON t.id = s.task JOIN projects p ON p.id = s.project
  JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
  WHERE {equals_by_range("s.worker", ":worker")} AND {WORK_FOR_OTHERS}
  ORDER BY s.worker DESC, s.id DESC LIMIT {MAX_HISTORY_ANSWERS}) AS found"""
# Requesters who are no party, with the number of the candidate's answers for each.
SELECT_ANSWERS_BY_REQUESTER = f"""
SELECT p.requester, sum(e.answered) FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.answered > 0 AND {WORK_FOR_OTHERS}
GROUP BY p.requester"""
SELECT_IS_RESTRICTED = f"""
SELECT 1 FROM people w
WHERE w.id = :worker AND {is_restricted_sql("w.id", "CAST(:requester AS BIGINT)", "CAST(:author AS BIGINT)")}"""
# Workers whose answers this judge has found fine: as judges they could return the favour.
SELECT_FAVOURED_WORKERS = """
SELECT DISTINCT s.worker FROM juries y JOIN judgements j ON j.appeal = y.appeal AND j.worker = y.worker
JOIN appeals a ON a.id = y.appeal JOIN submissions s ON s.id = a.submission
WHERE y.worker = :person AND j.verdict = 'worker'"""
# Workers who judged this person's rejections several times, or who judged their answers and were judged by them.
SELECT_JUDGING_COUNTS = """
SELECT other, sum(rejections), sum(right_ones), sum(answers), sum(fine), sum(back), sum(fine_back) FROM (
  SELECT j.worker AS other, 1 AS rejections, CASE WHEN j.verdict = 'requester' THEN 1 ELSE 0 END AS right_ones,
    0 AS answers, 0 AS fine, 0 AS back, 0 AS fine_back
  FROM projects p JOIN rejections r ON r.project = p.id JOIN appeals a ON a.submission = r.submission
  JOIN judgements j ON j.appeal = a.id WHERE p.requester = :person AND j.verdict IS NOT NULL
  UNION ALL
  SELECT j.worker, 0, 0, 1, CASE WHEN j.verdict = 'worker' THEN 1 ELSE 0 END, 0, 0
  FROM submissions s JOIN appeals a ON a.submission = s.id JOIN judgements j ON j.appeal = a.id
  WHERE s.worker = :person AND j.verdict IS NOT NULL
  UNION ALL
  SELECT s.worker, 0, 0, 0, 0, 1, CASE WHEN j.verdict = 'worker' THEN 1 ELSE 0 END
  FROM juries y JOIN judgements j ON j.appeal = y.appeal AND j.worker = y.worker
  JOIN appeals a ON a.id = y.appeal JOIN submissions s ON s.id = a.submission
  WHERE y.worker = :person AND j.verdict IS NOT NULL) AS found
GROUP BY other HAVING sum(rejections) > 1 OR (sum(answers) > 0 AND sum(back) > 0)
ORDER BY sum(rejections) + sum(answers) + sum(back) DESC, other LIMIT :limit"""
INSERT_JURY_SEAT = "INSERT INTO juries (appeal, worker, seat) VALUES (:appeal, :worker, :seat)"
# Judges are called in waves, as many again after each WAVE_TIME, and one more for each who passed the case on, left,
# paused or was restricted before it came.
CALL_NEXT_JUDGES = f"""
UPDATE juries SET called = 1 WHERE called = 0 AND EXISTS (
  SELECT 1 FROM appeals a WHERE a.id = juries.appeal AND a.state = 'open' AND a.places > 0
  AND juries.seat < {JUDGES_PER_WAVE} * (1 + (:now - a.opened_at) / {WAVE_TIME}) + (
    SELECT count(*) FROM judgements j WHERE j.appeal = a.id AND j.state IN ('skipped', 'expired'))
  + (SELECT count(*) FROM juries g JOIN people w ON w.id = g.worker
      JOIN submissions s ON s.id = a.submission JOIN projects p ON p.id = s.project
    WHERE g.appeal = a.id AND g.called = 1
    AND (w.paused = 1 OR w.reachable = 0 OR w.suspended = 1 OR w.leaving_at IS NOT NULL OR w.erased_at IS NOT NULL
      OR {is_restricted_sql("g.worker", "p.requester", "s.worker")})
    AND NOT EXISTS (SELECT 1 FROM judgements j WHERE j.appeal = a.id AND j.worker = g.worker)))
RETURNING worker"""
WAKE_WORKER = "UPDATE people SET idle = 1 WHERE id = :worker AND idle = 2"
DELETE_UNCALLED_JUDGES = "DELETE FROM juries WHERE appeal = :appeal AND called = 0"


class Juries:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def eligible_judges(self, project: Project, submission: Submission) -> list[PersonId]:
        """Return the workers who may be drawn as judges of a submission's appeal, in no order."""
        parameters = {"project": project.id, "task": submission.task, **_parties(project, submission)}
        return single_values(self._db.all(SELECT_ELIGIBLE_JUDGES, **parameters))

    def get_candidate(self, worker: PersonId, project: Project, submission: Submission) -> JudgeCandidate:
        """Return a worker's record of answers for other requesters than the parties."""
        parameters = {"worker": worker, **_parties(project, submission)}
        days, compared, agreed = map(int, self._db.all(SELECT_JUDGE_HISTORY, **parameters)[0])
        works_for = tuple((row[0], int(row[1])) for row in self._db.all(SELECT_ANSWERS_BY_REQUESTER, **parameters))
        stopped = self._db.one(SELECT_IS_RESTRICTED, **parameters) is not None
        return JudgeCandidate(
            worker=worker, works_for=works_for, days=days, compared=compared, agreed=agreed, stopped=stopped
        )

    def store_jury(self, appeal: AppealId, workers: Iterable[PersonId]) -> None:
        """Store the drawn judges in the order in which they are called."""
        self._db.many(
            INSERT_JURY_SEAT, ({"appeal": appeal, "worker": w, "seat": seat} for seat, w in enumerate(workers))
        )

    def workers_favoured_by(self, judge: PersonId) -> set[PersonId]:
        """Return the workers whose answers this judge has found fine."""
        return set(single_values(self._db.all(SELECT_FAVOURED_WORKERS, person=judge)))

    def get_judging_counts(self, person: PersonId, limit: int) -> list[tuple[PersonId, list[int]]]:
        """Return, for each worker who judged this person's cases: (rejections judged, of them found right, answers
        judged, of them found fine, answers of that worker which this person judged, of them found fine)."""
        rows = self._db.all(SELECT_JUDGING_COUNTS, person=person, limit=limit)
        return [(PersonId(row[0]), [int(count) for count in row[1:]]) for row in rows]

    def call_next_judges(self) -> None:
        """Call the drawn judges whose turn has come, and wake them."""
        called_workers: list[PersonId] = single_values(self._db.all(CALL_NEXT_JUDGES, now=self._now))
        self._db.many(WAKE_WORKER, ({"worker": worker} for worker in called_workers))

    def dismiss_uncalled(self, appeal: Appeal) -> None:
        """Delete the judges of a decided appeal who were not called yet."""
        self._db.changed(DELETE_UNCALLED_JUDGES, appeal=appeal.id)


def _parties(project: Project, submission: Submission) -> dict[str, PersonId]:
    return {"requester": project.requester, "author": submission.worker}


_APPEAL, _JUDGEMENT = columns(Appeal), columns(Judgement)
OPEN_APPEALS = Holding(("appeals",), lasts=True)

INSERT_APPEAL = f"""
INSERT INTO appeals (submission, state, funded, places, opened_at, due_at)
VALUES (:submission, 'open', 0, 0, :now, :due) RETURNING {_APPEAL}"""
FUND_APPEAL = "UPDATE appeals SET funded = 1, places = :places WHERE id = :id AND funded = 0"
SELECT_APPEAL = f"SELECT {_APPEAL} FROM appeals WHERE id = :id"
SELECT_APPEAL_OF_SUBMISSION = f"SELECT {_APPEAL} FROM appeals WHERE submission = :submission"
# The appeal's row is the lock under which its votes are counted.
LOCK_APPEAL = f"UPDATE appeals SET places = places WHERE id = :id RETURNING {_APPEAL}"
SELECT_OPEN_DEADLINES = """
SELECT a.due_at FROM appeals a JOIN submissions s ON s.id = a.submission
WHERE s.worker = :worker AND a.state = 'open' ORDER BY a.due_at"""
SET_APPEAL_WORDS = "UPDATE appeals SET words = :words WHERE id = :id AND state = 'open' AND words IS NULL"
CLOSE_APPEAL = "UPDATE appeals SET state = :state, places = 0, decided_at = :now WHERE id = :id AND state = 'open'"
# Runs with every answer, so it must stay cheap.
SELECT_ANY_OPEN = "SELECT 1 FROM appeals WHERE state = 'open' LIMIT 1"
SELECT_OVERDUE_APPEALS = (
    f"SELECT {_APPEAL} FROM appeals WHERE state = 'open' AND due_at <= :now ORDER BY due_at LIMIT :limit"
)
# Drawing does not suffice: the worker must still be a stranger to both parties, never have had the task, and not be
# restricted elsewhere.
SELECT_NEXT_FOR_JUDGE = f"""
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
      AND NOT {is_restricted_sql(":worker", "p.requester", "s.worker")}
      AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = s.task AND a.worker = :worker
        AND a.state IN ('active', 'submitted', 'expired')))
ORDER BY due_at, id LIMIT 1"""
TAKE_PLACE = "UPDATE appeals SET places = places - 1 WHERE id = :id AND state = 'open' AND places > 0"
RETURN_PLACE = "UPDATE appeals SET places = places + 1 WHERE id = :id AND state = 'open'"
INSERT_JUDGEMENT = """
INSERT INTO judgements (appeal, worker, state, offered_at, deadline)
VALUES (:id, :worker, 'active', :now, :deadline) ON CONFLICT DO NOTHING"""
# A judge who has seen an answer is not given the same task afterwards.
BAR_JUDGE_FROM_TASK = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT project, task, :worker, 'returned', :now, :now + 1 FROM submissions WHERE id = :submission
ON CONFLICT (task, worker) DO NOTHING"""
SELECT_JUDGEMENT = f"SELECT {_JUDGEMENT} FROM judgements WHERE appeal = :id AND worker = :worker"
SELECT_ACTIVE_JUDGEMENT = f"SELECT {_JUDGEMENT} FROM judgements WHERE worker = :worker AND state = 'active'"
SET_VERDICT = """
UPDATE judgements SET state = 'given', verdict = :verdict, decided_at = :now
WHERE appeal = :id AND worker = :worker AND state = :was"""
RELEASE_JUDGEMENT = "UPDATE judgements SET state = :state WHERE appeal = :id AND worker = :worker AND state = 'active'"
EXPIRE_ACTIVE_JUDGEMENTS = "UPDATE judgements SET state = 'expired' WHERE appeal = :id AND state = 'active'"
SELECT_OVERDUE_JUDGEMENTS = f"""
SELECT {_JUDGEMENT} FROM judgements WHERE state = 'active' AND deadline <= :now ORDER BY deadline LIMIT :limit"""
COUNT_VOTES = """
SELECT count(*) FILTER (WHERE verdict = 'worker'), count(*) FILTER (WHERE verdict = 'requester')
FROM judgements WHERE appeal = :id"""
SELECT_ACTIVE_JUDGES = "SELECT worker FROM judgements WHERE appeal = :id AND state = 'active'"
# A judgement is withdrawn if the judge turns out to share a bank account with a party.
SELECT_IS_PARTY = """
SELECT 1 FROM submissions s JOIN projects p ON p.id = s.project WHERE s.id = :submission AND (
  :person IN (s.worker, p.requester) OR EXISTS (
    SELECT 1 FROM payee_mates m WHERE m.person = :person AND m.mate IN (s.worker, p.requester)))"""
CLAIM_RULING = (
    "UPDATE appeals SET ruled_by = :admin WHERE id = :id AND state = 'open' AND funded = 0 AND ruled_by IS NULL"
)
SET_REFUND = "UPDATE appeals SET given_back = :amount WHERE id = :id AND given_back = 0"
# Fees of a requester's accepted answers that cannot be returned any more, and what was refunded of them for judges.
SUM_FEES_AND_REFUNDS = """
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
        return appeal_from(self._db.all(INSERT_APPEAL, submission=submission, now=self._now, due=due)[0])

    def fund(self, appeal: AppealId, places: int) -> bool:
        """Set aside the judges' pay and open the places. Return False if that was done before."""
        return self._db.changed(FUND_APPEAL, id=appeal, places=places) == 1

    def deadlines_of_open(self, worker: PersonId) -> list[int]:
        """Return the deadlines of this worker's open appeals, soonest first."""
        return single_values(self._db.all(SELECT_OPEN_DEADLINES, worker=worker))

    def find(self, appeal: int) -> Appeal | None:
        row = self._db.one(SELECT_APPEAL, id=appeal)
        return appeal_from(row) if row else None

    def find_for_submission(self, submission: SubmissionId) -> Appeal | None:
        row = self._db.one(SELECT_APPEAL_OF_SUBMISSION, submission=submission)
        return appeal_from(row) if row else None

    def lock(self, appeal: AppealId) -> Appeal:
        """Locks the appeal until this transaction ends."""
        return appeal_from(self._db.all(LOCK_APPEAL, id=appeal)[0])

    def set_words(self, appeal: AppealId, words: str) -> bool:
        """Store the worker's words. Return False if the appeal is decided or has words."""
        return self._db.changed(SET_APPEAL_WORDS, id=appeal, words=words) == 1

    def decide(self, appeal: AppealId, state: AppealState) -> bool:
        """Decide the appeal and expire its active judgements. Return False if it was decided before."""
        if not self._db.changed(CLOSE_APPEAL, id=appeal, state=state.value, now=self._now):
            return False
        self._db.changed(EXPIRE_ACTIVE_JUDGEMENTS, id=appeal)
        return True

    def overdue_appeals(self, limit: int) -> list[Appeal]:
        return [appeal_from(row) for row in self._db.all(SELECT_OVERDUE_APPEALS, now=self._now, limit=limit)]

    def has_open(self) -> bool:
        cached = self._db.get(OPEN_APPEALS, ())
        return bool(self._db.keep(OPEN_APPEALS, (), self._db.peek(SELECT_ANY_OPEN)) if cached is ABSENT else cached)

    def find_next_for(self, worker: PersonId, until: Moment) -> Appeal | None:
        """Return the most urgent appeal that this worker was called to judge and that is due after `until`, or None."""
        row = self._db.one(SELECT_NEXT_FOR_JUDGE, worker=worker, until=until, now=self._now)
        return appeal_from(row) if row else None

    def take_place(self, appeal: Appeal, worker: PersonId, deadline: Moment) -> bool:
        """Give the worker a place as a judge; the same task can't be assigned to them any more.
        Return False if no place is left or the worker judges something else."""
        if not self._db.changed(TAKE_PLACE, id=appeal.id):
            return False
        if not self._db.changed(INSERT_JUDGEMENT, id=appeal.id, worker=worker, now=self._now, deadline=deadline):
            self._db.changed(RETURN_PLACE, id=appeal.id)
            return False
        self._db.changed(BAR_JUDGE_FROM_TASK, worker=worker, submission=appeal.submission, now=self._now)
        return True

    def find_judgement(self, appeal: int, worker: PersonId) -> Judgement | None:
        row = self._db.one(SELECT_JUDGEMENT, id=appeal, worker=worker)
        return judgement_from(row) if row else None

    def find_active_judgement(self, worker: PersonId) -> Judgement | None:
        row = self._db.one(SELECT_ACTIVE_JUDGEMENT, worker=worker)
        return judgement_from(row) if row else None

    def give_verdict(self, judgement: Judgement, verdict: Verdict) -> bool:
        """Store a verdict, a late one only while a place is left. Return False otherwise."""
        facts = {"id": judgement.appeal, "worker": judgement.worker, "verdict": verdict.value, "now": self._now}
        if self._db.changed(SET_VERDICT, was="active", **facts):
            return True
        return bool(
            self._db.changed(TAKE_PLACE, id=judgement.appeal) and self._db.changed(SET_VERDICT, was="expired", **facts)
        )

    def release_place(self, judgement: Judgement, state: str) -> bool:
        """End an active judgement without a verdict, and free its place for another judge. Return False if it is not
        active."""
        if not self._db.changed(RELEASE_JUDGEMENT, id=judgement.appeal, worker=judgement.worker, state=state):
            return False
        self._db.changed(RETURN_PLACE, id=judgement.appeal)
        return True

    def overdue_judgements(self, limit: int) -> list[Judgement]:
        return [judgement_from(row) for row in self._db.all(SELECT_OVERDUE_JUDGEMENTS, now=self._now, limit=limit)]

    def votes(self, appeal: AppealId) -> Votes:
        worker, requester = self._db.all(COUNT_VOTES, id=appeal)[0]
        return Votes(int(worker), int(requester))

    def active_judges(self, appeal: AppealId) -> list[PersonId]:
        return single_values(self._db.all(SELECT_ACTIVE_JUDGES, id=appeal))

    def is_party(self, appeal: Appeal, person: PersonId) -> bool:
        """Return whether this person, or a person paid to the same bank account, is a party of the appeal."""
        return self._db.one(SELECT_IS_PARTY, submission=appeal.submission, person=person) is not None

    def claim_ruling(self, appeal: AppealId, admin: PersonId) -> bool:
        """Store the admin who decides an appeal without judges. Return False if judges decide it or it is decided."""
        return self._db.changed(CLAIM_RULING, id=appeal, admin=admin) == 1

    def store_refund(self, appeal: AppealId, amount: int) -> None:
        """Store, once, how much of the judges' pay was refunded to the requester."""
        self._db.changed(SET_REFUND, id=appeal, amount=amount)

    def get_fees_and_refunds(self, requester: PersonId, currency: str) -> tuple[int, int]:
        """Return (fees of a requester that stay, part of them refunded for judges)."""
        fees, given_back = self._db.all(SUM_FEES_AND_REFUNDS, requester=requester, currency=currency)[0]
        return int(fees), int(given_back)


# Rules 6, 11 and 12 for rejections: disputed pay ends once, each rejection has its grounds, no appeal waits past
# a deadline.
# The judges' account holds what was set aside for each undecided rejection, less what judges have earned.
JUDGES_ARE_FUNDED = Invariant(
    6,
    "judges' money is what judges may earn",
    f"""
SELECT 'currency ' || c.currency AS subject, 'set aside ' || coalesce(a.balance, 0) || ', promised '
  || coalesce(n.promised, 0) AS detail
FROM (SELECT DISTINCT currency FROM accounts) AS c
LEFT JOIN accounts a ON a.name = 'platform:judges' AND a.currency = c.currency
LEFT JOIN (
  SELECT p.currency, sum(CASE WHEN r.staked > 0 THEN r.staked WHEN coalesce(x.funded, 0) = 1 THEN {JUDGES} * s.pay
    ELSE 0 END - s.pay * coalesce(g.given, 0)) AS promised
  FROM rejections r JOIN submissions s ON s.id = r.submission JOIN projects p ON p.id = s.project
  LEFT JOIN appeals x ON x.submission = r.submission
  LEFT JOIN (SELECT appeal, count(*) AS given FROM judgements WHERE state = 'given' GROUP BY appeal) AS g
    ON g.appeal = x.id
  WHERE r.state IN ('standing', 'appealed') GROUP BY p.currency
) AS n ON n.currency = c.currency
WHERE coalesce(a.balance, 0) <> coalesce(n.promised, 0)""",
)
# Never more judges than there are places; each judge who decided was paid once, and no one else.
JUDGEMENTS_ARE_PAID_ONCE = Invariant(
    6,
    "every judgement is paid once",
    f"""
SELECT 'appeal ' || j.appeal AS subject, 'judge ' || j.worker || ' has no pay under their key' AS detail
FROM judgements j LEFT JOIN transfers t ON t.key = 'judge:' || j.appeal || ':' || j.worker AND t.kind = 'judge'
WHERE j.state = 'given' AND t.id IS NULL
UNION ALL
SELECT 'transfer ' || t.id, 'pays a judge who did not judge: ' || t.key
FROM transfers t WHERE t.kind = 'judge'
  AND t.key NOT IN (SELECT 'judge:' || appeal || ':' || worker FROM judgements WHERE state = 'given')
UNION ALL
SELECT 'appeal ' || x.id, coalesce(g.busy, 0) || ' judges and ' || x.places || ' places' FROM appeals x
LEFT JOIN (SELECT appeal, count(*) AS busy FROM judgements WHERE state IN ('active', 'given') GROUP BY appeal) AS g
  ON g.appeal = x.id
WHERE coalesce(g.busy, 0) + x.places > {JUDGES} OR (x.funded = 0 AND coalesce(g.busy, 0) + x.places > 0)""",
)
# Only people who were drawn judge, and none who is the worker or the requester or shares a bank account with one.
JUDGES_ARE_NO_PARTY = Invariant(
    11,
    "no judge is a party",
    """
SELECT 'appeal ' || j.appeal AS subject, 'judge ' || j.worker || ' is its worker or its requester, or paid with one'
  AS detail
FROM judgements j JOIN appeals x ON x.id = j.appeal JOIN submissions s ON s.id = x.submission
JOIN projects p ON p.id = s.project WHERE j.worker IN (s.worker, p.requester) OR EXISTS (
  SELECT 1 FROM payee_mates m WHERE m.person = j.worker AND m.mate IN (s.worker, p.requester)
    AND (m.known_at < j.offered_at OR m.known_at < j.decided_at)
    AND EXISTS (SELECT 1 FROM rejections r WHERE r.submission = x.submission AND r.staked > 0))
UNION ALL
SELECT 'appeal ' || j.appeal, 'judge ' || j.worker || ' was not drawn' FROM judgements j
LEFT JOIN juries y ON y.appeal = j.appeal AND y.worker = j.worker AND y.called = 1 WHERE y.appeal IS NULL""",
)
# Only people decide against the worker: two of three judges, or an admin; a missed deadline never does.
APPEALS_ARE_LOST_BY_PEOPLE = Invariant(
    11,
    "no appeal is lost without people",
    f"""
SELECT 'appeal ' || x.id AS subject, coalesce(g.against, 0) || ' judges against its worker, and no admin' AS detail
FROM appeals x LEFT JOIN (
  SELECT appeal, count(*) AS against FROM judgements WHERE verdict = 'requester' GROUP BY appeal
) AS g ON g.appeal = x.id
WHERE x.state = 'lost' AND x.ruled_by IS NULL AND 2 * coalesce(g.against, 0) <= {JUDGES}""",
)
