"""Photos and voice messages that were handed in: each counts once in a project."""

from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import AssignmentId
from domain.work.submissions import Submission, SubmissionId
from storage.drivers.connection import Connection
from storage.drivers.records import columns
from storage.work.consents import CONSENTED
from storage.work.retakes import Retakes

KEEP = """
INSERT INTO answer_files (project, unique_id, worker, assignment, file_id, album)
VALUES (:project, :unique_id, :worker, :assignment, :file_id, :album)
ON CONFLICT DO NOTHING"""
OF_ALBUM = "SELECT 1 FROM answer_files WHERE worker = :worker AND album = :album"

# No pay, no data; of workers who consent.
THAT_COUNT = f"""
SELECT {columns(Submission, "s.")} FROM submissions s
{CONSENTED}
WHERE s.project = :project AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected'
ORDER BY s.id LIMIT :limit"""
# Another takes its place: this one may be handed in again.
TAKE_BACK = "DELETE FROM answer_files WHERE assignment = :assignment"


class AnswerFiles:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.retakes = Retakes(connection)

    def keep(
        self,
        project: ProjectId,
        worker: PersonId,
        assignment: AssignmentId,
        file_id: str,
        unique_id: str,
        album: str | None,
    ) -> bool:
        """False when this file was handed in before."""
        values = {"project": project, "worker": worker, "assignment": assignment, "album": album}
        return self._db.changed(KEEP, file_id=file_id, unique_id=unique_id, **values) == 1

    def take_back(self, assignment: AssignmentId) -> None:
        self._db.changed(TAKE_BACK, assignment=assignment)

    def that_count(self, project: ProjectId, after: SubmissionId, limit: int) -> list[Submission]:
        """A project's answers that are files, oldest first, behind `after`."""
        rows = self._db.all(THAT_COUNT, project=project, after=after, limit=limit)
        return [Submission(*row) for row in rows]

    def has_album(self, worker: PersonId, album: str) -> bool:
        """Whether a photo of this album has answered already."""
        return self._db.one(OF_ALBUM, worker=worker, album=album) is not None
