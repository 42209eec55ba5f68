"""Results: files, ordered here and made when they are sent, so that they are up to date; photos and voice messages in
the chat."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.answers import consensus_of, kind_of
from domain.handing_in import Wants
from domain.people.teams import Right
from domain.projects.form_questions import Part, parts_of
from domain.projects.projects import ENDED, Project, ProjectId
from domain.projects.results import (
    TRIES,
    AnswersShown,
    HandedIn,
    HubAsked,
    HubBegun,
    HubFailed,
    HubPush,
    HubPushed,
    ProjectFile,
    is_meant_as_token,
    is_token,
    name_of,
    results_key,
    without_token,
)
from domain.projects.tasks import beginning_of
from domain.quality.aggregation import Agreement, Vote
from domain.refusals import (
    BadInput,
    NoHub,
    NoSecretsKey,
    NotFound,
)
from domain.work import positions
from domain.work.assignments import Submission, SubmissionId
from formats.result_columns import Value
from formats.writing import (
    DATASHEET,
    FIGURES,
    FILES,
    HUB,
    formats_of,
)
from services.act import Act, Reply
from services.people import team_spending
from services.people.accounts import pseudonym_for
from services.projects.projects import mine
from storage.boxes.outbox import key_for
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import results_of
from storage.projects.tasks import ai_from
from storage.unit import UnitOfWork

JOURNEY, PUSH = "hub", "push"
AT_ONCE = 4


def is_push(form: str) -> bool:
    """Whether what stands behind `/results N` asks for one."""
    return form.split()[:1] == [PUSH]


def begin(act: Act, number: ProjectId, form: str) -> HubAsked:
    """`push`, or `push OWNER/NAME`, or `push OWNER/NAME public`. A token behind it is not repeated to anybody."""
    said = without_token(form.partition(PUSH)[2])
    found = name_of(said) if said else ("", False)
    if found is None:
        raise BadInput(what="hub_name", value=said, expected=["OWNER/NAME"])
    return _asked(act, mine(act.unit, act.person, number), *found)


def ask(act: Act, number: ProjectId) -> HubAsked:
    """By a button: the name is typed."""
    return _asked(act, mine(act.unit, act.person, number))


def typed(act: Act, kept: dict[str, Any], words: str) -> HubAsked | Reply:
    """The name, or the token, which leaves the chat, right or wrong."""
    project, name = mine(act.unit, act.person, ProjectId(kept["number"])), str(kept["name"])
    if not name and not is_meant_as_token(words):
        found = name_of(words)
        return _asked(act, project, *found) if found else _asked(act, project, again=True)
    public = bool(kept["public"])
    if not name or not is_token(words):
        return Reply(_asked(act, project, name, public, again=True), erases=True)
    _check(act, project)
    sealed = act.house.encryption.encrypt(words.strip())
    act.unit.hub_pushes.add(project.id, act.person.id, name, public, sealed)
    if act.member is not None:
        act.unit.team_ties.set_push_member(project.id, act.member.id)
    act.unit.drafts.drop(act.person.id)
    act.unit.audit.note(act.person.id, "hub push", f"project:{project.id}", name=name)
    return Reply(HubBegun(project.title, name), erases=True)


def _asked(act: Act, project: Project, name: str = "", public: bool = False, again: bool = False) -> HubAsked:
    _check(act, project)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"number": project.id, "name": name, "public": public}, act.unit.now)
    return HubAsked(project.id, project.title, name, public, again)


def _check(act: Act, project: Project) -> None:
    team_spending.require_right(act, Right.SPEND)  # who may only look may not publish
    if not act.house.hub:
        raise NoHub(number=project.id)
    if not act.house.encryption:
        raise NoSecretsKey()


def take(unit: UnitOfWork) -> list[HubPush]:
    """What is to be pushed now; one that outlived the process too often is given up."""
    found = unit.hub_pushes.due(AT_ONCE)
    for push in found:
        unit.hub_pushes.try_once(push.project)
        if push.tries >= TRIES:
            fail(unit, push, "hub")
    return [push for push in found if push.tries < TRIES]


def fail(unit: UnitOfWork, push: HubPush, why: str) -> None:
    if unit.hub_pushes.end(push):
        project = unit.projects.get(push.project)
        unit.outbox.tell(push.requester, HubFailed(project.id, project.title, push.name, why))


def succeed(unit: UnitOfWork, push: HubPush, url: str, public: bool) -> None:
    """Noted, so that a worker who takes answers back is told where they are: also of one that was asked for anew
    meanwhile."""
    project = unit.projects.get(push.project)
    for what in ("results", "submissions"):
        unit.consents.note_delivery(project.id, what, "huggingface")
    if unit.hub_pushes.end(push):
        unit.outbox.tell(push.requester, HubPushed(project.id, project.title, push.name, url, public))


RESULTS, SUBMISSIONS = "results", "submissions"
PAGE = 10  # answers; as many as an album holds


def results(act: Act, number: ProjectId, form: str) -> ProjectFile | HubAsked:
    """One row a task, or the files that were handed in, or the figures of all, or a page about them; or what becomes a
    data set."""
    if is_push(form):
        return begin(act, number, form)
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
    taken = formats_of(kind.answer_type(project.options), what == RESULTS, positions.columns_of(project) is not None)
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
    shown = tuple(_shown(act.unit, project, submission) for submission in page)
    return AnswersShown(
        project.id, project.title, kind.wants is Wants.VOICE, shown, page[-1].id if len(found) > PAGE else None
    )


def _had(act: Act, project: Project) -> None:
    """They ask by themselves: the results need not come unasked."""
    if project.state in ENDED:
        key = results_key(project.id, project.launched_at)
        act.unit.outbox.withdraw(key_for(key, act.member.id) if act.member else key)


def _shown(unit: UnitOfWork, project: Project, answer: Submission) -> HandedIn:
    task = unit.tasks.get(answer.task)
    file = (answer.answer or "").split()[0]
    worker = pseudonym_for(unit, project.requester, answer.worker)
    return HandedIn(file, task.key, beginning_of(project, task), worker)


ALL = 1 << 62  # rows
TRUST = 0.8  # the accuracy of every vote alike: the crowd's answer without weights
CELLS = 4  # where the cells of a row of results begin, with its key
Fell = Counter[str | None]
NOBODY: Fell = Counter()


@dataclass(slots=True)
class Page:
    """Rows behind a cursor, so many at most; `last` is the cursor of the last one, once they were read."""

    after: int = 0
    limit: int = ALL
    last: int = 0
    rows: int = 0

    def read(self, chunk: Sequence[Row]) -> None:
        self.last, self.rows = chunk[-1][0], self.rows + len(chunk)


def with_votes(database: Database, project: Project) -> AsyncIterator[list[Row]]:
    """The rows of results (results_of), some at a time."""
    sql, values = results_of(database.dialect.name, project.columns)
    return database.chunks(sql, project=project.id, **values)


async def page_with_votes(database: Database, project: Project, page: Page) -> AsyncIterator[list[Row]]:
    """The same behind a position."""
    sql, values = results_of(database.dialect.name, project.columns, paged=True)
    async for chunk in database.chunks(sql, project=project.id, after=page.after, limit=page.limit, **values):
        page.read(chunk)
        yield [row[1:] for row in chunk]


def fell_of(answers: str | None) -> Fell:
    """How many gave which answer, of a row's first cell."""
    return Counter(orjson.loads(answers)) if answers else NOBODY


