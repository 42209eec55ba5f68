"""Ownership of projects: the row authorises, not the button or the words."""

from domain.answers import kind_of
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import Task
from domain.refusals import BadInput, NotFound, Refusal, WrongState
from services.act import Act
from storage.unit import UnitOfWork

LOOKED = 20  # projects, for a draft


def mine(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """Return the requester's project. Raise NotFound if there is none, or it is another's: such a project does not
    exist for this requester."""
    project = owned(unit, requester, number)
    if project is None:
        raise NotFound(what="project", name=str(number))
    return project


def owned(unit: UnitOfWork, requester: Person, number: int | None) -> Project | None:
    """The project, if it is this person's, else None: a caller that asks for a task must not reveal whose project it
    is in."""
    project = unit.projects.find(ProjectId(number)) if number else None
    return project if project and project.requester == requester.id else None


def get_task_by_name(unit: UnitOfWork, project: Project, name: str) -> Task:
    """Return the project's task with this id or number, as a program names it. Raise NotFound."""
    position = unit.tasks.key_at(project.id, name)
    tasks = unit.tasks.list_at(project.id, (position,)) if position is not None else []
    if not tasks:
        raise NotFound(what="task", name=name)
    return tasks[0]


def with_example(act: Act, refusal: Refusal) -> Refusal:
    """Return the refusal of a command without a project's number, with the number of the newest draft (else of the
    newest project) of the account in its example. Other refusals stay as they are."""
    if not isinstance(refusal, BadInput) or refusal.what != "number" or len(refusal.expected) != 1:
        return refusal
    unit, team = act.unit, act.person.acts_for
    account = team if team is not None and unit.teams.find_membership(team, act.person.id) else act.person.id
    own_projects = unit.projects.list_of_requester(account, LOOKED)
    drafts = (project for project in own_projects if project.state is ProjectState.DRAFT)
    newest = next(drafts, own_projects[0] if own_projects else None)
    return refusal if newest is None else BadInput("number", refusal.value, [*refusal.expected, str(newest.id)])


def lead(act: Act, project: int) -> None:
    """Record the team member who has made this project, or launches it; nothing outside of a team."""
    if act.member is not None:
        act.unit.teams.set_leader(ProjectId(project), act.member.id)


def check_draft(project: Project) -> None:
    """Raises WrongState for a project whose form stands for good: answers were given to it."""
    if project.state is not ProjectState.DRAFT:
        fixed = "fixed" if project.state is ProjectState.RUNNING else "fixed and ended"
        raise WrongState(number=project.id, state=fixed)


def check_by_hand(project: Project) -> None:
    """Raises WrongState for a project whose program alone adds to it and ends it."""
    if kind_of(project.kind).is_of_programs:
        raise WrongState(number=project.id, state="program")
