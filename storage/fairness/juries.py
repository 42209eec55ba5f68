"""The pool of an appeal's possible judges, their eligibility, and those drawn."""

from collections.abc import Iterable

from domain.fairness.appeals import (
    ANSWERS,
    CALLED,
    HISTORY,
    REQUESTERS,
    WAVE,
    Appeal,
    AppealId,
    Candidate,
)
from domain.moments import DAY, Moment
from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.work.submissions import Submission
from storage.drivers.connection import Connection
from storage.drivers.records import each, of


def parties(requester: str, author: str) -> str:
    """SQL: the two parties of an appeal, people paid to their accounts, and who is or was in a team with one of
    them."""
    return f"""SELECT {requester} UNION SELECT {author}
  UNION SELECT m.mate FROM payee_mates m WHERE m.person IN ({requester}, {author})
  UNION SELECT o.member FROM team_members m JOIN team_members o ON o.team = m.team
    WHERE m.member IN ({requester}, {author})"""


def is_stopped(worker: str, requester: str, author: str) -> str:
    """SQL: whether this judge is restricted by evidence in a project of another requester."""
    return f"""EXISTS (SELECT 1 FROM restrictions r JOIN projects q ON q.id = r.project
    WHERE r.worker = {worker} AND r.state = 'standing' AND q.requester NOT IN ({parties(requester, author)}))"""


PARTIES = parties("CAST(:requester AS BIGINT)", "CAST(:author AS BIGINT)")
# Work for requesters who are no party to the appeal and unrelated to the worker.
ELSEWHERE = f"p.requester NOT IN ({PARTIES}) AND e.barred IS NULL"
# Strangers with work for several requesters who are no party; most of it theirs, so that no requester makes judges.
CANDIDATES = f"""
SELECT e.worker FROM enrolments e JOIN projects p ON p.id = e.project JOIN people w ON w.id = e.worker
WHERE e.answered > 0 AND w.consented_at IS NOT NULL AND w.leaving_at IS NULL AND w.erased_at IS NULL AND w.reachable = 1
  AND w.suspended = 0
  AND e.worker NOT IN ({PARTIES})
  AND NOT EXISTS (SELECT 1 FROM enrolments d WHERE d.worker = e.worker AND d.project = :project
    AND (d.declined = 1 OR d.barred IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = :task AND a.worker = e.worker)
GROUP BY e.worker
HAVING count(DISTINCT CASE WHEN {ELSEWHERE} THEN p.requester END) >= {REQUESTERS}
  AND sum(CASE WHEN {ELSEWHERE} THEN e.answered ELSE 0 END) >= {ANSWERS}
  AND sum(e.answered) <= 2 * sum(CASE WHEN {ELSEWHERE} THEN e.answered ELSE 0 END)"""
# Of one of them, their latest answers elsewhere: on how many days, how many can be compared, how many agree.
HISTORY_OF = f"""
SELECT count(DISTINCT found.day), count(*) FILTER (WHERE found.compared = 1),
  count(*) FILTER (WHERE found.compared = 1 AND found.agrees = 1)
FROM (
  SELECT s.submitted_at / {DAY} AS day, CASE WHEN s.answer = t.consensus THEN 1 ELSE 0 END AS agrees,
    CASE WHEN t.gold IS NULL AND t.state = 'closed' AND t.received > 1 AND t.consensus IS NOT NULL
      AND s.answer IS NOT NULL AND s.state <> 'rejected' THEN 1 ELSE 0 END AS compared
  FROM submissions s JOIN tasks t ON t.id = s.task JOIN projects p ON p.id = s.project
  JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
  WHERE {of("s.worker", ":worker")} AND {ELSEWHERE} ORDER BY s.worker DESC, s.id DESC LIMIT {HISTORY}) AS found"""
