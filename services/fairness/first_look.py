"""First look of an admin at a requester's first project, before it can start: when it is needed, and what admins are
shown."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import sha256

from domain.answers import kind_of
from domain.fairness.first_look import MAX_SEARCHED_CHARS as MOST_READ
from domain.fairness.first_look import (
    FirstLook,
    LaunchWaits,
    LookState,
    ProjectReworded,
    ProjectToApprove,
    ProjectWords,
    QuestionLook,
    QuestionToApprove,
    find_flags,
)
from domain.messages import Message
from domain.money.pricing import Quote
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId, ProjectState, Wording
from domain.projects.tasks import Task, content_of
from services import events
from services.act import Act
from services.fairness import cases
from storage.drivers.records import pack
from storage.unit import UnitOfWork

MAX_SHOWN_HITS = 3  # of a project, from all over it
PART_CHARS, MOST_PARTS = 2_400, 4  # characters of a message, and messages of one question: the rest is on its page
MAX_SEARCHED_CHARS = 300_000  # characters of all questions that are looked through for words


def find_question_look(unit: UnitOfWork, task: Task) -> QuestionLook | None:
    """Return what a program's task shows and asks; None for other tasks."""
    return events.ask(unit, events.LookAtQuestion(task.id))


def to_question_messages(unit: UnitOfWork, project: ProjectId, tasks: list[Task]) -> list[QuestionToApprove]:
    """Return the questions of these tasks, without repetitions and at most MAX_SHOWN_HITS, a long one in several
    messages."""
    looks = {task.id: look for task in tasks if (look := find_question_look(unit, task)) is not None}
    different = {look: number for number, look in reversed(looks.items())}
    shown_looks = sorted((number, look) for look, number in different.items())[:MAX_SHOWN_HITS]
    return [message for number, look in shown_looks for message in _split_question(project, int(number), look)]


def _split_question(project: ProjectId, task: int, look: QuestionLook) -> Iterator[QuestionToApprove]:
    parts = [look.text[index : index + PART_CHARS] for index in range(0, max(1, len(look.text)), PART_CHARS)]
    for index, part in enumerate(parts[:MOST_PARTS]):
        is_first, is_last = index == 0, index == len(parts[:MOST_PARTS]) - 1
        yield QuestionToApprove(
            project=project,
            task=task,
            address=look.address if is_first else "",
            text=part,
            fields=look.fields if is_last else (),
            hosts=look.hosts if is_last else (),
            begins=is_first,
            ends=is_last,
            more=max(0, len(look.text) - PART_CHARS * MOST_PARTS) if is_last else 0,
        )


def collect_words(unit: UnitOfWork, tasks: list[Task]) -> tuple[str, ...]:
    """Return all texts of these tasks that are searched for words worth a second look, repeated texts once."""
    words: dict[str, None] = {}
    room_left = MAX_SEARCHED_CHARS
    for task in tasks:
        look = find_question_look(unit, task)
        new_words = [part[:room_left] for part in (look.words if look else ()) if part not in words]
        words.update(dict.fromkeys(new_words))
        room_left -= sum(map(len, new_words))
        if room_left <= 0:
            break
    return tuple(words)


MAX_SAMPLE_TASKS, MAX_SEARCHED_TASKS = 6, 200  # tasks shown, from all over the project; and looked through for words
SAMPLE_CHARS = 300  # characters of one
FIELDS_NOT_IN_FINGERPRINT = frozenset(
    {"id", "requester", "state", "created_at", "launched_at", "ended_at", "paused", "models", "version"}
)
FIELDS_SHOWN = (
    *("title", "kind", "options", "template", "purpose", "overlap", "accept", "minutes", "languages", "pay"),
    *("currency", "content"),
)


def needs_first_look(act: Act, requester: Person, project: Project) -> bool:
    """Return whether the project must wait for a first look: the requester is no admin and no project of theirs was
    approved or completed."""
    if not act.house.approve_first or project.state is not ProjectState.DRAFT:
        return False
    return requester.telegram_id not in act.house.admins and not act.unit.first_looks.has_proven_project(requester.id)


def ask_for_first_look(act: Act, project: Project, price: Quote, agreed: Quote | None = None) -> LaunchWaits:
    """Ask the admins, silently, to look at a first project; they are asked again only if it was refused or changed.
    `agreed` is what its requester launches of it, such as a pilot; without it all of it."""
    unit, earlier_look, project_fingerprint = (
        act.unit,
        act.unit.first_looks.find(project.id),
        fingerprint(act.unit, project),
    )
    refused = earlier_look.reason if earlier_look else ""
    if (
        earlier_look is not None
        and earlier_look.state is LookState.WAITING
        and earlier_look.seen == project_fingerprint
    ):
        if not act.program:
            _store_asker(act, project, earlier_look, agreed or price)
        return LaunchWaits(project.id, project.title, True, refused)
    unit.first_looks.request_look(project.id, project_fingerprint)
    _store_asker(act, project, earlier_look, agreed or price)
    waiting_look = unit.first_looks.find(project.id)
    assert waiting_look is not None  # noqa: S101 - just written
    for admin in cases.get_deciders(unit, act.house.admins, (project.requester, waiting_look.ended_by)):
        *details, decide = to_look_messages(unit, project, waiting_look, price, agreed is not None and agreed != price)
        for message in details:
            unit.outbox.tell(admin, message)
        cases.send_case(unit, admin, cases.first_look_case_name(project.id), decide, str(waiting_look.version))
    return LaunchWaits(project.id, project.title, False, refused)


