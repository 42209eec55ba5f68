"""`/invite`: a link to a project, and what happens to whoever opens it."""

from secrets import token_urlsafe

from domain.projects.audience import INVITED
from domain.projects.draft_messages import Invited, InviteEnded, InviteLink
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.refusals import NotFound, WrongState
from services.act import Act
from services.projects.ownership import mine
from storage.unit import UnitOfWork

BOT = "bot"  # under which the bot's own name is kept
BYTES = 16  # of a token


def name_bot(unit: UnitOfWork, name: str) -> None:
    """What Telegram says the bot is called."""
    if unit.settings.get(BOT) != name:
        unit.settings.put(BOT, name)


def show(act: Act, number: ProjectId) -> InviteLink:
    """The link there is, or a new one."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    if project.state in ENDED:
        raise WrongState(number=number, state=project.state.value)
    if unit.invitations.open(project.id) is None:
        unit.invitations.add(project.id, token_urlsafe(BYTES))
    return _link(unit, project)


def end(act: Act, number: ProjectId) -> InviteEnded:
    """Nobody comes by it any more; who did stays."""
    project = mine(act.unit, act.person, number)
    act.unit.invitations.end(project.id)
    return InviteEnded(project.id, project.title)


def open_(act: Act, token: str) -> Invited | None:
    """Somebody came by a link; None where it leads nowhere, and to one's own project."""
    unit = act.unit
    number = unit.invitations.use(token)
    project = unit.projects.find(number) if number else None
    if number is None or project is None or unit.teams.is_side(project.requester, act.person.id):
        return None
    unit.invitations.invite(act.person.id, number, token)
    waits = project.state is not ProjectState.RUNNING or bool(project.paused)
    if not waits and unit.invitations.news_for(act.person.id) == number:
        unit.people.call(act.person.id, number)
    in_hand = unit.assignments.active_for(act.person.id)
    elsewhere = in_hand is not None and in_hand.project != number and not waits
    at_work = unit.projects.get(in_hand.project).title if in_hand is not None and elsewhere else ""
    return Invited(number, project.title, unit.people.get(project.requester).name, waits, at_work=at_work)


def _link(unit: UnitOfWork, project: Project) -> InviteLink:
    found, name = unit.invitations.open(project.id), unit.settings.get(BOT)
    if found is None or not name:
        raise NotFound(what="invitation", name="")
    return InviteLink(
        number=project.id,
        title=project.title,
        link=f"https://t.me/{name}?start={found.token}",
        opened=found.opened,
        invited=unit.invitations.count(project.id),
        only=INVITED in project.who,
        running=project.state is ProjectState.RUNNING,
    )