# The requesters they work for elsewhere, with amounts.
WORKS_FOR = f"""
SELECT p.requester, sum(e.answered) FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.answered > 0 AND {ELSEWHERE}
GROUP BY p.requester"""
STOPPED = f"""
SELECT 1 FROM people w
WHERE w.id = :worker AND {is_stopped("w.id", "CAST(:requester AS BIGINT)", "CAST(:author AS BIGINT)")}"""
# Whose answers somebody has found fine as a judge: they could return the favour.
FAVOURED = """
SELECT DISTINCT s.worker FROM juries y JOIN judgements j ON j.appeal = y.appeal AND j.worker = y.worker
JOIN appeals a ON a.id = y.appeal JOIN submissions s ON s.id = a.submission
WHERE y.worker = :person AND j.verdict = 'worker'"""
# Who judged this person's rejections several times; and who judged their answers and had an answer judged by them.
JUDGED = """
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
DRAW = "INSERT INTO juries (appeal, worker, seat) VALUES (:appeal, :worker, :seat)"
# The first few at once, as many again whenever that did not bring enough, and one for each who passed it on, or left,
# paused or was restricted before it came.
CALL = f"""
UPDATE juries SET called = 1 WHERE called = 0 AND EXISTS (
  SELECT 1 FROM appeals a WHERE a.id = juries.appeal AND a.state = 'open' AND a.places > 0
  AND juries.seat < {CALLED} * (1 + (:now - a.opened_at) / {WAVE}) + (
    SELECT count(*) FROM judgements j WHERE j.appeal = a.id AND j.state IN ('skipped', 'expired'))
  + (SELECT count(*) FROM juries g JOIN people w ON w.id = g.worker
      JOIN submissions s ON s.id = a.submission JOIN projects p ON p.id = s.project
    WHERE g.appeal = a.id AND g.called = 1
    AND (w.paused = 1 OR w.reachable = 0 OR w.suspended = 1 OR w.leaving_at IS NOT NULL OR w.erased_at IS NOT NULL
      OR {is_stopped("g.worker", "p.requester", "s.worker")})
    AND NOT EXISTS (SELECT 1 FROM judgements j WHERE j.appeal = a.id AND j.worker = g.worker)))
RETURNING worker"""
WAKE = "UPDATE people SET idle = 1 WHERE id = :worker AND idle = 2"
DISMISS = "DELETE FROM juries WHERE appeal = :appeal AND called = 0"


class Juries:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def candidates(self, project: Project, submission: Submission) -> list[PersonId]:
        """In no order."""
        about = {"project": project.id, "task": submission.task, **_parties(project, submission)}
        return each(self._db.all(CANDIDATES, **about))

    def history(self, worker: PersonId, project: Project, submission: Submission) -> Candidate:
        about = {"worker": worker, **_parties(project, submission)}
        days, compared, agreed = map(int, self._db.all(HISTORY_OF, **about)[0])
        works_for = tuple((row[0], int(row[1])) for row in self._db.all(WORKS_FOR, **about))
        stopped = self._db.one(STOPPED, **about) is not None
        return Candidate(worker, works_for, days, compared, agreed, stopped)

    def draw(self, appeal: AppealId, workers: Iterable[PersonId]) -> None:
        """In the order in which they are called."""
        self._db.many(DRAW, ({"appeal": appeal, "worker": w, "seat": seat} for seat, w in enumerate(workers)))

    def favoured(self, judge: PersonId) -> set[PersonId]:
        """Whose answers this judge has found fine."""
        return set(each(self._db.all(FAVOURED, person=judge)))

    def judged(self, person: PersonId, limit: int) -> list[tuple[PersonId, list[int]]]:
        """Who judged what is this person's: (rejections, of them right; answers, of them fine; answers of the other
        that this person judged, of them fine)."""
        found = self._db.all(JUDGED, person=person, limit=limit)
        return [(PersonId(row[0]), [int(count) for count in row[1:]]) for row in found]

    def call(self) -> None:
        """Calls the next drawn judges."""
        called: list[PersonId] = each(self._db.all(CALL, now=self._now))
        self._db.many(WAKE, ({"worker": worker} for worker in called))

    def dismiss(self, appeal: Appeal) -> None:
        """Ends the calls of a decided appeal."""
        self._db.changed(DISMISS, appeal=appeal.id)


def _parties(project: Project, submission: Submission) -> dict[str, PersonId]:
    return {"requester": project.requester, "author": submission.worker}
