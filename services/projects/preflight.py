"""The pre-flight card: tasks, cost and pay of a launch, before it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from domain.answers import Learns, kind_of
from domain.messages import Message
from domain.money.amounts import LARGEST, Millionths
from domain.money.ledger import requester_account
from domain.money.pricing import Quote, Terms, quote
from domain.money.topups import pace
from domain.people.people import Person
from domain.projects.candidates import pictured
from domain.projects.drafts import FirstRow
from domain.projects.eta import forecast
from domain.projects.expected_time import base_of
from domain.projects.messages import FileNote, Preflight, TaskPreviewed
from domain.projects.projects import ENDED, Pilot, Project, ProjectId, ProjectState
from domain.projects.tasks import Task, TaskContent, content_of
from domain.refusals import BadInput
from formats.tables.first_row import NAMED, TASK
from formats.tables.reading import FileWarning
from services.act import Act, Reply
from services.money import topups
from services.money.wage_floor import debts
from services.projects import ai_outlook, ownership
from services.projects.audience.conditions import told
from services.projects.authoring import accuracy_outlook, versions
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork

PILOT = 10  # tasks that are tried first
SAMPLED = 200  # tasks whose length gives the expected time
ASKED = ("accept", "minutes", "purpose", "content", "checks")


def preview(act: Act, number: ProjectId) -> tuple[Message, ...]:
    """The pre-flight card; before it the pictures and examples that workers see before their first task."""
    project = ownership.mine(act.unit, act.person, number)
    beside = versions.shown(project, 0) if project.pictures or project.examples else ()
    return *beside, *shown(card_of(act, number))


def fold(act: Act, number: ProjectId, whole: bool) -> Reply:
    """The card with all details, or as short as it comes, in the same message."""
    return Reply(replace(card_of(act, number), whole=whole), edits=act.message)


def card_of(act: Act, number: ProjectId) -> Preflight:
    return preflight_of(act.unit, act.person, ownership.mine(act.unit, act.person, number), act.house.terms)


def shown(card: Preflight) -> tuple[Message, ...]:
    """The card; where its task has pictures, the task as workers see it comes first: a card is too long for one."""
    if card.sample is None or not (card.sample.picture or card.sample.media or _has_pictures(card, card.sample)):
        return (card,)
    return TaskPreviewed(card.title, card.instructions, card.kind, card.options, card.sample), card


def _has_pictures(card: Preflight, sample: TaskContent) -> bool:
    return bool(pictured(sample.text, kind_of(card.kind).compared(card.options))[1])


def preflight_of(
    unit: UnitOfWork,
    requester: Person,
    project: Project,
    terms: Terms,
    warnings: Iterable[FileWarning] = (),
    again: bool = False,
) -> Preflight:
    sample, price = sample_of(unit, project.id), price_of(unit, project, terms)
    return Preflight(
        number=project.id,
        instructions=project.instructions,
        kind=project.kind,
        options=project.options,
        state=project.state.value,
        currency=project.currency,
        pay=project.pay,
        overlap=project.overlap,
        max_overlap=project.max_overlap,
        confidence=project.confidence,
        **{name: getattr(project, name) for name in ("title", *ASKED)},
        price=price,
        available=unit.ledger.balance(requester_account(requester), project.currency),
        workers=unit.people.idle(),
        sample=content_of(project, sample) if sample else None,
        **_read(unit, project, warnings),
        again=again,
        ai=ai_outlook.of(unit, project, price.tasks),
        outlook=accuracy_outlook.of(unit, project, price),
        **_tried(unit, project, price),
        team=requester.team_name,
        team_number=requester.team_number,
    )


def sample_of(unit: UnitOfWork, project: ProjectId) -> Task | None:
    """Return the first ordinary task that waits for a launch, else the project's first; None without any."""
    waiting = unit.tasks.sample(project, 1, unit.batches.waiting(project).first)
    return next(iter(waiting or unit.tasks.sample(project, 1)), None)


def _read(unit: UnitOfWork, project: Project, warnings: Iterable[FileWarning]) -> dict[str, Any]:
    """What was guessed in its file; of a draft whose file may lack a row of names, its first row."""
    told = unit.batches.first_row(project.id) if project.state is ProjectState.DRAFT else None
    first = FirstRow(tuple(told["row"]), told["is_task"]) if told else None
    noted = tuple(_noted(each) for each in warnings if first is None or each.key not in (NAMED, TASK))
    return {"warnings": noted, "first_row": first}


def _tried(unit: UnitOfWork, project: Project, price: Quote) -> dict[str, Any]:
    return {
        "stated": project.seconds is not None,
        "pilot": pilot_of(unit, project),
        "measured": measured(unit, project) is not None,
        "may_pilot": PILOT if project.state is ProjectState.DRAFT and price.tasks > PILOT else 0,
        "gold_proposed": ai_outlook.proposed(unit, project, price.tasks),
        "left": _left(unit, project, price),
        "who": told(unit, project),
    }


def _left(unit: UnitOfWork, project: Project, price: Quote) -> tuple[int, int] | None:
    """As people have worked here; of a project for some of them it cannot be said."""
    if project.who or price.untold:
        return None
    work = round(price.submissions * price.seconds * 1000)
    found = forecast(work, unit.submissions.worked(), unit.project_turns.count(), unit.now)
    return (found.soonest, found.latest) if found else None


def pilot_of(unit: UnitOfWork, project: Project) -> Pilot | None:
    """What its first tasks brought."""
    found = unit.pilots.found(project.id)
    return found if found is None or kind_of(project.kind).learns is Learns.CLASSES else replace(found, agreement=None)


def measured(unit: UnitOfWork, project: Project, base: float = 0.0) -> float | None:
    """Seconds an answer took in its pilot, by two workers or more; no less than `base` where they may be the
    requester's own."""
    if unit.pilots.found(project.id) is None:
        return None
    found = pace(unit.topups.latest_times(project.id, SAMPLED), 0, round(base * 1000))
    return found.milliseconds / 1000 if found and found.workers > 1 else None


def price_of(unit: UnitOfWork, project: Project, terms: Terms, upto: int = EVERY) -> Quote:
    """The price of what waits for a launch, up to a position."""
    waiting = unit.batches.waiting(project.id, upto)
    left = unit.bulk_updates.left(project.id) if project.state in ENDED else (0, 0, 0)
    counts = (left[0] + waiting.tasks, left[1] + waiting.gold, left[2] + waiting.submissions)
    price = priced(unit, project, terms, *counts)
    if price.total > LARGEST:
        raise BadInput(what="cost", value=str(price.submissions), expected=[])
    return price


def priced(unit: UnitOfWork, project: Project, terms: Terms, tasks: int, gold: int, answers: int) -> Quote:
    """So many answers at the expected time, or the measured one. The reserve covers the last window's pace, too, and
    what is owed."""
    base, untold = base_of(project, unit.tasks.sample(project.id, SAMPLED))
    seconds, tried = topups.expected(unit, project, base), measured(unit, project, base)
    if tried is not None:
        seconds, untold = tried, ""
    price = quote(tasks, gold, answers, project.pay, project.fee, seconds, terms.floor, base, untold)
    more = max(0, topups.missing_for(unit, project, price))
    owed = debts.total(unit, project.requester, project)
    return replace(price, reserve=Millionths(price.reserve + more), owed=owed)


def _noted(warning: FileWarning) -> FileNote:
    told = {name: ", ".join(fact) if isinstance(fact, tuple) else str(fact) for name, fact in warning.facts.items()}
    return FileNote(warning.key, tuple(told.items()))
