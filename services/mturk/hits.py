"""HITs: read, listed, expired, extended, reviewed, moved to another type, deleted."""

from domain.moments import Moment, later
from domain.mturk import hits as rules
from domain.mturk.errors import HIT_STATE, INCREASE, RANGE, REPEATED, RequestError
from domain.mturk.hits import Hit, HitStatus
from domain.mturk.ids import Kind
from domain.mturk.notifications import Event
from domain.mturk.pages import NEWEST, USUAL, Page
from domain.projects.projects import ProjectState
from services.act import Act
from services.mturk import names, places
from services.mturk.creating import askable, content_of, read_question
from services.mturk.review_policies import may_extend
from services.projects.lifecycle import end_if_done
from storage.drivers.records import pack
from storage.unit import UnitOfWork

AT_ONCE = 50  # HITs that a sweep closes in one transaction
MORE = "CreateAdditionalAssignmentsForHIT"


def get(act: Act, *, hit_id: str) -> Hit:
    """GetHIT."""
    return names.hit(act, hit_id)


def listed(act: Act, *, next_token: str = "", max_results: int = USUAL) -> Page[Hit]:
    """ListHITs: newest first, without deleted ones."""
    before = names.page_begins(act, Kind.HIT, next_token) or NEWEST
    return _page(act.unit.hits.page(act.person.id, before, max_results))


def reviewable(
    act: Act,
    *,
    hit_type_id: str = "",
    status: str = HitStatus.REVIEWABLE,
    next_token: str = "",
    max_results: int = USUAL,
) -> Page[Hit]:
    """ListReviewableHITs."""
    type_ = names.hit_type(act, hit_type_id).id if hit_type_id else None
    before = names.page_begins(act, Kind.HIT, next_token) or NEWEST
    reviewing = status == HitStatus.REVIEWING
    return _page(act.unit.hits.reviewable(act.person.id, type_, reviewing, before, max_results))


def _page(found: list[Hit]) -> Page[Hit]:
    return Page(found, found[-1].id if found else 0)


def expire(act: Act, *, hit_id: str, expire_at: Moment) -> None:
    """UpdateExpirationForHIT: at once where the moment is past; a later one opens what is left again."""
    found, now = _living(names.hit(act, hit_id)), act.unit.now
    ends = expire_at if expire_at > now else min(now, found.expires_at)  # programs say 0, or a day of 2015
    act.unit.hits.expire_at(found.id, ends)
    if ends <= now:
        close(act.unit, found)
        act.unit.turk_notifications.note(found.id, Event.EXPIRED)
    else:
        _reopen(act, act.unit.hits.get(found.id))


def extend(act: Act, *, hit_id: str, number_of_additional_assignments: int, unique_request_token: str = "") -> None:
    """CreateAdditionalAssignmentsForHIT."""
    found, more = names.hit(act, hit_id), number_of_additional_assignments
    if unique_request_token:
        if act.unit.turk_tokens.find(act.person.id, MORE, unique_request_token) is not None:
            raise RequestError(REPEATED, f"The request with ID {unique_request_token} was done already.")
        act.unit.turk_tokens.keep(act.person.id, MORE, unique_request_token, found.id)
    if not 1 <= more <= rules.MOST_ASSIGNMENTS - found.overlap:
        raise RequestError(RANGE, "NumberOfAdditionalAssignments is 1 or more, up to a MaxAssignments of 1000000000.")
    if found.overlap < rules.TEN <= found.overlap + more:
        raise RequestError(INCREASE, "A HIT with fewer than 10 assignments cannot be extended to 10 or more.")
    _living(found)
    act.unit.turk_notifications.note(found.id, Event.EXTENDED)
    freed = act.unit.hits.ask_more(found.task, more)
    waits, project = act.unit.tasks.get(found.task).state == "draft", act.unit.projects.get(found.project)
    if waits and project.state is ProjectState.DRAFT:
        places.await_look(act, project, more)
    elif freed or waits:  # for the step that opens it
        places.fund(act, places.running(act, project, _seconds(act, found)), more, _seconds(act, found))
        act.unit.people.unpark_for(project.id, found.task, 200)
    else:
        _reopen(act, act.unit.hits.get(found.id))


