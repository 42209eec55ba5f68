"""`/clone`: a new draft with the settings of another project, its check questions or its tasks."""

from dataclasses import replace

from domain.messages import Message
from domain.money.amounts import fee_on
from domain.projects.draft_messages import CloneOffer
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import UnknownChoice
from services.act import Act
from services.projects import imports
from services.projects.forms import check_pages
from services.projects.ownership import check_by_hand, lead, mine
from services.projects.preflight import card_of, shown
from storage.projects.batches import Batch
from storage.projects.clones import ALL, GOLD, NONE
from storage.unit import UnitOfWork

MOST = 10_000  # rows copied in one transaction; a larger file is sent again


def offer(act: Act, number: ProjectId) -> CloneOffer:
    project = mine(act.unit, act.person, number)
    check_by_hand(project)
    rows = act.unit.clones.rows(number)
    return CloneOffer(project.id, project.title, rows.tasks, rows.gold, MOST)


def clone(act: Act, number: ProjectId, what: str) -> tuple[Message, ...]:
    """A second press of the same button shows the same draft. The fee is today's."""
    unit, source = act.unit, mine(act.unit, act.person, number)
    check_by_hand(source)
    check_pages(act.house, source.kind)
    if what not in (NONE, GOLD, ALL) or unit.clones.rows(number).of(what) > MOST:
        raise UnknownChoice()
    mark = f"clone:{source.id}:{what}:{act.message or act.key}"
    known, mark = imports.known_as(unit, act.person, mark)
    if known is None:
        made = unit.projects.add(_anew(act, source, with_models=what != NONE))
        unit.media_files.copy(number, made)
        lead(act, made)
        known = _copied(unit, source, made, what, mark)
    return shown(card_of(act, known.project))


def _anew(act: Act, source: Project, with_models: bool) -> Project:
    return replace(
        source,
        id=ProjectId(0),
        state=ProjectState.DRAFT,
        currency=act.house.terms.currency,
        fee=fee_on(source.pay, act.house.terms.fee_percent),
        models=source.models if with_models else (),
        confidence=source.confidence if with_models or not source.usual_confidence else None,
        usual_confidence=source.usual_confidence and with_models,
        created_at=act.unit.now,
        launched_at=None,
        ended_at=None,
        version=1,
        paused=(),
    )


def _copied(unit: UnitOfWork, source: Project, made: ProjectId, what: str, mark: str) -> Batch:
    """A batch of its own, which may be empty: with it the draft is shown, launched, or swept away one day."""
    rows = unit.clones.counted(source, what)
    imports.check_room(unit, source.requester, rows.rows, rows.bytes)
    batch = unit.batches.begin(made, source.requester, mark, "", rows.rows, rows.bytes)
    grown = unit.batches.grow(batch, rows.tasks, rows.gold, rows.asked)
    if grown is not None:
        unit.clones.copy(source.id, made, batch.id, what)
        unit.batches.show(grown)
    return batch
