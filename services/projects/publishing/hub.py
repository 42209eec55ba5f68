"""A requester has their results pushed to the Hugging Face hub: a name, then a token, kept for this push alone."""

from typing import Any

from domain.hub import TRIES, HubPush, is_meant_as_token, is_token, name_of, without_token
from domain.people.teams import Right
from domain.projects.projects import Project, ProjectId
from domain.projects.result_messages import HubAsked, HubBegun, HubFailed, HubPushed
from domain.refusals import BadInput, NoHub, NoSecretsKey
from services.act import Act, Reply
from services.people.teams import acting
from services.projects.ownership import mine
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
        act.unit.team_ties.push(project.id, act.member.id)
    act.unit.drafts.drop(act.person.id)
    act.unit.audit.note(act.person.id, "hub push", f"project:{project.id}", name=name)
    return Reply(HubBegun(project.title, name), erases=True)


def _asked(act: Act, project: Project, name: str = "", public: bool = False, again: bool = False) -> HubAsked:
    _check(act, project)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"number": project.id, "name": name, "public": public}, act.unit.now)
    return HubAsked(project.id, project.title, name, public, again)


def _check(act: Act, project: Project) -> None:
    acting.need(act, Right.SPEND)  # who may only look may not publish
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
