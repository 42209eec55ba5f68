"""Choices of workers who were warned of a project's content."""

from domain.people.people import PersonId
from domain.projects.content import ContentChoice
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import words

OF = "SELECT choice FROM content_choices WHERE worker = :worker AND project = :project"
KEEP = """
INSERT INTO content_choices (worker, project, choice) VALUES (:worker, :project, :choice)
ON CONFLICT (worker, project) DO UPDATE SET choice = excluded.choice"""
RECONSIDER = f"""
UPDATE content_choices SET choice = '{ContentChoice.SHOWN.value}'
WHERE worker = :worker AND project = :project AND choice = '{ContentChoice.REFUSED.value}'"""
CHOSEN = """
SELECT p.content FROM content_choices c JOIN projects p ON p.id = c.project
WHERE c.worker = :worker AND c.choice = :choice ORDER BY c.project DESC LIMIT :limit"""
LATEST = 100  # projects whose choice is looked at


class ContentChoices:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, worker: PersonId, project: ProjectId) -> ContentChoice | None:
        """None: the worker was not warned."""
        row = self._db.one(OF, worker=worker, project=project)
        return ContentChoice(row[0]) if row else None

    def keep(self, worker: PersonId, project: ProjectId, choice: ContentChoice) -> None:
        self._db.changed(KEEP, worker=worker, project=project, choice=choice.value)

    def reconsider(self, worker: PersonId, project: ProjectId) -> None:
        """A no counts no more."""
        self._db.changed(RECONSIDER, worker=worker, project=project)

    def unwanted(self, worker: PersonId) -> set[str]:
        """Kinds of content this worker refused somewhere and agreed to nowhere."""
        refused, agreed = (self._kinds(worker, each) for each in (ContentChoice.REFUSED, ContentChoice.AGREED))
        return refused - agreed

    def _kinds(self, worker: PersonId, choice: ContentChoice) -> set[str]:
        rows = self._db.all(CHOSEN, worker=worker, choice=choice.value, limit=LATEST)
        return {kind for (content,) in rows for kind in words(content)}
