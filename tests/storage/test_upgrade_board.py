"""The board comes to a database with data in it, on both databases."""

import pytest

from domain.fairness.board import HOUSE, EventKind, ReportState
from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.people.settings import Preferences
from handlers.fairness.board import ModeratePost, ReportPost, TakePostBack
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from storage.invariants import check
from tests.acts import press
from tests.services.fairness.test_board import NOW, Floor
from tests.storage.test_upgrade import PERSON, PREFERENCES, upgraded_from

OTHER = """
INSERT INTO board_log (position, post, kind, day, digest)
SELECT position + 1, post, 'other', day, digest FROM board_log ORDER BY position DESC LIMIT 1"""
DRAFT = "INSERT INTO drafts (person, journey, data, updated_at) VALUES (:person, 'bonus', '{}', 1)"


def test_people_of_the_version_before_get_the_board_and_no_digest(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(version for version in migrate.versions() if version.endswith("_board"))
    before_it = [version for version in migrate.versions() if version < name]
    monkeypatch.setattr(migrate, "versions", lambda: before_it)
    dialect = dialect_of(empty_database_url)
    migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        unit.connection.changed(PERSON, id=1, on=0)
        ann = PersonId(unit.connection.all("SELECT id FROM people")[0][0])
        for statement in (PREFERENCES, DRAFT):
            unit.connection.changed(statement, person=ann)
        before = tuple(unit.connection.all("SELECT * FROM preferences")[0])
    monkeypatch.undo()
    assert name in migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        assert tuple(unit.connection.all("SELECT * FROM preferences")[0]) == (*before, -1, 0, 1, "")
        assert unit.preferences.of(ann).board_hour == Preferences().board_hour
        assert unit.preferences.digests_due(9) == []
        assert unit.boards.page(HOUSE, 0, 9) == []
        unit.boards.mark_as_read(ann, HOUSE)
        unit.board_traces.delete_old_drafts_and_letters()
        assert unit.drafts.of(ann) is not None
        assert check(unit) == []
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(empty_database_url, now) as unit:
        unit.connection.changed("UPDATE preferences SET board_hour = 24")


def test_hidden_posts_of_the_version_before_can_be_contested_and_the_log_stays(database_url: str) -> None:
    floor = Floor(database_url, NOW)
    post = floor.post(0, HOUSE, floor.pen(0, HOUSE), "Too low").post.id
    floor.on(floor.house.requester, lambda act: press(act, ModeratePost(post=post, rule=2)))
    floor.sweep()
    before, after = upgraded_from(database_url, "board_contests", "DROP TABLE board_contests;")
    same = before.keys() - {"settings"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    with one_transaction(database_url, NOW) as unit:
        unit.board_contests.add(post, "Too low")
        unit.board_log.note(post, EventKind.CONTESTED, "d")
        assert check(unit) == []
    for change in ("UPDATE board_log SET rule = 3", "DELETE FROM board_log", "UPDATE board_log SET position = 9"):
        with pytest.raises(Exception, match="append-only"), one_transaction(database_url, NOW) as unit:
            unit.connection.changed(f"{change} WHERE position = 1")
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, NOW) as unit:
        unit.connection.changed(OTHER)


MIRROR_GONE = """
DROP TABLE board_mirrored;
DROP TABLE board_topics;
DROP TABLE board_mirror;
DROP INDEX board_posts_by_day;"""


def test_posts_of_the_version_before_stay_out_of_a_group_that_is_named_now(database_url: str) -> None:
    floor = Floor(database_url, NOW)
    pen = floor.pen(0, HOUSE)
    floor.post(0, HOUSE, pen, "Of before")
    before, after = upgraded_from(database_url, "board_mirror", MIRROR_GONE)
    same = before.keys() - {"settings"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    floor.sweep(lambda unit: unit.board_mirror.name_group("@team", "fr"))
    floor.sweep(lambda unit: unit.board_mirror.begin("@team", -1001234567890, "Team"))
    post = floor.post(0, HOUSE, pen, "Of now").post.id
    floor.now = later(NOW, DAY)
    floor.sweep()
    assert floor.rows("SELECT post, state FROM board_mirrored") == [(post, "waiting")]
    assert floor.is_sound()
    for change in ("state = 'on', chat = NULL", "state = 'stopped'", "only_one = 2"):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, NOW) as unit:
            unit.connection.changed(f"UPDATE board_mirror SET {change}")


def test_a_mirror_of_the_version_before_goes_on_until_a_new_group_is_found(database_url: str) -> None:
    floor = Floor(database_url, NOW)
    floor.sweep(lambda unit: unit.board_mirror.name_group("@team", "fr"))
    floor.sweep(lambda unit: unit.board_mirror.begin("@team", -1001234567890, "Team"))
    before, after = upgraded_from(database_url, "board_mirror_wanted", "DROP TABLE board_mirror_wanted;")
    assert after["board_mirror"] == before["board_mirror"]
    floor.sweep(lambda unit: unit.board_mirror.request_group("@other", "en"))
    assert floor.rows("SELECT place, language, state FROM board_mirror") == [("@team", "fr", "on")]
    floor.sweep(lambda unit: unit.board_mirror.begin("@other", -1009876543210, "Other"))
    assert floor.rows("SELECT place, language, state FROM board_mirror") == [("@other", "en", "on")]
    assert floor.rows("SELECT * FROM board_mirror_wanted") == []


REPORTS_GONE = """
DROP TABLE board_reports;
ALTER TABLE batches DROP COLUMN first_row;"""


def test_reported_posts_of_the_version_before_that_still_wait_are_known(database_url: str) -> None:
    """An admin's message, sent or on its way, is all that there was of them."""
    floor = Floor(database_url, NOW)
    pen, admin = floor.pen(0, HOUSE), floor.house.requester
    sent, waits, left, hidden, back, quiet = (
        floor.post(0 if at < 5 else 1, HOUSE, pen if at < 5 else floor.pen(1, HOUSE), f"Call Ann at {at}").post.id
        for at in range(6)
    )
    for post in (sent, waits, left, hidden, back):
        floor.press(1, ReportPost(post=post))
    waiting = f"case:post:{waits}:asked"
    floor.sweep(lambda unit: unit.connection.changed("DELETE FROM outbox WHERE live <> :live", live=waiting))
    for post in (sent, left, hidden, back):
        floor.sweep(lambda unit, post=post: unit.live_messages.keep(admin, f"case:post:{post}:asked", 60 + post))
    for post, rule in ((left, 0), (hidden, 2)):
        floor.on(admin, lambda act, post=post, rule=rule: press(act, ModeratePost(post=post, rule=rule)))
    floor.press(0, TakePostBack(post=back, sure=True, pen=pen))
    before, after = upgraded_from(database_url, "reported_posts", REPORTS_GONE)
    same = before.keys() - {"settings", "batches"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert floor.rows("SELECT first_row FROM batches") == [(None,)] * (len(before["batches"]) - 1) != []
    with one_transaction(database_url, NOW) as unit:
        assert unit.board_reports.posts_to_decide(9) == [sent, waits]
        assert not unit.board_reports.add(sent)
        assert unit.board_reports.find_state(quiet) is None
        assert unit.board_reports.decide(sent, ReportState.LEFT)
        assert check(unit) == []
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, NOW) as unit:
        unit.connection.changed("UPDATE board_reports SET state = 'other'")
