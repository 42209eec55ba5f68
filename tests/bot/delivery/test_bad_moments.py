"""What goes wrong in the middle of a delivery: nothing is said twice without end, dropped, or left on the disk."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.clock import wall_clock
from bot.delivery import attempts
from bot.delivery.albums import Albums
from bot.delivery.attachments import Attachments, Later, SentFiles
from bot.delivery.attempts import Attempts, FailureServices, Outcome, OutcomeKind, Receipts, read_holds
from bot.delivery.telegram_calls import TelegramCalls
from bot.transport.requests import BotApi, pause_of, retry_after_of
from domain.moments import HOUR, Moment, later
from handlers.screen import Screen
from jobs import personal_data
from jobs.figures import MadeFile
from services.work import sweeps
from storage.boxes.outbox import Lane, Letter
from storage.database import Database
from storage.drivers.connection import Unavailable
from tests.bot.conftest import fail, lose


def letter(number: int = 1, **fields: Any) -> Letter:
    known = {"id": number, "person": 1, "chat": 1, "language": "en", "lane": Lane.BROADCAST, "klass": "nudge"}
    rest = {"screen": "x", "packed": "{}", "live": None, "edits": None, "assignment": None, "tries": 0, "due_at": 0}
    last = {"expires_at": None, "live_message": None, "assignment_state": "active"}
    return Letter(**{**known, **rest, **last, **fields})


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"edits": 5}, OutcomeKind.AGAIN),
        ({"live": "project:1", "live_message": 5}, OutcomeKind.AGAIN),
        ({"live": "project:1", "live_message": 5, "tries": 1}, OutcomeKind.DROPPED),
        ({"live": "project:1"}, OutcomeKind.DROPPED),
    ],
)
async def test_an_edit_in_place_is_made_again_after_one_error(fields: dict[str, Any], verdict: OutcomeKind) -> None:
    async def calls(*_: object) -> None:
        raise NetworkError("Bad Gateway")

    attempts = Attempts(cast(TelegramCalls, calls), lambda *_: Screen("x"), wall_clock)
    assert (await attempts(letter(**fields))).verdict is verdict


@pytest.mark.parametrize(
    ("told", "seconds"), [(b"0", 1), (b"-3", 1), (b"7", 7), (b"null", 5), (b'"soon"', 5), (b"true", 5), (b"2.5", 5)]
)
def test_a_pause_is_a_number_of_at_least_one(told: bytes, seconds: float) -> None:
    assert pause_of(retry_after_of(b'{"parameters": {"retry_after": %s}}' % told, "")) == seconds
    assert pause_of(RetryAfter(0)) == 1


async def test_documents_of_a_server_without_albums_go_in_turns(tmp_path: Path) -> None:
    sent, refuses = list[str](), True

    async def api(method: str, files: Any = None, **values: Any) -> dict[str, int]:
        nonlocal refuses
        if method == "sendMediaGroup":
            raise InvalidToken("Not Found")
        if refuses := not refuses:
            raise RetryAfter(1)
        sent.append(files["file"][0])
        return {"message_id": len(sent)}

    calls, none = cast(BotApi, api), cast(Database, None)
    attachments = Attachments(none, wall_clock)
    albums = Albums(calls, none, attachments, SentFiles(calls, None), wall_clock, lambda chat, more: 0.0)
    made = []
    for name in ("a.json", "b.html"):
        (tmp_path / name).write_text("x")
        made.append(MadeFile(tmp_path / name, name, "text/plain"))
    for _ in range(9):
        try:
            assert await albums.send_documents(letter(), made, {}, {"chat_id": 1}) == [{"message_id": 2}]
            break
        except (Later, RetryAfter):
            continue
    assert sent == ["a.json", "b.html"]
    assert albums.sent == {}


async def test_outcomes_that_were_not_recorded_one_by_one_wait_for_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, settled, away = list[int](), list[int](), True

    def mark(unit: object, outcomes: list[Outcome], after: object) -> None:
        nonlocal away
        numbers = [each.letter.id for each in outcomes]
        if len(numbers) > 1 and away:
            raise ZeroDivisionError
        if numbers == [2] and away:
            away = False
            raise Unavailable("away")
        recorded.extend(numbers)

    monkeypatch.setattr(attempts, "record_outcomes", mark)
    services = FailureServices(lose, fail)
    receipts = Receipts(database, services, wall_clock, lambda outcome: settled.append(outcome.letter.id))
    for number in (1, 2, 3):
        receipts.add(Outcome(letter(number), OutcomeKind.SENT, 7))
    with pytest.raises(Unavailable):
        await receipts.flush()
    await receipts.flush()
    assert recorded == settled == [1, 2, 3]


async def test_the_pause_of_all_chats_goes_with_a_clock_that_is_set_back(database: Database, now: Moment) -> None:
    await database.transact(lambda unit: unit.settings.store(sweeps.RELAY_HOLD_SETTING, str(now + 30_000)), now)
    await database.transact(sweeps.note_downtime, now)
    before = later(now, -HOUR)
    await database.transact(sweeps.note_downtime, before)
    assert (await database.transact(read_holds, before))[1] == before + 30_000


@pytest.mark.parametrize("form", ["json", "html"])
async def test_a_file_that_is_not_made_to_the_end_stays_nowhere(
    database: Database, now: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    ann = await database.transact(lambda unit: unit.people.upsert(1, None, "Ann", "en", now).id, now)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def away(*_: object) -> AsyncIterator[bytes]:
        yield b"Ada Lovelace"
        raise Unavailable("away")

    monkeypatch.setattr(personal_data, "_iterate_json", away)
    monkeypatch.setattr(personal_data, "_iterate_html", away)
    with pytest.raises(Unavailable):
        await personal_data.make_mydata_file(database, {"form": form, "person": ann}, now)
    assert os.listdir(tmp_path) == []
