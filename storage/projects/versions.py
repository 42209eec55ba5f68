"""Versions of what workers read of a project: kept as they were, oldest first."""

import json
from typing import NamedTuple

from domain.directions import plainly_directed
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.authoring.worked_examples import Wording, WorkedExample
from domain.projects.projects import Project, ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import pack, words

KEEP = """
INSERT INTO project_versions (project, number, title, instructions, pictures, examples, made_by, made_at)
VALUES (:project, :number, :title, :instructions, :pictures, :examples, :by, :at)"""
OF = """
SELECT title, instructions, pictures, examples FROM project_versions WHERE project = :project AND number = :number"""
ALL = """
SELECT number, title, instructions, pictures, examples, made_by, made_at FROM project_versions
WHERE project = :project ORDER BY number"""
REWORD = """
UPDATE projects SET title = :title, instructions = :instructions, pictures = :pictures, examples = :examples,
  version = :version WHERE id = :project AND version <= :version"""


class Version(NamedTuple):
    number: int
    wording: Wording
    made_by: PersonId
    made_at: Moment


def packed(examples: tuple[WorkedExample, ...]) -> str:
    return pack([[each.item, each.answer, each.why, each.picture] for each in examples])


def unpacked(examples: str) -> tuple[WorkedExample, ...]:
    return tuple(WorkedExample(*each) for each in json.loads(examples)) if examples != "[]" else ()


def _wording(title: str, instructions: str, pictures: str, examples: str) -> Wording:
    return Wording(title, words(instructions), words(pictures), unpacked(examples))


class Versions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, project: ProjectId, number: int) -> Wording | None:
        """None before its first edit, and for a number that it never had."""
        row = self._db.one(OF, project=project, number=number)
        return _wording(*row) if row else None

    def all(self, project: ProjectId) -> list[Version]:
        rows = self._db.all(ALL, project=project)
        return [Version(row[0], _wording(*row[1:5]), PersonId(row[5]), Moment(row[6])) for row in rows]

    def keep(self, project: ProjectId, number: int, wording: Wording, by: PersonId, at: Moment) -> None:
        self._db.changed(KEEP, project=project, number=number, by=by, at=at, **columns_of(wording))

    def reword(self, project: ProjectId, wording: Wording, version: int) -> bool:
        """What workers read from now on."""
        return self._db.changed(REWORD, project=project, version=version, **columns_of(wording)) == 1


def columns_of(wording: Wording | Project) -> dict[str, str]:
    """What workers read, as columns, without signs that turn the direction of text."""
    lines = pack(tuple(map(plainly_directed, wording.instructions)))
    told = {"instructions": lines, "pictures": pack(wording.pictures)}
    return {"title": plainly_directed(wording.title), **told, "examples": packed(wording.examples)}
