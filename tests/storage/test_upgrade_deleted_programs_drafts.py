"""A program's draft that an earlier version could not take out is out of the way after the upgrade."""

from domain.moments import DAY, Moment, later
from domain.mturk.hits import Hit, HitStatus
from domain.projects.projects import ProjectState
from services.mturk import hits
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import settle_requester
from tests.storage.test_upgrade import upgraded_from
from tests.web.mturk.questions import form


def hit_of(unit: UnitOfWork, title: str) -> Hit:
    """Of a requester whose first project an admin has still to look at."""
    requester = unit.people.find_by_telegram_id(1_000) or settle_requester(unit)
    return hits.create(
        act_of(unit, requester.id, approve_first=True),
        lifetime_in_seconds=3600,
        assignment_duration_in_seconds=600,
        reward="0.05",
        title=title,
        description="Name the animal.",
        question=form(),
    )


def test_a_draft_of_a_program_that_was_let_go_holds_up_nothing(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        gone, ran, other = (hit_of(unit, title) for title in ("Gone", "Ran hidden", "Other"))
        for hit in (gone, ran):
            unit.projects.hide(hit.project)
            unit.batches.let_go(hit.project)
        unit.projects.launch(ran.project, now)
    upgraded_from(database_url, "deleted_programs_drafts", "")
    with one_transaction(database_url, now) as unit:
        assert unit.batches.stale(later(now, DAY)) is None
        states = [unit.hits.get(hit.id).status for hit in (gone, ran, other)]
        assert states == [HitStatus.DISPOSED, HitStatus.ASSIGNABLE, HitStatus.ASSIGNABLE]
        assert unit.projects.find(gone.project) is None
        seen = unit.projects.find(ran.project)
        assert seen is not None
        assert seen.state is ProjectState.RUNNING
        again = [hit_of(unit, title).project for title in ("Gone", "Other")]
        assert again[0] != gone.project
        assert again[1] == other.project
