"""Result files: ordered here, made when they are sent, so that they are up to date."""

from domain.answers import kind_of
from domain.projects.messages import ProjectFile
from domain.projects.projects import ProjectId
from domain.refusals import BadInput
from formats.writing import FILES, WRITERS
from services.act import Act
from services.projects.ownership import mine

RESULTS, SUBMISSIONS = "results", "submissions"


def results(act: Act, number: ProjectId, form: str) -> ProjectFile:
    """One row a task, or the files that were handed in."""
    return order(act, number, RESULTS, form)


def submissions(act: Act, number: ProjectId, form: str) -> ProjectFile:
    """One row a submission."""
    return order(act, number, SUBMISSIONS, form)


def order(act: Act, number: ProjectId, what: str, form: str) -> ProjectFile:
    form = " ".join(form.lower().split())
    if form not in (*WRITERS, FILES):
        raise BadInput(what="format", value=form, expected=[*WRITERS, FILES])
    what = SUBMISSIONS if what == SUBMISSIONS else RESULTS
    project = mine(act.unit, act.person, number)
    if form == FILES and not (kind_of(project.kind).are_files and what == RESULTS):
        raise BadInput(what="format", value=form, expected=list(WRITERS))
    return ProjectFile(project.id, project.title, what, form, project.state.value, act.unit.now)
