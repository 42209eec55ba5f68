"""Results: files, ordered here and made when they are sent, so that they are up to date; photos and voice messages in
the chat."""

from domain.answers import Wants, kind_of
from domain.projects.projects import ENDED, Project, ProjectId
from domain.projects.result_messages import AnswersShown, HandedIn, HubAsked, ProjectFile, unasked
from domain.projects.tasks import beginning_of
from domain.refusals import BadInput, NotFound
from domain.work.positions import columns_of
from domain.work.submissions import Submission, SubmissionId
from formats.writing import DATASHEET, FIGURES, FILES, HUB, formats_of
from services.act import Act
from services.people.pseudonyms import pseudonym_for
from services.projects.ownership import mine
from services.projects.publishing import hub
from storage.boxes.team_outbox import key_for
from storage.unit import UnitOfWork

RESULTS, SUBMISSIONS = "results", "submissions"
PAGE = 10  # answers; as many as an album holds


def results(act: Act, number: ProjectId, form: str) -> ProjectFile | HubAsked:
    """One row a task, or the files that were handed in, or the figures of all, or a page about them; or what becomes a
    data set."""
    if hub.is_push(form):
        return hub.begin(act, number, form)
    return order(act, number, RESULTS, form)


def submissions(act: Act, number: ProjectId, form: str) -> ProjectFile:
    """One row a submission."""
    return order(act, number, SUBMISSIONS, form)


def order(act: Act, number: ProjectId, what: str, form: str) -> ProjectFile:
    form = " ".join(form.lower().split())
    what = SUBMISSIONS if what == SUBMISSIONS else RESULTS
    project = mine(act.unit, act.person, number)
    kind = kind_of(project.kind)
    more = [*([FILES] if kind.are_files else []), *([FIGURES] if kind.is_aggregated else []), DATASHEET, HUB]
    taken = formats_of(kind.answer_type(project.options), what == RESULTS, columns_of(project) is not None)
    taken += more if what == RESULTS else []
    if form not in taken:
        raise BadInput(what="format", value=form, expected=taken)
    _had(act, project)
    shown_as, reader = kind.wants.value if kind.are_files else "", act.member.id if act.member else 0
    about = (project.id, project.title, what, form, project.state.value, act.unit.now)
    return ProjectFile(*about, shown_as=shown_as, to_hub=form == HUB and bool(act.house.hub), reader=reader)


def show(act: Act, number: ProjectId, after: SubmissionId) -> AnswersShown:
    """A page of the photos or voice messages that count, behind the answer `after`."""
    project = mine(act.unit, act.person, number)
    kind = kind_of(project.kind)
    if not kind.are_files:
        raise NotFound(what="answer", name="")
    _had(act, project)
    found = act.unit.answer_files.that_count(project.id, after, PAGE + 1)
    page = found[:PAGE]
    if page:
        act.unit.consents.note_delivery(project.id, "chat", "telegram")
    shown = tuple(_shown(act.unit, project, each) for each in page)
    return AnswersShown(
        project.id, project.title, kind.wants is Wants.VOICE, shown, page[-1].id if len(found) > PAGE else None
    )


def _had(act: Act, project: Project) -> None:
    """They ask by themselves: the results need not come unasked."""
    if project.state in ENDED:
        key = unasked(project.id, project.launched_at)
        act.unit.outbox.withdraw(key_for(key, act.member.id) if act.member else key)


def _shown(unit: UnitOfWork, project: Project, answer: Submission) -> HandedIn:
    task = unit.tasks.get(answer.task)
    file = (answer.answer or "").split()[0]
    worker = pseudonym_for(unit, project.requester, answer.worker)
    return HandedIn(file, task.key, beginning_of(project, task), worker)