def get_key_price(act: Act, project: Project) -> int:
    """Return the price that this launch counts already against the API key of the program that asks; 0 if none."""
    look = act.unit.first_looks.find(project.id)
    return (look.price or 0) if look is not None and look.api_key and look.api_key == act.program else 0


def _store_asker(act: Act, project: Project, earlier_look: FirstLook | None, price: Quote) -> None:
    """Store who asks for the launch and at what price; a program that asked before is replaced, and its key's budget
    released."""
    key, total = act.program or None, max(price.total, get_key_price(act, project))
    if kind_of(project.kind).is_of_programs:
        return
    if earlier_look is not None and earlier_look.api_key not in (None, key):
        release_key_budget(act.unit, project, earlier_look)
    act.unit.first_looks.store_asker(project.id, key, total)


def release_key_budget(unit: UnitOfWork, project: Project, look: FirstLook) -> None:
    """Release the budget that a launch holds of an API key."""
    if look.api_key is not None:
        unit.api_keys.spend_budget(project.requester, look.api_key, -(look.price or 0))
        unit.first_looks.store_asker(project.id, None, None)


def notify_of_rewording(act: Act, project: Project, wording: Wording, version: int) -> None:
    """Tell admins of a changed text of an approved project, or of words worth a second look in it. The
    project goes on."""
    unit, look = act.unit, act.unit.first_looks.find(project.id)
    examples = (text for example in wording.examples for text in (example.item, example.answer, example.why))
    flags = find_flags((wording.title, *wording.instructions, *examples))
    if not act.house.approve_first or not (flags or (look is not None and look.state is LookState.APPROVED)):
        return
    notice = ProjectReworded(
        project=project.id,
        title=wording.title,
        who=unit.people.get(project.requester).label,
        edition=version,
        instructions=wording.instructions,
        flags=flags,
    )
    for admin in cases.get_deciders(unit, act.house.admins, (project.requester,)):
        unit.outbox.tell(admin, notice, key=f"reworded:{project.id}:{version}:{admin}")


def fingerprint(unit: UnitOfWork, project: Project) -> str:
    """Return the sha256 of the whole form and the files: a change of either needs another look. Batches of programs are
    left out, as these add HITs all the time."""
    form = [getattr(project, field.name) for field in fields(project) if field.name not in FIELDS_NOT_IN_FINGERPRINT]
    batches = [] if kind_of(project.kind).is_of_programs else unit.batches.fingerprints(project.id)
    return sha256(pack([*form, batches]).encode()).hexdigest()


def to_look_messages(unit: UnitOfWork, project: Project, look: FirstLook, price: Quote, pilot: bool) -> list[Message]:
    """Return the messages of a first look: the words, the questions of a program's HITs, and last the card with the
    rest, flagged words and buttons. `pilot`: its first tasks start alone."""
    requester, spread_tasks = unit.people.get(project.requester), _pick_spread_tasks(unit, project)
    samples = [_task_text(project, task) for task in spread_tasks]
    tasks = unit.tasks.sample(project.id, MAX_SEARCHED_TASKS)
    searched_texts = (_task_text(project, task) for task in tasks)
    questions = to_question_messages(unit, project.id, spread_tasks)
    question_words = collect_words(unit, [*spread_tasks, *tasks]) if questions else ()
    max_flags = MAX_SEARCHED_CHARS if questions else MOST_READ
    decide = ProjectToApprove(
        **{name: getattr(project, name) for name in FIELDS_SHOWN},
        project=project.id,
        edition=look.version,
        who=requester.label,
        tasks=price.tasks,
        gold=price.gold,
        hourly=None if price.untold else price.hourly,
        cost=price.total,
        pilot=pilot,
        samples=() if questions else tuple(text[:SAMPLE_CHARS] for text in samples),
        flags=find_flags((*_project_words(project), *question_words, *samples, *searched_texts), max_flags),
        asked_at=look.asked_at,
        refused=look.reason,
        speaks=requester.language,
    )
    return [ProjectWords(project.id, project.title, project.instructions), *questions, decide]


def _project_words(project: Project) -> Iterable[str]:
    return project.title, *project.instructions, *project.options, project.template, project.purpose


def _pick_spread_tasks(unit: UnitOfWork, project: Project) -> list[Task]:
    """Return up to MAX_SAMPLE_TASKS tasks at even distances: a harmless first page says little about the rest."""
    last_position = unit.tasks.last_position(project.id)
    positions = dict.fromkeys(
        1 + index * max(0, last_position - 1) // max(1, MAX_SAMPLE_TASKS - 1) for index in range(MAX_SAMPLE_TASKS)
    )
    return unit.tasks.list_at(project.id, tuple(positions))


def _task_text(project: Project, task: Task) -> str:
    content = content_of(project, task)
    return "\n".join(filter(None, (content.picture, *(medium.file for medium in content.media), content.text)))
