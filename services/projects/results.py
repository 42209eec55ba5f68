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
from domain.projects.form_questions import FormPart, parts_of
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
from domain.refusals import BadInput, NoHub, NoSecretsKey, NotFound
from domain.work import positions
from domain.work.assignments import Submission, SubmissionId
from formats.result_columns import Value
from formats.writing import DATASHEET, FIGURES, FILES, HUB, formats_of
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
    """Return whether the words behind `/results N` ask for a push to the hub."""
    return form.split()[:1] == [PUSH]


def begin_push(act: Act, number: ProjectId, form: str) -> HubAsked:
    """Begin a push to the hub, from `push`, `push OWNER/NAME` or `push OWNER/NAME public`, and return the next
    question. A token behind it is repeated to nobody. Raise BadInput for an impossible name, NoHub if pushing is not
    installed."""
    words = without_token(form.partition(PUSH)[2])
    dataset = name_of(words) if words else ("", False)
    if dataset is None:
        raise BadInput(what="hub_name", value=words, expected=["OWNER/NAME"])
    return _ask_for_push(act, mine(act.unit, act.person, number), *dataset)


def ask_for_push(act: Act, number: ProjectId) -> HubAsked:
    """Begin a push to the hub by a button, and ask for the name of the data set."""
    return _ask_for_push(act, mine(act.unit, act.person, number))


def take_push_words(act: Act, fields: dict[str, Any], words: str) -> HubAsked | Reply:
    """Take the typed name of the data set, or the token, which is erased from the chat, right or wrong. With both
    known, store the push (token encrypted)."""
    project, name = mine(act.unit, act.person, ProjectId(fields["number"])), str(fields["name"])
    if not name and not is_meant_as_token(words):
        dataset = name_of(words)
        return _ask_for_push(act, project, *dataset) if dataset else _ask_for_push(act, project, again=True)
    public = bool(fields["public"])
    if not name or not is_token(words):
        return Reply(_ask_for_push(act, project, name, public, again=True), erases=True)
    begun = start_push(act, project.id, name, public, words)
    act.unit.drafts.drop(act.person.id)
    return Reply(begun, erases=True)


def start_push(act: Act, number: ProjectId, name: str, public: bool, token: str) -> HubBegun:
    """Store a push of the project's results to the data set OWNER/NAME, with the token encrypted. Raise BadInput for an
    impossible name or token, NoHub if pushing is not installed, NoSecretsKey if nothing can be encrypted, NotInTeam for
    a member who may only look."""
    project = mine(act.unit, act.person, number)
    if name_of(name) is None or not is_token(token):
        raise BadInput(what="hub_name", value=name, expected=["OWNER/NAME"])
    _check(act, project)
    sealed = act.house.encryption.encrypt(token.strip())
    act.unit.hub_pushes.add(project.id, act.person.id, name, public, sealed)
    if act.member is not None:
        act.unit.team_ties.set_push_member(project.id, act.member.id)
    act.unit.audit.note(act.person.id, "hub push", f"project:{project.id}", name=name)
    return HubBegun(project.title, name)


def _ask_for_push(act: Act, project: Project, name: str = "", public: bool = False, again: bool = False) -> HubAsked:
    _check(act, project)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"number": project.id, "name": name, "public": public}, act.unit.now)
    return HubAsked(project.id, project.title, name, public, again)


def _check(act: Act, project: Project) -> None:
    team_spending.require_right(act, Right.SPEND)  # who may only look may not publish
    if not act.house.hub:
        raise NoHub(number=project.id)
    if not act.house.encryption:
        raise NoSecretsKey()


def take_due_pushes(unit: UnitOfWork) -> list[HubPush]:
    """Return the pushes to run now; one that outlived the process TRIES times fails for good."""
    pushes = unit.hub_pushes.due(AT_ONCE)
    for push in pushes:
        unit.hub_pushes.try_once(push.project)
        if push.tries >= TRIES:
            fail_push(unit, push, "hub")
    return [push for push in pushes if push.tries < TRIES]


def fail_push(unit: UnitOfWork, push: HubPush, why: str) -> None:
    if unit.hub_pushes.end(push):
        project = unit.projects.get(push.project)
        unit.outbox.tell(push.requester, HubFailed(project.id, project.title, push.name, why))


