"""HITs: read, listed, expired, extended, reviewed, moved to another type, deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.moments import SECOND, Moment, later
from domain.money.pricing import expected_seconds, stated_seconds
from domain.people.question_forms import QuestionForm
from domain.projects.form_questions import pack_questions, put_in_task
from domain.projects.progress import AWAY
from domain.projects.projects import ProjectState
from domain.projects.tasks import WITHIN
from extensions.mturk.domain import hits
from extensions.mturk.domain.hits import (
    HIT_EXISTS,
    HIT_STATE,
    INCREASE,
    INVALID,
    NEWEST,
    RANGE,
    REPEATED,
    UNFIT,
    USUAL,
    XML,
    Hit,
    HitStatus,
    HitType,
    Kind,
    Page,
    RequestError,
)
from extensions.mturk.domain.notifications import Event
from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats import question as questions
from extensions.mturk.formats.pages import visible
from extensions.mturk.services import hit_types, places
from extensions.mturk.services.hit_types import USUAL_APPROVAL, between, text
from extensions.mturk.services.review_policies import LEVELS, check, may_extend
from extensions.mturk.storage.hits import Hits, HitTypes, Kept, Tokens
from extensions.mturk.storage.notifications import TurkNotifications
from formats.question_forms import Flaw
from formats.values import is_https_page
from services.act import Act
from services.projects.lifecycle import end_if_done
from storage.drivers.records import pack
from storage.unit import UnitOfWork

Parts = Sequence[Mapping[str, Any]]
Policy = Mapping[str, Any] | None
LONGEST_READ = 2_500  # characters of a page, for the estimate of its time
TOKEN = "CreateHIT"  # noqa: S105 - the name under which tokens of both operations are kept


def create(
    act: Act,
    *,
    lifetime_in_seconds: int,
    assignment_duration_in_seconds: int,
    reward: str,
    title: str,
    description: str,
    max_assignments: int = 1,
    auto_approval_delay_in_seconds: int = USUAL_APPROVAL,
    keywords: str = "",
    question: str = "",
    requester_annotation: str | None = None,
    qualification_requirements: Parts = (),
    unique_request_token: str = "",
    assignment_review_policy: Policy = None,
    hit_review_policy: Policy = None,
    hit_layout_id: str = "",
    hit_layout_parameters: Parts = (),
) -> Hit:
    """CreateHIT: HITs of the same values are of one type."""
    _check_token(act, unique_request_token)
    type_ = hit_types.create(
        act,
        assignment_duration_in_seconds=assignment_duration_in_seconds,
        reward=reward,
        title=title,
        description=description,
        keywords=keywords,
        auto_approval_delay_in_seconds=auto_approval_delay_in_seconds,
        qualification_requirements=qualification_requirements,
    )
    asked = _asked(act, question, hit_layout_id, hit_layout_parameters)
    policies = (assignment_review_policy, hit_review_policy)
    return _made(
        act,
        type_=type_,
        lifetime=lifetime_in_seconds,
        assignments=max_assignments,
        xml=asked,
        annotation=requester_annotation,
        policies=policies,
        token=unique_request_token,
    )


def create_with_type(
    act: Act,
    *,
    hit_type_id: str,
    lifetime_in_seconds: int,
    max_assignments: int = 1,
    question: str = "",
    requester_annotation: str | None = None,
    unique_request_token: str = "",
    assignment_review_policy: Policy = None,
    hit_review_policy: Policy = None,
    hit_layout_id: str = "",
    hit_layout_parameters: Parts = (),
) -> Hit:
    """CreateHITWithHITType."""
    _check_token(act, unique_request_token)
    type_ = hit_types.hit_type(act, hit_type_id)
    asked = _asked(act, question, hit_layout_id, hit_layout_parameters)
    policies = (assignment_review_policy, hit_review_policy)
    return _made(
        act,
        type_=type_,
        lifetime=lifetime_in_seconds,
        assignments=max_assignments,
        xml=asked,
        annotation=requester_annotation,
        policies=policies,
        token=unique_request_token,
    )


def _check_token(act: Act, token: str) -> None:
    made = act.unit.records(Tokens).find(act.person.id, TOKEN, token) if token else None
    if made is not None:
        raise RequestError(HIT_EXISTS, f'The HIT with ID "{hit_types.named(act, Kind.HIT, made)}" already exists.')


def _asked(act: Act, question: str, layout: str, parameters: Parts) -> str:
    """The Question's XML. Raises RequestError."""
    if bool(question) is bool(layout):
        raise RequestError(INVALID, "A HIT has either a Question or a HITLayoutId.")
    return hit_types.filled(act, layout, parameters) if layout else question


