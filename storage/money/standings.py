"""What workers are to a project's requester, when their time is measured (domain/money/topups.py, `Standing`)."""

from collections.abc import Mapping, Sequence

from domain.money.topups import ELSEWHERE, Standing, Time
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import of


def _standing_of(answers: str) -> str:
    """The statement that returns what each worker of some `answers` is to the project's requester, who may be a team:
    related by a bank account or a team (2); a stranger who has answered enough for others and came by no invitation of
    theirs (1); else unknown (0)."""
    return f"""
SELECT f.worker, CASE WHEN EXISTS (
  SELECT 1 FROM payee_mates m WHERE m.person = f.worker AND (m.mate = p.requester
    OR m.mate IN (SELECT t.member FROM team_members t WHERE t.team = p.requester))
) OR EXISTS (
  SELECT 1 FROM team_members t WHERE t.member = f.worker AND (t.team = p.requester
    OR t.team IN (SELECT o.team FROM team_members o WHERE o.member = p.requester))
) THEN {Standing.RELATED} WHEN EXISTS (
  SELECT 1 FROM invited i JOIN projects q ON q.id = i.project WHERE i.worker = f.worker AND q.requester = p.requester
) THEN {Standing.UNKNOWN} WHEN (
  SELECT coalesce(sum(e.answered), 0) FROM enrolments e JOIN projects q ON q.id = e.project
  WHERE e.worker = f.worker AND q.requester <> p.requester AND NOT EXISTS (
    SELECT 1 FROM payee_mates m WHERE m.person = q.requester AND m.mate = p.requester)
) >= {ELSEWHERE} THEN {Standing.STRANGER} ELSE {Standing.UNKNOWN} END
FROM (SELECT DISTINCT worker FROM ({answers}) AS few) AS f JOIN projects p ON p.id = :project"""


OF_WAITING = _standing_of("SELECT s.worker FROM submissions s WHERE s.project = :project AND s.measured_in IS NULL")
OF_LATEST = _standing_of(
    f"""SELECT s.worker FROM submissions s WHERE {of("s.project", ":project")} AND s.state <> 'rejected'
ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
)
NOTE = """
UPDATE submissions SET standing = :standing WHERE project = :project AND worker = :worker AND measured_in IS NULL"""


def of_waiting(connection: Connection, project: ProjectId) -> Mapping[int, Standing]:
    """Return the standing of each worker whose answers are in no window yet."""
    return _standing(connection.all(OF_WAITING, project=project))


def of_latest(connection: Connection, project: ProjectId, limit: int) -> Mapping[int, Standing]:
    """Return the standing of each worker of the latest answers."""
    return _standing(connection.all(OF_LATEST, project=project, limit=limit))


def time_of(row: Row, standing: Mapping[int, Standing]) -> Time:
    """Return the time of one answer, read as (worker, milliseconds, pushed, worked)."""
    worker, milliseconds, pushed, worked = row
    return Time(PersonId(worker), milliseconds, bool(pushed), worked, standing.get(worker, Standing.UNKNOWN))


def note(connection: Connection, project: ProjectId, times: Sequence[Time]) -> None:
    """Keep the standing by which answers are measured now."""
    for worker, standing in {time.worker: time.standing for time in times if time.standing}.items():
        connection.send(NOTE, project=project, worker=worker, standing=int(standing))


def _standing(rows: Sequence[Row]) -> Mapping[int, Standing]:
    return {int(row[0]): Standing(row[1]) for row in rows}
