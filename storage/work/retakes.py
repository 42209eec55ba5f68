"""Files that wait for their sender's word, and the prints of pictures that were handed in."""

from collections.abc import Sequence

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import AssignmentId
from domain.work.retakes import Retake, are_near, bands_of
from storage.drivers.connection import Connection
from storage.drivers.records import columns

ASK = """
INSERT INTO retakes (assignment, project, worker, handed_in, album, print, asked_at)
VALUES (:assignment, :project, :worker, :handed_in, :album, :print, :now) ON CONFLICT DO NOTHING"""
HAS_KEPT = "SELECT 1 FROM retakes WHERE worker = :worker AND project = :project AND kept = 1 LIMIT 1"
OF = f"SELECT {columns(Retake)} FROM retakes WHERE assignment = :assignment"
NEARLY_LATE = """
SELECT r.assignment FROM retakes r JOIN assignments a ON a.id = r.assignment
WHERE r.handed_in <> '' AND a.state = 'active' AND a.deadline <= :before ORDER BY r.asked_at LIMIT :limit"""
CLOSE = "UPDATE retakes SET handed_in = '', album = '', print = '', kept = :kept WHERE assignment = :assignment"
PRINT = """
INSERT INTO picture_prints (project, band, assignment, print) VALUES (:project, :band, :assignment, :print)
ON CONFLICT DO NOTHING"""
ALIKE = """
SELECT print FROM picture_prints WHERE project = :project AND band = :band AND assignment <> :assignment LIMIT 200"""
FORGET = "DELETE FROM picture_prints WHERE assignment = :assignment"


class Retakes:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ask(self, project: ProjectId, worker: PersonId, about: Retake, now: Moment) -> bool:
        """False where they were asked before."""
        values = {
            "assignment": about.assignment,
            "handed_in": about.handed_in,
            "album": about.album,
            "print": about.print,
        }
        return self._db.changed(ASK, **values, project=project, worker=worker, now=now) == 1

    def has_kept(self, project: ProjectId, worker: PersonId) -> bool:
        """Whether they said of one that it is what they meant to send."""
        return self._db.one(HAS_KEPT, project=project, worker=worker) is not None

    def of(self, assignment: AssignmentId) -> Retake | None:
        row = self._db.one(OF, assignment=assignment)
        return Retake(*row) if row else None

    def nearly_late(self, before: Moment, limit: int) -> list[AssignmentId]:
        """Tasks in hand for which one waits, and whose time is up by then."""
        return [row[0] for row in self._db.all(NEARLY_LATE, before=before, limit=limit)]

    def close(self, assignment: AssignmentId, kept: bool = False) -> None:
        """Something was handed in: this one, or another."""
        self._db.changed(CLOSE, assignment=assignment, kept=int(kept))

    def has_alike(self, project: ProjectId, assignment: AssignmentId, print_: str) -> bool:
        """Whether a picture that is nearly this one was handed in for another task."""
        found = (self._db.all(ALIKE, project=project, band=band, assignment=assignment) for band in bands_of(print_))
        return any(are_near(print_, str(row[0])) for rows in found for row in rows)

    def keep_print(self, project: ProjectId, assignment: AssignmentId, print_: str) -> None:
        self._db.changed(FORGET, assignment=assignment)
        bands: Sequence[int] = bands_of(print_)
        for band in bands:
            self._db.changed(PRINT, project=project, band=band, assignment=assignment, print=print_)