def askable(act: Act, xml: str) -> QuestionForm | PageQuestion:
    """Raises RequestError for a page in a house that has no address for pages."""
    asked = read_question(xml)
    if isinstance(asked, PageQuestion) and not act.house.pages:
        raise RequestError(
            INVALID,
            "HTMLQuestion and ExternalQuestion open as a Mini App, which needs PUBLIC_URL, the https address of this"
            " house, to be set. A QuestionForm is asked in the chat.",
        )
    return asked


def read_question(xml: str) -> QuestionForm | PageQuestion:
    """Raises RequestError with the line or the address that cannot be used."""
    try:
        found = questions.read_question(xml)
    except Flaw as flaw:
        raise RequestError(
            XML, f"There was an error parsing the XML question or answer data in your request: {flaw}."
        ) from None
    if isinstance(found, PageQuestion) and found.url and not is_https_page(found.url):
        wanted = "It is an https address with the name of a host."
        raise RequestError(UNFIT, f'The value "{found.url}" is not valid for the parameter ExternalURL. {wanted}')
    return found


def _made(
    act: Act,
    type_: HitType,
    lifetime: int,
    assignments: int,
    xml: str,
    annotation: str | None,
    policies: tuple[Policy, Policy],
    token: str,
) -> Hit:
    for policy, level in zip(policies, LEVELS, strict=True):
        check(policy, level)
    between(lifetime, hits.SHORTEST_TIME, hits.LONGEST_TIME, "LifetimeInSeconds")
    between(assignments, 1, hits.MOST_ASSIGNMENTS, "MaxAssignments")
    text(annotation or "", 0, hits.ANNOTATION, "RequesterAnnotation")
    unit, content, seconds = act.unit, *content_of(askable(act, xml), type_)
    project = places.project_of(act, type_)
    places.check_pay(act, act.person, project, seconds)
    project, state = places.opened(act, project, assignments, seconds)
    batch = unit.batches.of_project(project.id)[0]
    task = unit.records(Hits).new_task(project.id, batch.id, pack(content), assignments, state)
    kept = Kept(xml, annotation, None, *(pack(each) if each else None for each in policies))
    number = unit.records(Hits).add(act.person.id, type_.id, task, later(unit.now, lifetime * SECOND), kept)
    unit.records(TurkNotifications).note(number, Event.CREATED)
    places.expect(act, project, may_extend(unit, number, assignments), seconds)
    if token:
        unit.records(Tokens).keep(act.person.id, TOKEN, token, number)
    places.offer(act, project, state)
    return unit.records(Hits).get(number)


def content_of(asked: QuestionForm | PageQuestion, type_: HitType) -> tuple[dict[str, str], float]:
    """A task's content, and the seconds that an answer is expected to take: no less than title and description say."""
    content, seconds = _estimated(asked, type_)
    return content, max(seconds, stated_seconds(type_.shape.title, [type_.shape.description]))


def _estimated(asked: QuestionForm | PageQuestion, type_: HitType) -> tuple[dict[str, str], float]:
    kind, within = places.kind_of_programs(), {WITHIN: str(type_.shape.approval * SECOND)}
    if isinstance(asked, PageQuestion):
        text = visible(asked.html)[:LONGEST_READ]
        nothing = dict.fromkeys(("text", "image", "audio", "video"), "")
        seconds = expected_seconds([text], kind, pack_questions(asked.asked)) + (AWAY["link"] if asked.url else 0)
        return {**nothing, **within, **put_in_task(asked.asked)}, seconds
    media: dict[str, list[str]] = {"image": [], "audio": [], "video": []}
    for column, address in asked.media:
        media[column].append(address)
    content = {"text": asked.text, **within, **put_in_task(asked.asked)}
    content |= {column: "\n".join(addresses) for column, addresses in media.items()}
    return content, expected_seconds([asked.text], kind, pack_questions(asked.asked))


AT_ONCE = 50  # HITs that a sweep closes in one transaction
MORE = "CreateAdditionalAssignmentsForHIT"


def get(act: Act, *, hit_id: str) -> Hit:
    """GetHIT."""
    return hit_types.hit(act, hit_id)


