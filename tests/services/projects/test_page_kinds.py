"""Tasks that are answered on a page need an address for pages, whenever they are to be given out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.moments import Moment
from domain.projects.projects import ProjectId, ProjectState
from domain.refusals import NoPages
from handlers.payload import Payload
from handlers.projects.drafts import CloneProject
from handlers.projects.launches import Launch
from handlers.projects.pay_raises import AskMore
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import furnish, settle_plans

BOXES = {"kind": "boxes", "options": ("cat",), "accept": "review", "seconds": 5}


@pytest.mark.parametrize(
    "asked",
    [
        lambda _, draft: Launch(number=draft),
        lambda running, _: CloneProject(number=running, what="all"),
        lambda running, _: AskMore(number=running, overlap=4),
    ],
    ids=["launch", "clone", "more"],
)
async def test_without_an_address_for_pages_drawings_are_not_asked_for(
    database: Database, now: Moment, asked: Callable[[ProjectId, ProjectId], Payload]
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, **BOXES)
        (draft,) = settle_plans(unit, house.requester, 1, tasks=2, **BOXES)
        act, payload = act_of(unit, house.requester), asked(house.project, draft)
        with pytest.raises(NoPages):
            press(act, payload)
        assert unit.projects.get(draft).state is ProjectState.DRAFT
        press(replace(act, house=replace(act.house, page_origin="https://pouce.example")), payload)

    await database.transact(play, now)
