"""The type of what a file holds: of most formats the kind's answers, of those for training what is preferred."""

from dataclasses import replace

from domain.answers import ExportType, kind_of
from domain.handing_in import PairsType, ShapesType
from domain.projects.form_questions import asked_in
from domain.projects.projects import Project
from domain.work.positions import columns_of, compared_in
from formats.tables.template import placeholders
from formats.writing import FOR_TRAINING

PROMPT = "prompt"  # a column that is the whole prompt, whatever else is shown


def exported_type(project: Project, form: str) -> ExportType:
    if form in FOR_TRAINING:
        return _pairs(project)
    found = kind_of(project.kind).answer_type(project.options)
    if isinstance(found, ShapesType):
        shown = dict.fromkeys(placeholders(project.template))
        return replace(found, columns=tuple(name for name in shown if name in project.columns))
    return found


def _pairs(project: Project) -> PairsType:
    """The prompt is what workers see beside the things that are compared."""
    columns = columns_of(project) or ()
    place = {name: at for at, name in enumerate(project.columns, 1)}
    own = [name for name in project.columns if name.casefold() == PROMPT and name not in columns]
    seen = [name for name in placeholders(project.template) if name in place and name not in columns]
    questions = asked_in(project.kind, project.options)
    asked = [(each.name, each.kind, each.options) for each in questions if each.answered_by.options_are_columns]
    return PairsType(
        tuple(place[name] for name in dict.fromkeys(own or seen)),
        {label: place[name] for label, name in zip(compared_in(project), columns, strict=True)},
        tuple(asked) or (("", project.kind, project.options),),
    )