def finish_push(unit: UnitOfWork, push: HubPush, url: str, public: bool) -> None:
    """Note where the data set is and tell the requester. The note also covers a push that was asked for anew meanwhile,
    so that a worker who takes answers back learns where they are."""
    project = unit.projects.get(push.project)
    for what in ("results", "submissions"):
        unit.consents.note_delivery(project.id, what, "huggingface")
    if unit.hub_pushes.end(push):
        unit.outbox.tell(push.requester, HubPushed(project.id, project.title, push.name, url, public))


RESULTS, SUBMISSIONS = "results", "submissions"
PAGE = 10  # answers; as many as an album holds


def order_results(act: Act, number: ProjectId, form: str) -> ProjectFile | HubAsked:
    """Order a file of results (one row a task), of the files handed in, of figures, a data sheet or a data set; or
    begin a push to the hub."""
    if is_push(form):
        return begin_push(act, number, form)
    return order_file(act, number, RESULTS, form)


def order_submissions(act: Act, number: ProjectId, form: str) -> ProjectFile:
    """Order a file with one row a submission."""
    return order_file(act, number, SUBMISSIONS, form)


def order_file(act: Act, number: ProjectId, what: str, form: str) -> ProjectFile:
    """Return the order of a file in this format; the file is made when it is sent. Raise BadInput for a format that the
    kind of answer does not have."""
    form = " ".join(form.lower().split())
    what = SUBMISSIONS if what == SUBMISSIONS else RESULTS
    project = mine(act.unit, act.person, number)
    kind = kind_of(project.kind)
    formats = formats_of(
        kind.answer_type(project.options), what == RESULTS, positions.find_label_columns(project) is not None
    )
    formats += list_extra_formats(project) if what == RESULTS else []
    if form not in formats:
        raise BadInput(what="format", value=form, expected=formats)
    _withdraw_unasked(act, project)
    shown_as, reader = kind.wants.value if kind.are_files else "", act.member.id if act.member else 0
    return ProjectFile(
        project.id,
        project.title,
        what=what,
        format=form,
        state=project.state.value,
        ordered=act.unit.now,
        shown_as=shown_as,
        to_hub=form == HUB and bool(act.house.hub),
        reader=reader,
    )


def list_extra_formats(project: Project) -> list[str]:
    """Return the formats of a project's results that are no tables."""
    kind = kind_of(project.kind)
    return [*([FILES] if kind.are_files else []), *([FIGURES] if kind.is_aggregated else []), DATASHEET, HUB]


def show_answers(act: Act, number: ProjectId, after: SubmissionId) -> AnswersShown:
    """Return a page of the photos or voice messages that count, behind the answer `after`. Raise NotFound if answers
    are no files."""
    project = mine(act.unit, act.person, number)
    kind = kind_of(project.kind)
    if not kind.are_files:
        raise NotFound(what="answer", name="")
    _withdraw_unasked(act, project)
    submissions = act.unit.answer_files.that_count(project.id, after, PAGE + 1)
    page = submissions[:PAGE]
    if page:
        act.unit.consents.note_delivery(project.id, "chat", "telegram")
    answers_shown = tuple(_to_picture(act.unit, project, submission) for submission in page)
    return AnswersShown(
        project.id,
        project.title,
        kind.wants is Wants.VOICE,
        answers_shown,
        page[-1].id if len(submissions) > PAGE else None,
    )


def _withdraw_unasked(act: Act, project: Project) -> None:
    """Withdraw the results that would come unasked after the end: the requester fetches them now."""
    if project.state in ENDED:
        key = results_key(project.id, project.launched_at)
        act.unit.outbox.withdraw(key_for(key, act.member.id) if act.member else key)


def _to_picture(unit: UnitOfWork, project: Project, answer: Submission) -> HandedIn:
    task = unit.tasks.get(answer.task)
    file = (answer.answer or "").split()[0]
    worker = pseudonym_for(unit, project.requester, answer.worker)
    return HandedIn(file, task.key, beginning_of(project, task), worker)


