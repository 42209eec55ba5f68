"""CreateHIT and CreateHITWithHITType: a task of the type's project, its money held, its places open."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.moments import SECOND, later
from domain.money.pricing import expected_seconds
from domain.money.stated_times import stated_seconds
from domain.mturk import hits
from domain.mturk.errors import HIT_EXISTS, INVALID, UNFIT, XML, RequestError
from domain.mturk.hits import Hit, HitType
from domain.mturk.ids import Kind
from domain.mturk.notifications import Event
from domain.mturk.questions import PageQuestion, QuestionForm
from domain.projects.expected_time import AWAY
from domain.projects.form_questions import packed, put_in_task
from domain.projects.tasks import WITHIN
from formats.addresses import is_page
from formats.mturk import question as questions
from formats.mturk.pages import visible
from formats.mturk.xml import Flaw
from services.act import Act
from services.mturk import hit_types, layouts, names, places
from services.mturk.hit_types import USUAL_APPROVAL, between, text
from services.mturk.policy_checks import LEVELS, check
from services.mturk.review_policies import may_extend
from storage.drivers.records import pack
from storage.mturk.hits import Kept

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
        act, type_, lifetime_in_seconds, max_assignments, asked, requester_annotation, policies, unique_request_token
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
    type_ = names.hit_type(act, hit_type_id)
    asked = _asked(act, question, hit_layout_id, hit_layout_parameters)
    policies = (assignment_review_policy, hit_review_policy)
    return _made(
        act, type_, lifetime_in_seconds, max_assignments, asked, requester_annotation, policies, unique_request_token
    )


def _check_token(act: Act, token: str) -> None:
    made = act.unit.turk_tokens.find(act.person.id, TOKEN, token) if token else None
    if made is not None:
        raise RequestError(HIT_EXISTS, f'The HIT with ID "{names.named(act, Kind.HIT, made)}" already exists.')


def _asked(act: Act, question: str, layout: str, parameters: Parts) -> str:
    """The Question's XML. Raises RequestError."""
    if bool(question) is bool(layout):
        raise RequestError(INVALID, "A HIT has either a Question or a HITLayoutId.")
    return layouts.filled(act, layout, parameters) if layout else question


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
        found = questions.read(xml)
    except Flaw as flaw:
        raise RequestError(
            XML, f"There was an error parsing the XML question or answer data in your request: {flaw}."
        ) from None
    if isinstance(found, PageQuestion) and found.url and not is_page(found.url):
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
    task = unit.hits.new_task(project.id, batch.id, pack(content), assignments, state)
    kept = Kept(xml, annotation, None, *(pack(each) if each else None for each in policies))
    number = unit.hits.add(act.person.id, type_.id, task, later(unit.now, lifetime * SECOND), kept)
    unit.turk_notifications.note(number, Event.CREATED)
    places.expect(act, project, may_extend(unit, number, assignments), seconds)
    if token:
        unit.turk_tokens.keep(act.person.id, TOKEN, token, number)
    places.offer(act, project, state)
    return unit.hits.get(number)


def content_of(asked: QuestionForm | PageQuestion, type_: HitType) -> tuple[dict[str, str], float]:
    """A task's content, and the seconds that an answer is expected to take: no less than title and description say."""
    content, seconds = _estimated(asked, type_)
    return content, max(seconds, stated_seconds(type_.shape.title, [type_.shape.description]))


def _estimated(asked: QuestionForm | PageQuestion, type_: HitType) -> tuple[dict[str, str], float]:
    kind, within = places.kind_of_programs(), {WITHIN: str(type_.shape.approval * SECOND)}
    if isinstance(asked, PageQuestion):
        text = visible(asked.html)[:LONGEST_READ]
        nothing = dict.fromkeys(("text", "image", "audio", "video"), "")
        seconds = expected_seconds([text], kind, packed(asked.asked)) + (AWAY["link"] if asked.url else 0)
        return {**nothing, **within, **put_in_task(asked.asked)}, seconds
    media: dict[str, list[str]] = {"image": [], "audio": [], "video": []}
    for column, address in asked.media:
        media[column].append(address)
    content = {"text": asked.text, **within, **put_in_task(asked.asked)}
    content |= {column: "\n".join(addresses) for column, addresses in media.items()}
    return content, expected_seconds([asked.text], kind, packed(asked.asked))
