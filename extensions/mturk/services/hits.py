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
    HitPage,
    HitStatus,
    HitType,
    IdKind,
    RequestError,
)
from extensions.mturk.domain.notifications import HitEvent
from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats import question as questions
from extensions.mturk.formats.pages import get_visible_text
from extensions.mturk.services import hit_types, places
from extensions.mturk.services.hit_types import USUAL_APPROVAL, require_between, require_length
from extensions.mturk.services.review_policies import LEVELS, count_possible_extensions, require_valid_policy
from extensions.mturk.storage.hits import HitFacts, Hits, HitTypes, Tokens
from extensions.mturk.storage.notifications import TurkNotifications
from formats.question_forms import XmlFlaw
from formats.values import is_https_page
from services.act import Act
from services.projects.lifecycle import end_if_done
from storage.drivers.records import pack
from storage.unit import UnitOfWork

Parts = Sequence[Mapping[str, Any]]
Policy = Mapping[str, Any] | None
MAX_READ_CHARS = 2_500  # characters of a page, for the estimate of its time
CREATION_TOKEN = "CreateHIT"  # noqa: S105 - the name under which tokens of both operations are kept


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
    """CreateHIT: create a HIT; HITs of the same values are of one type. Raise RequestError."""
    _refuse_repeated_token(act, unique_request_token)
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
    question_xml = _get_question_xml(act, question, hit_layout_id, hit_layout_parameters)
    policies = (assignment_review_policy, hit_review_policy)
    return _create_hit(
        act,
        type_=type_,
        lifetime=lifetime_in_seconds,
        assignments=max_assignments,
        xml=question_xml,
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
    """CreateHITWithHITType: create a HIT of an existing type. Raise RequestError."""
    _refuse_repeated_token(act, unique_request_token)
    type_ = hit_types.get_own_type(act, hit_type_id)
    question_xml = _get_question_xml(act, question, hit_layout_id, hit_layout_parameters)
    policies = (assignment_review_policy, hit_review_policy)
    return _create_hit(
        act,
        type_=type_,
        lifetime=lifetime_in_seconds,
        assignments=max_assignments,
        xml=question_xml,
        annotation=requester_annotation,
        policies=policies,
        token=unique_request_token,
    )


def _refuse_repeated_token(act: Act, token: str) -> None:
    """Raise RequestError if this requester created a HIT with this token before."""
    hit_number = act.unit.records(Tokens).find(act.person.id, CREATION_TOKEN, token) if token else None
    if hit_number is not None:
        raise RequestError(
            HIT_EXISTS, f'The HIT with ID "{hit_types.to_public_id(act, IdKind.HIT, hit_number)}" already exists.'
        )


def _get_question_xml(act: Act, question: str, layout: str, parameters: Parts) -> str:
    """Return the Question's XML, from the request or a layout. Raise RequestError unless exactly one is given."""
    if bool(question) is bool(layout):
        raise RequestError(INVALID, "A HIT has either a Question or a HITLayoutId.")
    return hit_types.fill_layout(act, layout, parameters) if layout else question


def read_askable_question(act: Act, xml: str) -> QuestionForm | PageQuestion:
    """Return the parsed question. Raise RequestError for a page if pages have no public address here."""
    parsed_question = read_question(xml)
    if isinstance(parsed_question, PageQuestion) and not act.house.pages:
        raise RequestError(
            INVALID,
            "HTMLQuestion and ExternalQuestion open as a Mini App, which needs PUBLIC_URL, the https address of this"
            " house, to be set. A QuestionForm is asked in the chat.",
        )
    return parsed_question


def read_question(xml: str) -> QuestionForm | PageQuestion:
    """Return the parsed question. Raise RequestError with the line or the address that cannot be used."""
    try:
        parsed_question = questions.read_question(xml)
    except XmlFlaw as flaw:
        raise RequestError(
            XML, f"There was an error parsing the XML question or answer data in your request: {flaw}."
        ) from None
    if isinstance(parsed_question, PageQuestion) and parsed_question.url and not is_https_page(parsed_question.url):
        expectation = "It is an https address with the name of a host."
        raise RequestError(
            UNFIT, f'The value "{parsed_question.url}" is not valid for the parameter ExternalURL. {expectation}'
        )
    return parsed_question


def _create_hit(
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
        require_valid_policy(policy, level)
    require_between(lifetime, hits.SHORTEST_TIME, hits.LONGEST_TIME, "LifetimeInSeconds")
    require_between(assignments, 1, hits.MOST_ASSIGNMENTS, "MaxAssignments")
    require_length(annotation or "", 0, hits.ANNOTATION, "RequesterAnnotation")
    unit, content, seconds = act.unit, *describe_task(read_askable_question(act, xml), type_)
    project = places.get_project_for_new_hits(act, type_)
    places.require_wage_floor(act, act.person, project, seconds)
    project, state = places.open_places(act, project, assignments, seconds)
    batch = unit.batches.of_project(project.id)[0]
    task = unit.records(Hits).add_task(project.id, batch.id, pack(content), assignments, state)
    assignment_policy, hit_policy = (pack(policy) if policy else None for policy in policies)
    hit_facts = HitFacts(xml, annotation, None, assignment_policy, hit_policy)
    number = unit.records(Hits).add(act.person.id, type_.id, task, later(unit.now, lifetime * SECOND), hit_facts)
    unit.records(TurkNotifications).add_event(number, HitEvent.CREATED)
    places.count_places_of_policies(act, project, count_possible_extensions(unit, number, assignments), seconds)
    if token:
        unit.records(Tokens).save(act.person.id, CREATION_TOKEN, token, number)
    places.announce_task(act, project, state)
    return unit.records(Hits).get(number)


def describe_task(question: QuestionForm | PageQuestion, type_: HitType) -> tuple[dict[str, str], float]:
    """Return a task's content, and the seconds that an answer is expected to take: no less than title and description
    say."""
    content, seconds = _estimate_seconds(question, type_)
    return content, max(seconds, stated_seconds(type_.shape.title, [type_.shape.description]))


def _estimate_seconds(question: QuestionForm | PageQuestion, type_: HitType) -> tuple[dict[str, str], float]:
    kind, within = places.get_program_kind(), {WITHIN: str(type_.shape.approval * SECOND)}
    if isinstance(question, PageQuestion):
        text = get_visible_text(question.html)[:MAX_READ_CHARS]
        nothing = dict.fromkeys(("text", "image", "audio", "video"), "")
        seconds = expected_seconds([text], kind, pack_questions(question.form_questions)) + (
            AWAY["link"] if question.url else 0
        )
        return {**nothing, **within, **put_in_task(question.form_questions)}, seconds
    media: dict[str, list[str]] = {"image": [], "audio": [], "video": []}
    for column, address in question.media:
        media[column].append(address)
    content = {"text": question.text, **within, **put_in_task(question.form_questions)}
    content |= {column: "\n".join(addresses) for column, addresses in media.items()}
    return content, expected_seconds([question.text], kind, pack_questions(question.form_questions))


HITS_PER_SWEEP = 50  # HITs that a sweep closes in one transaction
EXTENSION_TOKEN = "CreateAdditionalAssignmentsForHIT"  # noqa: S105 - a name of tokens, not one of them


def get(act: Act, *, hit_id: str) -> Hit:
    """GetHIT: return the HIT. Raise RequestError if it is not this requester's."""
    return hit_types.get_own_hit(act, hit_id)


def list_hits(act: Act, *, next_token: str = "", max_results: int = USUAL) -> HitPage[Hit]:
    """ListHITs: return a page of this requester's HITs, newest first, without deleted ones."""
    before = hit_types.get_page_start(act, IdKind.HIT, next_token) or NEWEST
    return _to_page(act.unit.records(Hits).page(act.person.id, before, max_results))


def list_reviewable(
    act: Act,
    *,
    hit_type_id: str = "",
    status: str = HitStatus.REVIEWABLE,
    next_token: str = "",
    max_results: int = USUAL,
) -> HitPage[Hit]:
    """ListReviewableHITs: return a page of this requester's HITs that are reviewable or being reviewed."""
    type_ = hit_types.get_own_type(act, hit_type_id).id if hit_type_id else None
    before = hit_types.get_page_start(act, IdKind.HIT, next_token) or NEWEST
    reviewing = status == HitStatus.REVIEWING
    return _to_page(act.unit.records(Hits).list_reviewable(act.person.id, type_, reviewing, before, max_results))


def _to_page(rows: list[Hit]) -> HitPage[Hit]:
    return HitPage(rows, rows[-1].id if rows else 0)


def expire(act: Act, *, hit_id: str, expire_at: Moment) -> None:
    """UpdateExpirationForHIT: close the HIT at once if the moment is past; a later one opens its free places again."""
    hit, now = _require_not_disposed(hit_types.get_own_hit(act, hit_id)), act.unit.now
    ends = expire_at if expire_at > now else min(now, hit.expires_at)  # programs say 0, or a day of 2015
    act.unit.records(Hits).expire_at(hit.id, ends)
    if ends <= now:
        close_hit(act.unit, hit)
        act.unit.records(TurkNotifications).add_event(hit.id, HitEvent.EXPIRED)
    else:
        _reopen_free_places(act, act.unit.records(Hits).get(hit.id))


def extend(act: Act, *, hit_id: str, number_of_additional_assignments: int, unique_request_token: str = "") -> None:
    """CreateAdditionalAssignmentsForHIT: ask for more answers and fund them. Raise RequestError for a repeated token, a
    HIT that was deleted, and numbers that Amazon refuses."""
    hit, additional = hit_types.get_own_hit(act, hit_id), number_of_additional_assignments
    if unique_request_token:
        if act.unit.records(Tokens).find(act.person.id, EXTENSION_TOKEN, unique_request_token) is not None:
            raise RequestError(REPEATED, f"The request with ID {unique_request_token} was done already.")
        act.unit.records(Tokens).save(act.person.id, EXTENSION_TOKEN, unique_request_token, hit.id)
    if not 1 <= additional <= hits.MOST_ASSIGNMENTS - hit.overlap:
        raise RequestError(RANGE, "NumberOfAdditionalAssignments is 1 or more, up to a MaxAssignments of 1000000000.")
    if hit.overlap < hits.TEN <= hit.overlap + additional:
        raise RequestError(INCREASE, "A HIT with fewer than 10 assignments cannot be extended to 10 or more.")
    _require_not_disposed(hit)
    act.unit.records(TurkNotifications).add_event(hit.id, HitEvent.EXTENDED)
    freed = act.unit.records(Hits).raise_overlap(hit.task, additional)
    waits, project = act.unit.tasks.get(hit.task).state == "draft", act.unit.projects.get(hit.project)
    if waits and project.state is ProjectState.DRAFT:
        places.await_first_look(act, project, additional)
    elif freed or waits:  # for the step that opens it
        places.fund_places(
            act,
            places.start_or_resume(act, project, _get_expected_seconds(act, hit)),
            additional,
            _get_expected_seconds(act, hit),
        )
        act.unit.people.unpark_for(project.id, hit.task, 200)
    else:
        _reopen_free_places(act, act.unit.records(Hits).get(hit.id))


def _reopen_free_places(act: Act, hit: Hit) -> None:
    """Fund places that nobody took and give them out again, until the HIT expires; do nothing if there are none."""
    unit, task = act.unit, act.unit.tasks.lock(hit.task)
    free_places = task.overlap - task.received - unit.assignments.live_on(task.id)
    if hit.expires_at <= unit.now or free_places <= 0 or task.state == "draft" or unit.openings.has(task.id):
        return
    project, state = places.open_places(
        act, unit.projects.get(hit.project), free_places, _get_expected_seconds(act, hit)
    )
    unit.records(Hits).set_task_state(task.id, state)
    unit.records(Hits).set_open(hit.id, True)
    unit.records(Hits).set_reviewing(hit.id, False)
    if state == "draft":
        unit.records(Hits).change_awaited_places(task.id, free_places)
        return
    if task.state == "stopped" and task.received:
        unit.progress_counts.begun(project.id, -1)
    unit.openings.give_back(project.id, False, task.id, free_places)
    places.wake_workers(unit, project)


def _get_expected_seconds(act: Act, hit: Hit) -> float:
    type_ = act.unit.records(HitTypes).find(hit.type)
    assert type_ is not None  # noqa: S101 - a HIT has one
    return describe_task(read_askable_question(act, hit.question), type_)[1]


def close_hit(unit: UnitOfWork, hit: Hit) -> None:
    """Give the HIT to no further worker and return the money of its free places. The tasks of a launch are held from
    its first moment on, and open one after the other."""
    unit.records(Hits).set_open(hit.id, False)
    task, project = unit.tasks.lock(hit.task), unit.projects.get(hit.project)
    if task.state not in ("open", "draft"):
        return
    free = task.overlap - task.received - unit.assignments.live_on(task.id)
    unit.openings.close(task.id)
    unit.records(Hits).set_task_state(task.id, "stopped")
    if project.state is ProjectState.DRAFT:
        unit.records(Hits).change_awaited_places(task.id, -free)
        unit.api_keys.awaited -= free * project.cost_each
        return
    if task.received:
        unit.progress_counts.begun(project.id, 1)
    places.return_place_money(unit, project, free)
    end_if_done(unit, project)


def expire_due_hits(unit: UnitOfWork) -> None:
    """Close HITs whose time is up and delete those that ended long ago, some at a time: a sweep."""
    for number in unit.records(Hits).list_due(HITS_PER_SWEEP):
        close_hit(unit, unit.records(Hits).get(number))
        unit.records(TurkNotifications).add_event(number, HitEvent.EXPIRED)
    for number in unit.records(Hits).list_ended(later(unit.now, -hits.KEPT), HITS_PER_SWEEP):
        unit.records(Hits).dispose(number)
        unit.records(TurkNotifications).add_event(number, HitEvent.DISPOSED)


def change_review_status(act: Act, *, hit_id: str, revert: bool = False) -> None:
    """UpdateHITReviewStatus: mark a HIT as being reviewed, or as reviewable again. Raise RequestError in any other
    state."""
    hit = hit_types.get_own_hit(act, hit_id)
    needed = HitStatus.REVIEWING if revert else HitStatus.REVIEWABLE
    if hit.status is not needed:
        raise _to_state_error(hit, needed)
    act.unit.records(Hits).set_reviewing(hit.id, not revert)


def change_type(act: Act, *, hit_id: str, hit_type_id: str) -> None:
    """UpdateHITTypeOfHIT: give the places that are still to be answered the new type's terms."""
    hit, type_ = _require_not_disposed(hit_types.get_own_hit(act, hit_id)), hit_types.get_own_type(act, hit_type_id)
    if hit.type == type_.id:
        return
    unit, task = act.unit, act.unit.tasks.lock(hit.task)
    open_places = task.overlap - task.received - unit.assignments.live_on(task.id)
    if open_places <= 0:
        unit.records(Hits).set_type(hit.id, type_.id)
        return
    was_open = hit.open and hit.expires_at > unit.now
    close_hit(unit, hit)
    content, seconds = describe_task(read_question(hit.question), type_)
    project = places.get_project_for_new_hits(act, type_)
    places.require_wage_floor(act, act.person, project, seconds)
    project, state = places.open_places(act, project, open_places, seconds) if was_open else (project, "stopped")
    batch = unit.batches.of_project(project.id)[0]
    task_id = unit.records(Hits).add_task(project.id, batch.id, pack(content), open_places, state)
    if state == "stopped":
        unit.records(Hits).change_awaited_places(task_id, -open_places)  # it is paid when it is prolonged
    unit.records(Hits).move(hit.id, type_.id, task_id)
    unit.records(Hits).set_open(hit.id, was_open)
    unit.records(Hits).keep_out(project.id, task_id, hit.task)
    extensions = count_possible_extensions(unit, hit.id, hit.overlap)
    places.count_places_of_policies(act, project, extensions, seconds, unit.projects.get(hit.project))
    places.announce_task(act, project, state)


def delete(act: Act, *, hit_id: str) -> None:
    """DeleteHIT: delete a HIT once all of its answers are decided. Raise RequestError before."""
    hit = hit_types.get_own_hit(act, hit_id)
    if hit.status not in (HitStatus.REVIEWABLE, HitStatus.REVIEWING) or hit.submitted:
        raise _to_state_error(hit, HitStatus.REVIEWING, HitStatus.REVIEWABLE)
    close_hit(act.unit, hit)
    act.unit.records(Hits).dispose(hit.id)
    act.unit.records(TurkNotifications).add_event(hit.id, HitEvent.DISPOSED)


def _require_not_disposed(hit: Hit) -> Hit:
    if hit.status is HitStatus.DISPOSED:
        raise _to_state_error(
            hit, HitStatus.ASSIGNABLE, HitStatus.UNASSIGNABLE, HitStatus.REVIEWABLE, HitStatus.REVIEWING
        )
    return hit


def _to_state_error(hit: Hit, *needed: HitStatus) -> RequestError:
    """Return the refusal of a HIT in the wrong state; programs match its text."""
    accepted = ", ".join(needed)
    message = f"This HIT is currently in the state '{hit.status}'."
    message += f" This operation can be called with a status of: {accepted}"
    if hit.submitted and hit.status is HitStatus.REVIEWABLE:
        message += ". All of its submitted assignments must be decided first."
    return RequestError(HIT_STATE, message)
