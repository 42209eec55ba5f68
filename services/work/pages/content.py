"""What of a task a page shows."""

from domain.answers import kind_of
from domain.handing_in import Surface
from domain.projects.media import PHOTO, Medium
from domain.projects.projects import Project
from domain.projects.tasks import Task, content_of
from domain.shapes.kind import ShapesKind
from domain.shapes.source import text_of


def text_of_page(project: Project, task: Task) -> str:
    """All that is written beside the file; where the text itself is marked, that alone: places are counted in it."""
    kind = kind_of(project.kind)
    if isinstance(kind, ShapesKind) and kind.on is Surface.TEXT:
        return text_of(project.template, task.content)
    return content_of(project, task).text


def media_of(project: Project, task: Task) -> tuple[Medium, ...]:
    content = content_of(project, task)
    return (Medium(PHOTO, content.picture),) if content.picture else content.media


def rules_of(project: Project) -> tuple[str, ...]:
    """The numbered lines; worked examples follow, so that the lines keep their numbers."""
    examples = (f"💡 {each.item or '🖼'} → {each.answer}" for each in project.examples)
    reasons = (f" ({each.why})" if each.why else "" for each in project.examples)
    return *project.instructions, *map("".join, zip(examples, reasons, strict=True))
