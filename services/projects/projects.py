"""The requester's journey: a file and a form become a project; funds are held; results are drawn."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from domain.answers import are_files
from domain.money.amounts import LARGEST, Millionths
from domain.money.ledger import budget_account, requester_account
from domain.money.pricing import Quote, Terms, quote
from domain.people.people import Person
from domain.projects.expected_time import base_of
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.projects.tasks import content_of
from domain.refusals import BadInput, BelowFloor, NothingToLaunch, TimeUntold, WrongState
from formats.captions.caption import ProjectForm, unclaimed
from formats.tables.reading import FileWarning
from formats.writing import FILES, WRITERS
from services.money import topups, transfers
from services.projects import bulk_updates, imports
from services.projects.imports import Sent
from services.projects.lifecycle import end
from services.projects.ownership import mine
from services.projects.progress import live_name, progress_facts
from storage.unit import UnitOfWork

# What the pre-flight card tells of a quote.
PRICED = (
    *("tasks", "gold", "submissions", "reward", "fee", "reserve", "total"),
    *("seconds", "untold", "hourly", "floor", "needed_pay"),
)
SAMPLED = 200  # tasks whose length tells the expected time


def create(unit: UnitOfWork, requester: Person, form: ProjectForm, sent: Sent, terms: Terms) -> ProjectId:
    """A draft with its tasks, and its pre-flight card. The very same file and form again show the same project."""
    batch = imports.project_begun(unit, requester, form, sent, terms)
    if not batch.arriving:
        preview(unit, requester, batch.project, terms, again=True)
        return batch.project
    imports.bring_in(unit, batch, sent)
    unit.drafts.drop(requester.id)
    preview(unit, requester, batch.project, terms, warnings=(*unclaimed(form), *sent.file.warnings))
    return batch.project


def add(unit: UnitOfWork, requester: Person, number: int, sent: Sent, terms: Terms) -> None:
    """More tasks for a project: a batch of its own, offered after the next launch."""
    project = mine(unit, requester, number)
    batch = imports.addition_begun(unit, requester, project, sent)
    if batch.arriving:
        imports.bring_in(unit, batch, sent)
    preview(unit, requester, project.id, terms, again=not batch.arriving, warnings=sent.file.warnings)


def preview(
    unit: UnitOfWork,
    requester: Person,
    number: int,
    terms: Terms,
    again: bool = False,
    warnings: Sequence[FileWarning] = (),
) -> None:
    """The pre-flight card: what it asks, what it costs, what an hour of it pays, what a worker will see."""
    project = mine(unit, requester, number)
    sample = unit.tasks.sample(project.id, 1)
    price = price_of(unit, project, terms)
    unit.outbox.say(
        requester.id,
        "projects.preflight",
        **_described(project),
        again=again,
        warnings=[{"key": warning.key, "facts": dict(warning.facts)} for warning in warnings],
        sample=asdict(content_of(project, sample[0])) if sample else None,
        **{name: getattr(price, name) for name in PRICED},
        stated=project.seconds,
        available=unit.ledger.balance(requester_account(requester), project.currency),
        workers=unit.people.counts()[1],
    )


def launch(unit: UnitOfWork, requester: Person, number: int, terms: Terms) -> None:
    """Holds the whole budget and opens the tasks, or names what is missing and changes nothing."""
    unit.projects.lock(mine(unit, requester, number).id)
    project = mine(unit, requester, number)
    if project.state in ENDED and unit.bulk_updates.of(project.id, "close"):
        raise WrongState(number=number, state="ending")
    price, more = price_of(unit, project, terms), max(0, topups.missing_for(unit, project))
    if price.tasks == 0 and not more:
        raise NothingToLaunch(number=number)
    if price.tasks and price.floor and price.untold:
        raise TimeUntold(number=number, why=price.untold)
    if price.tasks and not price.passes_floor:
        told = {name: getattr(price, name) for name in ("hourly", "floor", "seconds")}
        raise BelowFloor(number=number, pay=project.pay, needed=price.needed_pay, currency=project.currency, **told)
    _hold(unit, requester, project, price, more)
    _open(unit, project)
    about: dict[str, Any] = {"number": project.id, "title": project.title, "currency": project.currency}
    unit.outbox.say(requester.id, "projects.launched", held=price.total + more, **about)
    _watch(unit, requester, project)


def _open(unit: UnitOfWork, project: Project) -> None:
    """The first tasks at once, the others a little at a time: answers are not kept waiting. One that had ended goes on
    with what was left of it, too."""
    waiting = unit.batches.waiting(project.id)
    unit.projects.launch(project.id, unit.now)
    unit.batches.launch(project.id)
    if project.state in ENDED:
        bulk_updates.open_tasks(unit, project.id, 0, unit.tasks.last_position(project.id))
    elif waiting.tasks:
        bulk_updates.open_tasks(unit, project.id, waiting.first - 1, waiting.last)
    bulk_updates.wake_workers(unit, project.id)


def _hold(unit: UnitOfWork, requester: Person, project: Project, price: Quote, more: int) -> None:
    """The budget, what longer tasks would need, and `more` where the measured pace asks for it: all, or nothing."""
    owed = topups.arrears(unit, requester)
    transfers.afford(unit, requester, project, Millionths(price.total + more + owed), owed=owed)
    topups.pay_arrears(unit, requester)
    if price.tasks:
        budget = Millionths(price.reward + price.fee)
        last: int | str = unit.batches.waiting(project.id).last
        if project.state in ENDED:  # there may be nothing new in it
            last = f"again:{unit.ledger.version(budget_account(project.id), project.currency)}"
        transfers.hold(unit, requester, project, budget, last)
    topups.promise(unit, requester, project, price, more)


def stop(unit: UnitOfWork, requester: Person, number: int) -> None:
    """No new assignments; live ones may still be answered and are paid; the rest goes back now."""
    project = mine(unit, requester, number)
    if project.state is not ProjectState.RUNNING:
        raise WrongState(number=number, state=project.state.value)
    live = unit.assignments.live(project.id)
    rest = end(unit, requester, project, ProjectState.STOPPED) or 0
    unit.outbox.say(
        requester.id,
        "projects.stopped",
        number=project.id,
        title=project.title,
        returned=rest,
        in_hand=live,
        undecided=sum(unit.reviews.undecided(project.id)),
        currency=project.currency,
    )


def progress(unit: UnitOfWork, requester: Person, number: int) -> None:
    """A message that goes on telling: edited in place while answers come in."""
    _watch(unit, requester, mine(unit, requester, number))


def _watch(unit: UnitOfWork, requester: Person, project: Project) -> None:
    """A new progress message; the one before it goes quiet."""
    name = live_name(project.id)
    unit.outbox.forget_live(requester.id, name)
    unit.outbox.say(requester.id, "projects.progress", live=name, **progress_facts(unit, project.id))


def list_(unit: UnitOfWork, requester: Person) -> None:
    found = [_described(project) for project in unit.projects.of(requester.id)]
    unit.outbox.say(requester.id, "projects.list", projects=found)


def order(unit: UnitOfWork, requester: Person, number: int, what: str, form: str) -> None:
    """A file of results or submissions; made when it is sent, so it is as fresh as it can be."""
    project = mine(unit, requester, number)
    if form == FILES and not (are_files(project.kind) and what == "results"):
        raise BadInput(what="format", value=form, expected=list(WRITERS))
    unit.outbox.say(
        requester.id,
        "projects.file",
        what=what,
        format=form,
        number=project.id,
        title=project.title,
        state=project.state.value,
        ordered=unit.now,
    )


def form_of(unit: UnitOfWork, requester: Person, number: int) -> ProjectForm:
    """What a further file of this project is read by."""
    project = mine(unit, requester, number)
    return ProjectForm(
        title=project.title,
        instructions=project.instructions,
        pay=project.pay,
        kind=project.kind,
        options=project.options,
        template=project.template,
    )


def price_of(unit: UnitOfWork, project: Project, terms: Terms) -> Quote:
    """For what waits to be launched."""
    waiting = unit.batches.waiting(project.id)
    left = unit.bulk_updates.left(project.id) if project.state in ENDED else (0, 0, 0)
    counts = (left[0] + waiting.tasks, left[1] + waiting.gold, left[2] + waiting.submissions)
    base, untold = base_of(project, unit.tasks.sample(project.id, SAMPLED))
    seconds = topups.expected(unit, project, base)
    price = quote(*counts, project.pay, project.fee, seconds, terms.floor, base, untold)
    if price.total > LARGEST:
        raise BadInput(what="cost", value=str(price.submissions), expected=[])
    return price


def _described(project: Project) -> dict[str, Any]:
    return {
        "number": project.id,
        "title": project.title,
        "instructions": list(project.instructions),
        "kind": project.kind,
        "options": list(project.options),
        "state": project.state.value,
        "pay": project.pay,
        "overlap": project.overlap,
        "max_overlap": project.max_overlap,
        "confidence": project.confidence,
        "accept": project.accept,
        "minutes": project.minutes,
        "purpose": project.purpose,
        "currency": project.currency,
        "created_at": project.created_at,
    }
