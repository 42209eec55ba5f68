"""A question that its requester calls abuse: an admin decides; until then the deadline goes on."""

from domain.fairness.messages.questions import QuestionDismissed, QuestionReported, QuestionToJudge, ReportJudged
from domain.fairness.questions import Question, QuestionId
from domain.projects.projects import Project
from domain.projects.tasks import beginning_of
from domain.refusals import NotFound
from services.act import Act
from services.fairness.oversight import impartial
from services.fairness.questions import cards, deadlines
from services.projects import ownership
from storage.unit import UnitOfWork


def report(act: Act, question: QuestionId) -> QuestionReported:
    """Once a question. An admin reads it."""
    unit, asked = act.unit, act.unit.questions.find(question)
    project = ownership.owned(unit, act.person, asked.project if asked else None)
    if asked is None or project is None or not unit.questions.report(asked.id):
        raise NotFound(what="question", name=str(question))
    unit.audit.note(act.person.id, "report question", f"question:{asked.id}")
    shown = _to_judge(unit, project, asked)
    for admin in impartial.deciders(unit, act.house.admins, (project.requester, asked.asker)):
        unit.outbox.tell(admin, shown)
    return QuestionReported(project.title)


def show(act: Act, question: QuestionId) -> QuestionToJudge:
    """`/admin` leads here: the question once more, where it still waits."""
    asked = act.unit.questions.find(question)
    if asked is None or not asked.is_open or asked.report != "open":
        raise NotFound(what="question", name=str(question))
    return _to_judge(act.unit, act.unit.projects.get(asked.project), asked)


def waiting_for(act: Act, limit: int) -> list[Question]:
    """Those this admin may judge."""
    unit, admins = act.unit, act.house.admins
    return [
        each
        for each in unit.questions.to_judge(limit)
        if act.person.id in impartial.deciders(unit, admins, (unit.projects.get(each.project).requester, each.asker))
    ]


def _to_judge(unit: UnitOfWork, project: Project, asked: Question) -> QuestionToJudge:
    return QuestionToJudge(
        question=asked.id,
        project=project.id,
        title=project.title,
        who=unit.people.get(project.requester).label,
        worker=cards.name_of_asker(unit, asked, project.requester),
        words=asked.words,
        about=beginning_of(project, unit.tasks.get(asked.task)),
        dismissed=unit.questions.dismissed(asked.asker) if asked.asker else 0,
    )


def judge(act: Act, question: QuestionId, abuse: bool) -> ReportJudged | None:
    """An admin's word: abuse needs no answer; all else does. A second press changes nothing."""
    unit, asked = act.unit, act.unit.questions.find(question)
    if asked is None:
        raise NotFound(what="question", name=str(question))
    project = unit.projects.get(asked.project)
    alone = impartial.check(act, project.requester, asked.asker)
    if not unit.questions.judge(asked.id, abuse, act.person.id):
        return None
    unit.audit.note(act.person.id, "dismissed" if abuse else "kept", f"question:{asked.id}", alone=alone)
    if abuse:
        if asked.asker is not None:
            unit.outbox.tell(asked.asker, QuestionDismissed(project.title, asked.words))
        cards.close(unit, asked, None, dismissed=True)
        deadlines.lift(unit, project.id)
    judged = ReportJudged(project.title, asked.words, abuse)
    if project.requester != act.person.id:
        unit.outbox.tell(project.requester, judged)
    return judged