def listed(act: Act, *, next_token: str = "", max_results: int = USUAL) -> Page[Hit]:
    """ListHITs: newest first, without deleted ones."""
    before = hit_types.page_begins(act, Kind.HIT, next_token) or NEWEST
    return _page(act.unit.records(Hits).page(act.person.id, before, max_results))


def reviewable(
    act: Act,
    *,
    hit_type_id: str = "",
    status: str = HitStatus.REVIEWABLE,
    next_token: str = "",
    max_results: int = USUAL,
) -> Page[Hit]:
    """ListReviewableHITs."""
    type_ = hit_types.hit_type(act, hit_type_id).id if hit_type_id else None
    before = hit_types.page_begins(act, Kind.HIT, next_token) or NEWEST
    reviewing = status == HitStatus.REVIEWING
    return _page(act.unit.records(Hits).reviewable(act.person.id, type_, reviewing, before, max_results))


def _page(found: list[Hit]) -> Page[Hit]:
    return Page(found, found[-1].id if found else 0)


def expire(act: Act, *, hit_id: str, expire_at: Moment) -> None:
    """UpdateExpirationForHIT: at once where the moment is past; a later one opens what is left again."""
    found, now = _living(hit_types.hit(act, hit_id)), act.unit.now
    ends = expire_at if expire_at > now else min(now, found.expires_at)  # programs say 0, or a day of 2015
    act.unit.records(Hits).expire_at(found.id, ends)
    if ends <= now:
        close(act.unit, found)
        act.unit.records(TurkNotifications).note(found.id, Event.EXPIRED)
    else:
        _reopen(act, act.unit.records(Hits).get(found.id))


def extend(act: Act, *, hit_id: str, number_of_additional_assignments: int, unique_request_token: str = "") -> None:
    """CreateAdditionalAssignmentsForHIT."""
    found, more = hit_types.hit(act, hit_id), number_of_additional_assignments
    if unique_request_token:
        if act.unit.records(Tokens).find(act.person.id, MORE, unique_request_token) is not None:
            raise RequestError(REPEATED, f"The request with ID {unique_request_token} was done already.")
        act.unit.records(Tokens).keep(act.person.id, MORE, unique_request_token, found.id)
    if not 1 <= more <= hits.MOST_ASSIGNMENTS - found.overlap:
        raise RequestError(RANGE, "NumberOfAdditionalAssignments is 1 or more, up to a MaxAssignments of 1000000000.")
    if found.overlap < hits.TEN <= found.overlap + more:
        raise RequestError(INCREASE, "A HIT with fewer than 10 assignments cannot be extended to 10 or more.")
    _living(found)
    act.unit.records(TurkNotifications).note(found.id, Event.EXTENDED)
    freed = act.unit.records(Hits).ask_more(found.task, more)
    waits, project = act.unit.tasks.get(found.task).state == "draft", act.unit.projects.get(found.project)
    if waits and project.state is ProjectState.DRAFT:
        places.await_look(act, project, more)
    elif freed or waits:  # for the step that opens it
        places.fund(act, places.running(act, project, _seconds(act, found)), more, _seconds(act, found))
        act.unit.people.unpark_for(project.id, found.task, 200)
    else:
        _reopen(act, act.unit.records(Hits).get(found.id))


def _reopen(act: Act, found: Hit) -> None:
    """Places that nobody took are funded and given out again, until the HIT expires."""
    unit, task = act.unit, act.unit.tasks.lock(found.task)
    left = task.overlap - task.received - unit.assignments.live_on(task.id)
    if found.expires_at <= unit.now or left <= 0 or task.state == "draft" or unit.openings.has(task.id):
        return
    project, state = places.opened(act, unit.projects.get(found.project), left, _seconds(act, found))
    unit.records(Hits).put_task(task.id, state)
    unit.records(Hits).open(found.id, True)
    unit.records(Hits).reviewing(found.id, False)
    if state == "draft":
        unit.records(Hits).await_launch(task.id, left)
        return
    if task.state == "stopped" and task.received:
        unit.progress_counts.begun(project.id, -1)
    unit.openings.give_back(project.id, False, task.id, left)
    places.wake(unit, project)


def _seconds(act: Act, found: Hit) -> float:
    type_ = act.unit.records(HitTypes).find(found.type)
    assert type_ is not None  # noqa: S101 - a HIT has one
    return content_of(askable(act, found.question), type_)[1]


