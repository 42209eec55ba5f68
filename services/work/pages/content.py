"""The content of a task, as its page shows it."""

from domain.answers import kind_of
from domain.directions import plainly_directed
from domain.handing_in import Surface
from domain.projects.authoring.worked_examples import WorkedExample
from domain.projects.media import PHOTO, Medium
from domain.projects.projects import Project
from domain.projects.tasks import Task, content_of
from domain.refusals import NotYours
from domain.shapes.kind import ShapesKind
from domain.shapes.source import text_of


def text_of_page(project: Project, task: Task) -> str:
    """All that is written beside the file; where the text itself is marked, that alone: places are counted in it."""
    kind = kind_of(project.kind)
    if isinstance(kind, ShapesKind) and kind.on is Surface.TEXT:
        return text_of(project.template, task.content)
    return plainly_directed(content_of(project, task).text)


def media_of(project: Project, task: Task) -> tuple[Medium, ...]:
    content = content_of(project, task)
    return (Medium(PHOTO, content.picture),) if content.picture else content.media


def rules_of(project: Project) -> tuple[str, ...]:
    """The numbered lines; worked examples follow, so that the lines keep their numbers."""
    return *project.instructions, *map(_example, project.examples)


def _example(of: WorkedExample) -> str:
    return f"💡 {of.item or '🖼'} → {of.answer}{f' ({of.why})' if of.why else ''}"


def beside(project: Project) -> tuple[tuple[str, Medium], ...]:
    """Pictures of the instructions, without a word, then of the worked examples, each with its own."""
    shown = (("", each) for each in project.pictures)
    examples = ((_example(each), each.picture) for each in project.examples if each.picture)
    return tuple((words, Medium(PHOTO, file)) for words, file in (*shown, *examples))


def medium_of(project: Project, task: Task, at: int) -> Medium:
    """The task's own come first. Raises NotYours."""
    found = (*media_of(project, task), *(picture for _, picture in beside(project)))
    if at >= len(found):
        raise NotYours()
    return found[at]