ALL = 1 << 62  # rows
TRUST = 0.8  # the accuracy of every vote alike: the crowd's answer without weights
CELLS = 4  # where the cells of a row of results begin, with its key
AnswerCounts = Counter[str | None]
NO_ANSWERS: AnswerCounts = Counter()


@dataclass(slots=True)
class ResultsPage:
    """Rows behind a cursor, so many at most; `last` is the cursor of the last one, once they were read."""

    after: int = 0
    limit: int = ALL
    last: int = 0
    rows: int = 0

    def note_rows(self, rows: Sequence[Row]) -> None:
        """Note the rows that were read: the cursor of the last one, and how many."""
        self.last, self.rows = rows[-1][0], self.rows + len(rows)


def with_votes(database: Database, project: Project) -> AsyncIterator[list[Row]]:
    """The rows of results (results_of), some at a time."""
    sql, values = results_of(database.dialect.name, project.columns)
    return database.chunks(sql, project=project.id, **values)


async def page_with_votes(database: Database, project: Project, page: ResultsPage) -> AsyncIterator[list[Row]]:
    """Yield the rows of results behind a position, some at a time, and note in `page` how far they came."""
    sql, values = results_of(database.dialect.name, project.columns, paged=True)
    async for chunk in database.chunks(sql, project=project.id, after=page.after, limit=page.limit, **values):
        page.note_rows(chunk)
        yield [row[1:] for row in chunk]


def answer_counts_of(packed_counts: str | None) -> AnswerCounts:
    """Return the number of votes by answer (None: “can't tell”) of a row's first cell."""
    return Counter(orjson.loads(packed_counts)) if packed_counts else NO_ANSWERS


def vote_columns_of(project: Project, answer_counts: AnswerCounts, gold: str | None) -> list[Value]:
    """Return the cells behind a row: gold answer, the crowd's answer, the number of “can't tell”, votes of each
    option."""
    crowd = _crowd_answer(project, answer_counts) if gold else None
    kind = kind_of(project.kind)
    return [
        gold and kind.to_cell(gold),
        crowd and kind.to_cell(crowd),
        answer_counts[None],
        *(kind.votes_for(option, answer_counts) for option in kind.list_voted_options(project.options)),
    ]


def completed_gold(project: Project, answer_counts: AnswerCounts, gold: str) -> Agreement | None:
    """Return the result of a gold task whose gold does not know everything, completed by the crowd; None for other
    kinds."""
    kind = kind_of(project.kind)
    if not kind.completes_gold:
        return None
    return kind.complete_gold_result(
        gold, consensus_of(project.kind, _votes_of(answer_counts), project.options), project.options
    )


def _votes_of(answer_counts: AnswerCounts) -> list[Vote]:
    opinions = Counter({answer: votes for answer, votes in answer_counts.items() if answer is not None})
    return [Vote(answer, TRUST) for answer in sorted(opinions.elements())]


def _crowd_answer(project: Project, answer_counts: AnswerCounts) -> str | None:
    """Return the answer with most votes, all of them joined by `|` in a tie; other kinds have their own rule."""
    opinions = Counter({answer: votes for answer, votes in answer_counts.items() if answer is not None})
    if kind_of(project.kind).most_votes_win:
        most = max(opinions.values(), default=0)
        return "|".join(sorted(answer for answer, votes in opinions.items() if votes == most)) or None
    return consensus_of(project.kind, _votes_of(answer_counts), project.options).answer


def model_columns_of(project: Project, packed: str | None, consensus: str | None) -> list[Value]:
    """Return for each model its answer, its confidence and whether it agrees with the consensus; of a form by
    question."""
    if not project.models:
        return []
    machine_answers = ai_from(packed)
    parts = parts_of(project.kind, project.options, machine_answers, () if consensus is None else (consensus,))
    return [cell for model in project.models for part in parts for cell in _cells_of_model(part, model)]


def _cells_of_model(part: FormPart, model: str) -> list[Value]:
    model_answer = next(
        (machine_answer for machine_answer in part.model_answers if machine_answer.model == model), None
    )
    if model_answer is None:
        return [None, None, None]
    agrees = part.kind.agree(model_answer.answer, part.people_answers[0]) if part.people_answers else None
    return [part.kind.to_cell(model_answer.answer), model_answer.probability, agrees]