def close(unit: UnitOfWork, found: Hit) -> None:
    """Nobody is given it any more; the money of its free places goes back. The tasks of a launch are held from its
    first moment on, and open one after the other."""
    unit.records(Hits).open(found.id, False)
    task, project = unit.tasks.lock(found.task), unit.projects.get(found.project)
    if task.state not in ("open", "draft"):
        return
    free = task.overlap - task.received - unit.assignments.live_on(task.id)
    unit.openings.close(task.id)
    unit.records(Hits).put_task(task.id, "stopped")
    if project.state is ProjectState.DRAFT:
        unit.records(Hits).await_launch(task.id, -free)
        unit.api_keys.awaited -= free * project.cost_each
        return
    if task.received:
        unit.progress_counts.begun(project.id, 1)
    places.give_back(unit, project, free)
    end_if_done(unit, project)


def expire_due(unit: UnitOfWork) -> None:
    """The sweep."""
    for number in unit.records(Hits).due(AT_ONCE):
        close(unit, unit.records(Hits).get(number))
        unit.records(TurkNotifications).note(number, Event.EXPIRED)
    for number in unit.records(Hits).old(later(unit.now, -hits.KEPT), AT_ONCE):
        unit.records(Hits).dispose(number)
        unit.records(TurkNotifications).note(number, Event.DISPOSED)


def review(act: Act, *, hit_id: str, revert: bool = False) -> None:
    """UpdateHITReviewStatus: Reviewable ⇄ Reviewing."""
    found = hit_types.hit(act, hit_id)
    needed = HitStatus.REVIEWING if revert else HitStatus.REVIEWABLE
    if found.status is not needed:
        raise _state(found, needed)
    act.unit.records(Hits).reviewing(found.id, not revert)


def change_type(act: Act, *, hit_id: str, hit_type_id: str) -> None:
    """UpdateHITTypeOfHIT: what is still to be answered has the new type's terms."""
    found, type_ = _living(hit_types.hit(act, hit_id)), hit_types.hit_type(act, hit_type_id)
    if found.type == type_.id:
        return
    unit, task = act.unit, act.unit.tasks.lock(found.task)
    left = task.overlap - task.received - unit.assignments.live_on(task.id)
    if left <= 0:
        unit.records(Hits).retype(found.id, type_.id)
        return
    was_open = found.open and found.expires_at > unit.now
    close(unit, found)
    content, seconds = content_of(read_question(found.question), type_)
    project = places.project_of(act, type_)
    places.check_pay(act, act.person, project, seconds)
    state = "stopped"
    if was_open:
        project, state = places.opened(act, project, left, seconds)
    batch = unit.batches.of_project(project.id)[0]
    new = unit.records(Hits).new_task(project.id, batch.id, pack(content), left, state)
    if state == "stopped":
        unit.records(Hits).await_launch(new, -left)  # it is paid when it is prolonged
    unit.records(Hits).move(found.id, type_.id, new)
    unit.records(Hits).open(found.id, was_open)
    unit.records(Hits).keep_out(project.id, new, found.task)
    places.expect(act, project, may_extend(unit, found.id, found.overlap), seconds, unit.projects.get(found.project))
    places.offer(act, project, state)


def delete(act: Act, *, hit_id: str) -> None:
    """DeleteHIT: once all of its answers are decided."""
    found = hit_types.hit(act, hit_id)
    if found.status not in (HitStatus.REVIEWABLE, HitStatus.REVIEWING) or found.submitted:
        raise _state(found, HitStatus.REVIEWING, HitStatus.REVIEWABLE)
    close(act.unit, found)
    act.unit.records(Hits).dispose(found.id)
    act.unit.records(TurkNotifications).note(found.id, Event.DISPOSED)


def _living(found: Hit) -> Hit:
    if found.status is HitStatus.DISPOSED:
        raise _state(found, HitStatus.ASSIGNABLE, HitStatus.UNASSIGNABLE, HitStatus.REVIEWABLE, HitStatus.REVIEWING)
    return found


def _state(found: Hit, *needed: HitStatus) -> RequestError:
    """The text is matched by programs."""
    wanted = ", ".join(needed)
    said = (
        f"This HIT is currently in the state '{found.status}'. This operation can be called with a status of: {wanted}"
    )
    if found.submitted and found.status is HitStatus.REVIEWABLE:
        said += ". All of its submitted assignments must be decided first."
    return RequestError(HIT_STATE, said)
