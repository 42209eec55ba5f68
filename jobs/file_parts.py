"""Files too large for one message: text is zipped; larger ones are split into files of whole rows."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.projects.result_messages import ProjectFile
from jobs.made_files import making
from storage.unit import UnitOfWork

LARGEST = 48 << 20  # bytes; Telegram takes 50 MB of a bot, and the call around it needs some
ROOM = 1.3  # parts are not all alike: each is planned so much smaller
PACKED = ("xlsx", "parquet")  # formats that are compressed by themselves


@dataclass(frozen=True, slots=True)
class FilePart:
    """Part `number` of `of`, of so many `rows` each; one file of everything where `of` is 0."""

    number: int = 1
    of: int = 0
    rows: int = 0

    @property
    def name(self) -> str:
        return f".{self.number}-of-{self.of}" if self.of else ""


def part_of(facts: dict[str, Any]) -> FilePart:
    """The part a letter asks for; letters without parts ask for the whole file."""
    return FilePart(facts.get("part", 1), facts.get("of", 0), facts.get("rows", 0))


def packed(path: Path, name: str) -> Path:
    """The same file zipped, under its name; the plain one is deleted."""
    with (
        making(".zip") as small,
        zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as into,
        path.open("rb") as plain,
    ):
        while block := plain.read(1 << 20):
            into.write(block)
    path.unlink()
    return small


def parts(size: int, rows: int) -> FilePart:
    """The first of as many parts as so many bytes need."""
    of = max(2, -int(-size * ROOM // LARGEST))
    return FilePart(1, of, max(1, -(-rows // of)))


def order_others(unit: UnitOfWork, project: Project, facts: dict[str, Any], first: FilePart) -> None:
    """A letter for each part but the first, once, however often the first is made; none to who left the team since."""
    reader = PersonId(facts.get("reader") or project.requester)
    if not unit.teams.is_side(project.requester, reader):
        return
    for number in range(2, first.of + 1):
        key = f"part:{project.id}:{facts['what']}:{facts['format']}:{facts.get('ordered', 0)}:{number}"
        part = {"part": number, "of": first.of, "rows": first.rows}
        unit.outbox.tell(reader, ProjectFile(**{**facts, **part}), key=key)
