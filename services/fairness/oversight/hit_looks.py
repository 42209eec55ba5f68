"""What admins see of the questions of a program's HITs, before the first of them starts."""

from collections.abc import Iterator

from domain.fairness.messages.first_look import QuestionToApprove
from domain.projects.projects import ProjectId
from domain.projects.tasks import Task
from formats.mturk import question as questions
from formats.mturk.looks import QuestionLook, look_at
from storage.unit import UnitOfWork

SHOWN_HITS = 3  # of a project, from all over it
PART, MOST_PARTS = 2_400, 4  # characters of a message, and messages of one question: the rest is on its page
READ = 300_000  # characters of all questions that are looked through for words


def look_at_task(unit: UnitOfWork, task: Task) -> QuestionLook | None:
    """None for a task that is no HIT."""
    hit = unit.hits.of_task(task.id)
    return look_at(questions.read(unit.hits.get(hit).question)) if hit is not None else None


def messages_of(unit: UnitOfWork, project: ProjectId, tasks: list[Task]) -> list[QuestionToApprove]:
    """The questions of these tasks, each other one once, in as many messages as a long one takes."""
    looks = {task.id: look for task in tasks if (look := look_at_task(unit, task)) is not None}
    different = {look: number for number, look in reversed(looks.items())}
    shown = sorted((number, look) for look, number in different.items())[:SHOWN_HITS]
    return [message for number, look in shown for message in _messages_of(project, int(number), look)]


def _messages_of(project: ProjectId, task: int, look: QuestionLook) -> Iterator[QuestionToApprove]:
    parts = [look.text[at : at + PART] for at in range(0, max(1, len(look.text)), PART)]
    for at, part in enumerate(parts[:MOST_PARTS]):
        first, last = at == 0, at == len(parts[:MOST_PARTS]) - 1
        yield QuestionToApprove(
            project=project,
            task=task,
            address=look.address if first else "",
            text=part,
            fields=look.fields if last else (),
            hosts=look.hosts if last else (),
            begins=first,
            ends=last,
            more=max(0, len(look.text) - PART * MOST_PARTS) if last else 0,
        )


def words_of(unit: UnitOfWork, tasks: list[Task]) -> tuple[str, ...]:
    """All in which words worth a second look may stand; what is the same in many HITs once."""
    words: dict[str, None] = {}
    room = READ
    for task in tasks:
        look = look_at_task(unit, task)
        new = [part[:room] for part in (look.words if look else ()) if part not in words]
        words.update(dict.fromkeys(new))
        room -= sum(map(len, new))
        if room <= 0:
            break
    return tuple(words)
