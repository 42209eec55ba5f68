"""A draft that is deleted goes with all that was noted of it, and nothing that stays with one holds up the others."""

from collections.abc import Callable

import pytest

from domain.moments import DAY, HOUR, Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from jobs.uploads import reading
from services.projects import lifecycle, progress
from storage.database import Database, one_transaction
from storage.projects.batches import LEFT_WITH_DRAFTS
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import a_project, settle_requester, settle_tasks, settle_worker

# Rows that only a launched project has, or whose project is deleted with them.
NEVER = {
    *("assignments", "answer_files", "bulk_updates", "content_choices", "counter_offers", "enrolments", "evidence"),
    *(
        "examinations",
        "faq_rounds",
        "floors",
        "gold_challenges",
        "pauses",
        "picture_prints",
        "pilots",
        "progress_counts",
    ),
    *("project_models", "project_turns", "project_versions", "questions", "rating_asks", "rating_rounds", "redos"),
    *(
        "rejections",
        "reports",
        "restrictions",
        "retakes",
        "soft_measures",
        "stated_costs",
        "stops",
        "submissions",
        "tool_uses",
    ),
    *("topups", "transfers", "undelivered", "webhook_events", "worker_models"),
}
STAY_HIDDEN = {"pay_raises", "invitations"}  # a draft that has a row here stays, unseen
PROGRAMS = {"turk_hit_types"}  # a draft of programs stays, unseen, and its type leaves it
CASCADE = {"first_looks", "launch_requests"}

Noting = Callable[[UnitOfWork, ProjectId, PersonId], object]


def looked_at(unit: UnitOfWork, project: ProjectId, requester: PersonId) -> None:
    """Its page tells progress by itself: every sweep looks at it."""
    unit.live_messages.keep(requester, progress.live_name(project), 7)
    unit.changed_projects.add(project)


NOTED: dict[str, Noting] = {
    "its page": looked_at,
    "its file of answers": lambda unit, project, _: unit.consents.note_delivery(project, "submissions", "csv"),
    "a team's": lambda unit, project, _: unit.teams.set_leader(project, settle_worker(unit, 1).id),
    "its pictures": lambda unit, project, _: unit.media_files.link(project, [("content", 3)]),
    "its way to the hub": lambda unit, project, requester: unit.hub_pushes.add(project, requester, "a/b", False, "t"),
}


def draft(unit: UnitOfWork, requester: PersonId) -> ProjectId:
    project = unit.projects.add(a_project(requester, unit.now))
    settle_tasks(unit, project, requester, 3, gold=0)
    return project


@pytest.mark.parametrize("noted", NOTED)
async def test_a_deleted_draft_goes_with_what_was_noted_of_it(database: Database, now: Moment, noted: str) -> None:
    def delete(unit: UnitOfWork) -> None:
        requester = settle_requester(unit).id
        number = draft(unit, requester)
        NOTED[noted](unit, number, requester)
        lifecycle.delete_draft(act_of(unit, requester), number)

    await database.transact(delete, now)
    await reading.drop_stale_batches(database, lambda: Moment(now + 2 * HOUR))
    assert await database.transact(_left, now) == (0, 0)


async def test_a_draft_that_somebody_was_invited_to_stays_hidden_and_the_next_one_goes(
    database: Database, now: Moment
) -> None:
    def delete(unit: UnitOfWork) -> ProjectId:
        requester = settle_requester(unit).id
        invited, other = draft(unit, requester), draft(unit, requester)
        unit.invitations.add(invited, "token")
        for number in (invited, other):
            lifecycle.delete_draft(act_of(unit, requester), number)
        return invited

    invited = await database.transact(delete, now)
    await reading.drop_stale_batches(database, lambda: Moment(now + 2 * DAY))
    assert await database.transact(lambda unit: unit.projects.find(invited), now) is None
    assert await database.transact(_left, now) == (1, 0)


def _left(unit: UnitOfWork) -> tuple[int, ...]:
    return tuple(unit.connection.all(f"SELECT count(*) FROM {table}")[0][0] for table in ("projects", "batches"))


def test_of_every_table_about_projects_it_is_known_whether_a_draft_has_rows_there(sqlite_url: str) -> None:
    with one_transaction(sqlite_url, Moment(0)) as unit:
        tables = [row[0] for row in unit.connection.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        about = {
            name
            for name in tables
            for row in unit.connection.all(f"SELECT \"table\" FROM pragma_foreign_key_list('{name}')")
            if row[0] == "projects"
        }
    known = NEVER | PROGRAMS | CASCADE | set(LEFT_WITH_DRAFTS) | STAY_HIDDEN | {"batches", "changed_projects", "tasks"}
    assert about - {"invited"} == known