def columns_of(project: Project, fell: Fell, known: str | None) -> list[Value]:
    """The columns: gold answer, crowd's answer there, number of “can't tell”, votes of each option."""
    crowd = _crowd(project, fell) if known else None
    kind = kind_of(project.kind)
    return [
        known and kind.cell(known),
        crowd and kind.cell(crowd),
        fell[None],
        *(kind.votes_for(option, fell) for option in kind.voted(project.options)),
    ]


def completed(project: Project, fell: Fell, known: str) -> Agreement | None:
    """Of a gold task of which gold does not know all; None for other kinds."""
    kind = kind_of(project.kind)
    if not kind.completes_gold:
        return None
    return kind.completed(known, consensus_of(project.kind, _votes_of(fell), project.options), project.options)


def _votes_of(fell: Fell) -> list[Vote]:
    said = Counter({answer: votes for answer, votes in fell.items() if answer is not None})
    return [Vote(answer, TRUST) for answer in sorted(said.elements())]


def _crowd(project: Project, fell: Fell) -> str | None:
    """Most votes; two that have as many are both named. Other kinds have their own rule."""
    said = Counter({answer: votes for answer, votes in fell.items() if answer is not None})
    if kind_of(project.kind).most_votes_win:
        most = max(said.values(), default=0)
        return "|".join(sorted(answer for answer, votes in said.items() if votes == most)) or None
    return consensus_of(project.kind, _votes_of(fell), project.options).answer


def told_by_models(project: Project, packed: str | None, consensus: str | None) -> list[Value]:
    """Of each model its answer, its confidence, and whether it agrees with the consensus; of a form by question."""
    if not project.models:
        return []
    found = ai_from(packed)
    parts = parts_of(project.kind, project.options, found, () if consensus is None else (consensus,))
    return [cell for model in project.models for part in parts for cell in _of_model(part, model)]


def _of_model(of: Part, model: str) -> list[Value]:
    said = next((machine_answer for machine_answer in of.said if machine_answer.model == model), None)
    if said is None:
        return [None, None, None]
    agrees = of.kind.agree(said.answer, of.people_answers[0]) if of.people_answers else None
    return [of.kind.cell(said.answer), said.probability, agrees]