def _reopen(act: Act, found: Hit) -> None:
    """Places that nobody took are funded and given out again, until the HIT expires."""
    unit, task = act.unit, act.unit.tasks.lock(found.task)
    left = task.overlap - task.received - unit.assignments.live_on(task.id)
    if found.expires_at <= unit.now or left <= 0 or task.state == "draft" or unit.openings.has(task.id):
        return
    project, state = places.opened(act, unit.projects.get(found.project), left, _seconds(act, found))
    unit.hits.put_task(task.id, state)
    unit.hits.open(found.id, True)
    unit.hits.reviewing(found.id, False)
    if state == "draft":
        unit.hits.await_launch(task.id, left)
        return
    if task.state == "stopped" and task.received:
        unit.progress_counts.begun(project.id, -1)
    unit.openings.give_back(project.id, False, task.id, left)
    places.wake(unit, project)


def _seconds(act: Act, found: Hit) -> float:
    type_ = act.unit.hit_types.find(found.type)
    assert type_ is not None  # noqa: S101 - a HIT has one
    return content_of(askable(act, found.question), type_)[1]


def close(unit: UnitOfWork, found: Hit) -> None:
    """Nobody is given it any more; the money of its free places goes back. The tasks of a launch are held from its
    first moment on, and open one after the other."""
    unit.hits.open(found.id, False)
    task, project = unit.tasks.lock(found.task), unit.projects.get(found.project)
    if task.state not in ("open", "draft"):
        return
    free = task.overlap - task.received - unit.assignments.live_on(task.id)
    unit.openings.close(task.id)
    unit.hits.put_task(task.id, "stopped")
    if project.state is ProjectState.DRAFT:
        unit.hits.await_launch(task.id, -free)
        unit.api_keys.awaited -= free * project.cost_each
        return
    if task.received:
        unit.progress_counts.begun(project.id, 1)
    places.give_back(unit, project, free)
    end_if_done(unit, project)


def expire_due(unit: UnitOfWork) -> None:
    """The sweep."""
    for number in unit.hits.due(AT_ONCE):
        close(unit, unit.hits.get(number))
        unit.turk_notifications.note(number, Event.EXPIRED)
    for number in unit.hits.old(later(unit.now, -rules.KEPT), AT_ONCE):
        unit.hits.dispose(number)
        unit.turk_notifications.note(number, Event.DISPOSED)


def review(act: Act, *, hit_id: str, revert: bool = False) -> None:
    """UpdateHITReviewStatus: Reviewable ⇄ Reviewing."""
    found = names.hit(act, hit_id)
    needed = HitStatus.REVIEWING if revert else HitStatus.REVIEWABLE
    if found.status is not needed:
        raise _state(found, needed)
    act.unit.hits.reviewing(found.id, not revert)


def change_type(act: Act, *, hit_id: str, hit_type_id: str) -> None:
    """UpdateHITTypeOfHIT: what is still to be answered has the new type's terms."""
    found, type_ = _living(names.hit(act, hit_id)), names.hit_type(act, hit_type_id)
    if found.type == type_.id:
        return
    unit, task = act.unit, act.unit.tasks.lock(found.task)
    left = task.overlap - task.received - unit.assignments.live_on(task.id)
    if left <= 0:
        unit.hits.retype(found.id, type_.id)
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
    new = unit.hits.new_task(project.id, batch.id, pack(content), left, state)
    if state == "stopped":
        unit.hits.await_launch(new, -left)  # it is paid when it is prolonged
    unit.hits.move(found.id, type_.id, new)
    unit.hits.open(found.id, was_open)
    unit.hits.keep_out(project.id, new, found.task)
    places.expect(act, project, may_extend(unit, found.id, found.overlap), seconds, unit.projects.get(found.project))
    places.offer(act, project, state)


def delete(act: Act, *, hit_id: str) -> None:
    """DeleteHIT: once all of its answers are decided."""
    found = names.hit(act, hit_id)
    if found.status not in (HitStatus.REVIEWABLE, HitStatus.REVIEWING) or found.submitted:
        raise _state(found, HitStatus.REVIEWING, HitStatus.REVIEWABLE)
    close(act.unit, found)
    act.unit.hits.dispose(found.id)
    act.unit.turk_notifications.note(found.id, Event.DISPOSED)


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
