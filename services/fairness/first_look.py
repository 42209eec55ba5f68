"""A requester's first project waits for an admin's look before it can start: when, and what the admins are shown."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import sha256

from domain.answers import kind_of
from domain.fairness.first_look import (
    READ as MOST_READ,
)
from domain.fairness.first_look import (
    FirstLook,
    LaunchWaits,
    LookState,
    ProjectReworded,
    ProjectToApprove,
    ProjectWords,
    QuestionToApprove,
    found_in,
)
from domain.messages import Message
from domain.money.pricing import Quote
from domain.people.accounts import Person
from domain.projects.projects import (
    Project,
    ProjectId,
    ProjectState,
    Wording,
)
from domain.projects.tasks import Task, content_of
from formats.mturk import question as questions
from formats.mturk.pages import QuestionLook, look_at
from services.act import Act
from services.fairness import cases
from storage.drivers.records import pack
from storage.unit import UnitOfWork

SHOWN_HITS = 3  # of a project, from all over it
PART, MOST_PARTS = 2_400, 4  # characters of a message, and messages of one question: the rest is on its page
READ = 300_000  # characters of all questions that are looked through for words


def look_at_task(unit: UnitOfWork, task: Task) -> QuestionLook | None:
    """None for a task that is no HIT."""
    hit = unit.hits.of_task(task.id)
    return look_at(questions.read_question(unit.hits.get(hit).question)) if hit is not None else None


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


SAMPLES, READ_ROLES = 6, 200  # tasks shown, from all over the project; and looked through for words
SAMPLE = 300  # characters of one
NO_FORM = frozenset(
    {"id", "requester", "state", "created_at", "launched_at", "ended_at", "paused", "models", "version"}
)
FORM = (
    *("title", "kind", "options", "template", "purpose", "overlap", "accept", "minutes", "languages", "pay"),
    *("currency", "content"),
)


def is_due(act: Act, requester: Person, project: Project) -> bool:
    """Whether it has to wait: its requester is no admin, and none of theirs was approved or completed."""
    if not act.house.approve_first or project.state is not ProjectState.DRAFT:
        return False
    return requester.telegram_id not in act.house.admins and not act.unit.first_looks.knows(requester.id)


def ask(act: Act, project: Project, price: Quote) -> LaunchWaits:
    """The admins are told once, without a sound; again when it was refused or changed."""
    unit, known, seen = act.unit, act.unit.first_looks.find(project.id), fingerprint(act.unit, project)
    refused = known.reason if known else ""
    if known is not None and known.state is LookState.WAITING and known.seen == seen:
        if not act.program:
            _note_asker(act, project, known, price)
        return LaunchWaits(project.id, project.title, True, refused)
    unit.first_looks.ask(project.id, seen)
    _note_asker(act, project, known, price)
    asked = unit.first_looks.find(project.id)
    assert asked is not None  # noqa: S101 - just written
    for admin in cases.get_deciders(unit, act.house.admins, (project.requester, asked.ended_by)):
        *before, decide = card(unit, project, asked, price)
        for message in before:
            unit.outbox.tell(admin, message)
        cases.send_case(unit, admin, cases.first_look_case_name(project.id), decide, str(asked.version))
    return LaunchWaits(project.id, project.title, False, refused)


def counted(act: Act, project: Project) -> int:
    """What this launch counts already against the key of the program that asks."""
    known = act.unit.first_looks.find(project.id)
    return (known.price or 0) if known is not None and known.api_key and known.api_key == act.program else 0


def _note_asker(act: Act, project: Project, known: FirstLook | None, price: Quote) -> None:
    """Whoever asks takes the place of the program that asked before, against whose key it counts no more."""
    key, total = act.program or None, max(price.total, counted(act, project))
    if kind_of(project.kind).is_of_programs:
        return
    if known is not None and known.api_key not in (None, key):
        let_go(act.unit, project, known)
    act.unit.first_looks.asked_by(project.id, key, total)


def let_go(unit: UnitOfWork, project: Project, look: FirstLook) -> None:
    """The launch counts no more against the key of the program that asked for it."""
    if look.api_key is not None:
        unit.api_keys.spend(project.requester, look.api_key, -(look.price or 0))
        unit.first_looks.asked_by(project.id, None, None)


def waiting_for(act: Act, limit: int) -> list[ProjectId]:
    """First projects about which this admin may decide."""
    unit, admins = act.unit, act.house.admins
    return [
        each.project
        for each in unit.first_looks.waiting(limit)
        if act.person.id in cases.get_deciders(unit, admins, (unit.projects.get(each.project).requester, each.ended_by))
    ]


def reworded(act: Act, project: Project, wording: Wording, version: int) -> None:
    """Admins hear of another text than the one they let start, and of words worth a look. The project goes on."""
    unit, look = act.unit, act.unit.first_looks.find(project.id)
    examples = (text for each in wording.examples for text in (each.item, each.answer, each.why))
    flags = found_in((wording.title, *wording.instructions, *examples))
    if not act.house.approve_first or not (flags or (look is not None and look.state is LookState.APPROVED)):
        return
    told = ProjectReworded(
        project.id, wording.title, unit.people.get(project.requester).label, version, wording.instructions, flags
    )
    for admin in cases.get_deciders(unit, act.house.admins, (project.requester,)):
        unit.outbox.tell(admin, told, key=f"reworded:{project.id}:{version}:{admin}")


def fingerprint(unit: UnitOfWork, project: Project) -> str:
    """Of the whole form and the files: a change of either is looked at again. A program adds HITs all the time."""
    form = [getattr(project, each.name) for each in fields(project) if each.name not in NO_FORM]
    batches = [] if kind_of(project.kind).is_of_programs else unit.batches.fingerprints(project.id)
    return sha256(pack([*form, batches]).encode()).hexdigest()


def card(unit: UnitOfWork, project: Project, look: FirstLook, price: Quote) -> list[Message]:
    """All the words, what workers of a program's HITs get, and last everything else with what is worth a second look
    and the buttons."""
    requester, spread = unit.people.get(project.requester), _spread(unit, project)
    samples = [_text(project, task) for task in spread]
    tasks = unit.tasks.sample(project.id, READ_ROLES)
    read = (_text(project, task) for task in tasks)
    questions = messages_of(unit, project.id, spread)
    asked = words_of(unit, [*spread, *tasks]) if questions else ()
    most = READ if questions else MOST_READ
    decide = ProjectToApprove(
        **{name: getattr(project, name) for name in FORM},
        project=project.id,
        edition=look.version,
        who=requester.label,
        tasks=price.tasks,
        gold=price.gold,
        hourly=None if price.untold else price.hourly,
        cost=price.total,
        samples=() if questions else tuple(text[:SAMPLE] for text in samples),
        flags=found_in((*_words(project), *asked, *samples, *read), most),
        asked_at=look.asked_at,
        refused=look.reason,
        speaks=requester.language,
    )
    return [ProjectWords(project.id, project.title, project.instructions), *questions, decide]


def _words(project: Project) -> Iterable[str]:
    return project.title, *project.instructions, *project.options, project.template, project.purpose


def _spread(unit: UnitOfWork, project: Project) -> list[Task]:
    """Tasks at even distances: a first page that is harmless says little."""
    last = unit.tasks.last_position(project.id)
    places = dict.fromkeys(1 + at * max(0, last - 1) // max(1, SAMPLES - 1) for at in range(SAMPLES))
    return unit.tasks.at(project.id, tuple(places))


def _text(project: Project, task: Task) -> str:
    content = content_of(project, task)
    return "\n".join(filter(None, (content.picture, *(medium.file for medium in content.media), content.text)))
