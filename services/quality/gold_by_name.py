"""Check questions made by programs, which name the task; and those that workers contest."""

from domain.answers import SEVERAL, gold_of
from domain.conduct.gold_challenges import Challenge
from domain.programs import Contested, ContestedGold, GoldMade
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, NotFound
from services.act import Act
from services.projects import ownership
from services.quality import gold_place, gold_tasks
from storage.unit import UnitOfWork


def make(act: Act, number: ProjectId, task: str, answers: list[str], reason: str) -> GoldMade:
    """Those who answered it keep their pay and are judged by it."""
    unit, project = act.unit, gold_place.project_of(act.unit, act.person, number)
    position = unit.tasks.key_at(project.id, task)
    found = unit.tasks.at(project.id, (position,)) if position is not None else []
    if not found:
        raise NotFound(what="task", name=task)
    known = gold_of(project.kind, SEVERAL.join(answers), project.options)
    if not known:
        raise BadInput(what="gold_answer", value=SEVERAL.join(answers), expected=list(project.options))
    made = gold_tasks.make(unit, project, found[0].id, known)
    if made and reason:
        unit.gold_tasks.explain(found[0].id, " ".join(reason.split()))
    return GoldMade(task, known if made else tuple(found[0].gold or known), made)


def contested(act: Act, number: ProjectId, after: int, limit: int) -> Contested:
    unit, project = act.unit, ownership.mine(act.unit, act.person, number)
    found = unit.gold_challenges.page(project.id, after, limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return Contested(tuple(_shown(unit, each) for each in found[:limit]), more)


def _shown(unit: UnitOfWork, challenge: Challenge) -> ContestedGold:
    task, contests = unit.tasks.get(challenge.task).key, unit.gold_challenges.contests(challenge.id)
    return ContestedGold(challenge.id, task, challenge.gold, contests, challenge.due_at)
