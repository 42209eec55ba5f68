"""Once a day, in the morning of their zone, requesters hear how their projects went; a button ends it."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.push_hours import next_at
from domain.people.teams import OWN, Hears, TeamNumber, is_team, number_of
from domain.projects.outlooks import DigestedProject, DigestSet, RequesterDigest
from domain.projects.projects import Project, ProjectId, ProjectState
from services.act import Act
from services.fairness.reviewing import review_order
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

HOUR = 9
AT_ONCE = 20  # requesters
LISTED = 10  # projects in one message
LOOKED_AT = 100  # of a requester's latest projects


def begin(unit: UnitOfWork, requester: PersonId) -> None:
    """At a launch."""
    unit.progress_counts.digests.begin(requester, _next(unit, requester))


def send(unit: UnitOfWork) -> None:
    """To those for whom it is due and to whom something happened."""
    digests = unit.progress_counts.digests
    last = digests.last_answer()
    for due in digests.due(AT_ONCE):
        own = unit.projects.of(due.person, LOOKED_AT)
        news = [_told(unit, project, due.seen, last) for project in own if _is_news(unit, project)]
        found = tuple(each for each in news if each.answers or each.to_review or each.questions)
        if found:
            _tell(unit, due.person, found)
        if news:
            digests.told(due.person, _next(unit, due.person), last)
        else:
            digests.end(due.person)


def _tell(unit: UnitOfWork, requester: PersonId, found: tuple[DigestedProject, ...]) -> None:
    """Of a team: each member who wants it, of all projects or of those they made or launched."""
    if not is_team(requester):
        return _send(unit, requester, found)
    for member, hears in unit.team_ties.digested(requester):
        own = tuple(each for each in found if hears is Hears.ALL or unit.teams.leader(ProjectId(each.number)) == member)
        if own:
            _send(unit, member, own, number_of(requester))
    return None


def _send(unit: UnitOfWork, reader: PersonId, found: tuple[DigestedProject, ...], team: int = 0) -> None:
    told = RequesterDigest(found[:LISTED], len(found), team)
    unit.outbox.tell(reader, told, lane=Lane.BROADCAST, klass="nudge")


def turn(act: Act, on: bool, team: TeamNumber = OWN) -> DigestSet:
    """`team` says whose digest the button was for; each member of a team has a choice of their own."""
    if act.member is not None:
        act.unit.team_ties.wish_digest(act.person.id, act.member.id, on)
        return DigestSet(on, HOUR, team)
    act.unit.progress_counts.digests.begin(act.person.id, _next(act.unit, act.person.id))
    act.unit.progress_counts.digests.turn(act.person.id, not on)
    return DigestSet(on, HOUR, team)


def _next(unit: UnitOfWork, requester: PersonId) -> Moment:
    return next_at(unit.preferences.known(requester).zone, HOUR, unit.now)


def _is_news(unit: UnitOfWork, project: Project) -> bool:
    """Of one that has ended, too, while answers wait for a decision: silence pays them."""
    return project.state is ProjectState.RUNNING or review_order.waits(unit, project)[0] > 0


def _told(unit: UnitOfWork, project: Project, seen: int, last: int) -> DigestedProject:
    counted, (to_review, until) = unit.progress_counts.progress(project.id), review_order.waits(unit, project)
    return DigestedProject(
        *(project.id, project.title, counted.tasks, counted.closed),
        answers=unit.progress_counts.digests.answers_since(project.id, seen, last),
        to_review=to_review,
        questions=unit.questions.waiting(project.id),
        held=counted.held,
        currency=project.currency,
        until=until,
    )
