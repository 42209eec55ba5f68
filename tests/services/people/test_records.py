"""`/record`: a file that a third party checks with docs/check_record.py, and a page whose QR code holds the same."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from domain.answers import list_kinds as answer_kinds
from domain.moments import Moment, parse_span
from domain.people.accounts import PersonId
from domain.people.personal_data import RecordReady
from domain.projects.projects import ProjectState
from domain.refusals import BadInput
from formats.personal_data import canonical, public_key, signed
from handlers.people.records import GetRecord, record_page_words
from handlers.screen import render
from jobs import records
from locales import translator
from reports.statement import draw_qr_code
from services.people import records as records_service
from services.projects.lifecycle import end_project
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish

SCRIPT = Path(__file__).parents[3] / "docs" / "check_record.py"


def worked(unit: UnitOfWork) -> House:
    """The first worker answered three tasks, all alike: ordinary ones and check questions."""
    house = furnish(unit, tasks=6, gold=4, overlap=3, title="Reviews")
    worker = unit.people.get(house.workers[0])
    submit.show_work(unit, worker)
    for said in ("0", "0", "0"):
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        submit.submit_answer(unit, worker, in_hand.id, said, None)
    return house


def ended(unit: UnitOfWork) -> House:
    """The same, and the project has ended."""
    house = worked(unit)
    end_project(unit, unit.people.get(house.requester), unit.projects.get(house.project), ProjectState.STOPPED)
    return house


def asked(unit: UnitOfWork, person: PersonId, *span: str) -> Sequence[RecordReady]:
    found = press(act_of(unit, person), GetRecord(**dict(zip(("first", "last"), span, strict=False))))
    return found if isinstance(found, tuple) else (found,)  # type: ignore[return-value]


async def record_of(database: Database, now: Moment, prepare: Callable[[UnitOfWork], House] = ended) -> tuple[str, str]:
    """The signed text, and the house's public key."""
    house = await database.transact(prepare, now)
    shown, file = await database.transact(asked, now, house.workers[0])
    assert shown.signed == file.signed
    return file.signed, await database.transact(lambda unit: records_service.get_signing_key(unit).public, now)


def checked(tmp_path: Path, text: str, key: str) -> tuple[int, str]:
    """As a third party runs it."""
    file = tmp_path / "record.json"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, SCRIPT, file, key], capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


async def test_a_third_party_checks_the_file_and_finds_every_change(
    database: Database, now: Moment, tmp_path: Path
) -> None:
    text, key = await record_of(database, now)
    code, said = checked(tmp_path, text, key)
    assert (code, said.split("\n")[0]) == (0, "VALID")
    other = public_key(bytes(32))
    record = json.loads(text)["record"]
    forged = signed({**record, "answers": 900}, bytes(32))
    broken = json.loads(text)
    broken["signature"] = base64.b64encode(bytes(64)).decode()
    for wrong, by in (
        (text.replace('"answers":3', '"answers":4'), key),
        (text.replace('"right":', '"right":1'), key),
        (text, other),
        (forged, key),
        (json.dumps(broken), key),
        (json.dumps({**json.loads(text), "extra": 1}), key),
        (json.dumps([record]), key),
        ("{}", key),
        ("", key),
        (text, "no key"),
    ):
        code, said = checked(tmp_path, wrong, by)
        assert (code, "NOT VALID" in said, "Traceback" in said) == (1, True, False), said


async def test_it_says_what_was_done(database: Database, now: Moment) -> None:
    record = json.loads((await record_of(database, now))[0])["record"]
    assert (record["answers"], record["projects"], record["kinds"]) == (3, 1, {"choice": 3})
    gold = record["check_questions"]
    assert gold["right"] == gold["seen"] > 0
    low, high = map(float, gold["interval_95"])
    assert low < float(gold["share"]) == high == 1
    assert record["earned"] == {"EUR": "0.15"}
    assert record["person"] == {"name": "Worker 0", "telegram_id": 2_000}


async def test_check_questions_of_a_running_project_are_not_counted_yet(database: Database, now: Moment) -> None:
    record = json.loads((await record_of(database, now, worked))[0])["record"]
    assert record["answers"] == 3
    assert record["check_questions"] == {"seen": 0, "projects_not_counted_yet": 1}
    lines = dict(
        record_page_words(record | {"issuer": {"name": "", "key": "", "address": ""}}, translator("en"))["lines"]
    )
    assert "1 project not counted until it ends" in lines["Check questions right"]


async def test_the_code_on_the_page_holds_the_file(database: Database, now: Moment) -> None:
    text, _ = await record_of(database, now)
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(draw_qr_code(text))), formats=zxingcpp.BarcodeFormat.QRCode)
    assert read.text == text
    for language in ("en", "fr"):
        screen = render(RecordReady.stored_as, {"form": "pdf", "signed": text}, language)
        assert screen.file is not None
        made = await records.make_record(database, screen.file.facts, now)
        written = made.path.read_bytes()
        made.path.unlink()
        assert written[:5] == b"%PDF-"
        assert written.count(b"/Type /Page\n") == 1


def test_the_longest_record_fits_its_code_and_its_page() -> None:
    """Every kind of answer, and names as long as Telegram allows, in signs of four bytes."""
    kinds = answer_kinds()
    record = {
        "format": "pouce-record-1",
        "issuer": {"name": "Pouce", "key": "f" * 16, "address": "https://" + "a" * 60 + "/record-key"},
        "person": {"name": "😀" * 129, "telegram_id": 10**12},
        "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "answers": 10**7,
        "projects": 10**5,
        "kinds": dict.fromkeys(kinds, 10**6),
        "hours": {"measured": "123456.78", "of_answers": 10**7},
        "check_questions": {"seen": 10**5, "right": 10**5, "share": "1.000", "interval_95": ["0.999", "1.000"]},
        "earned": {"EUR": "123456.123456", "USD": "123456.123456"},
        "issued_at": "2026-11-27T08:00:00+00:00",
    }
    text = signed(record, bytes(32))
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(draw_qr_code(text))), formats=zxingcpp.BarcodeFormat.QRCode)
    assert read.text == text
    shown = dict(record_page_words(record, translator("fr"))["lines"])
    assert (len(shown), shown["Période"]) == (8, "1er janv. 2026 – 31 déc. 2026")
    assert canonical(record) in text.encode()


@pytest.mark.parametrize(
    "span",
    [
        ("2099",),
        ("2026-13",),
        ("1999",),
        ("2026-06", "2026-01"),
        ("all",),
        ("2026-01", "x"),
        ("20260",),
        ("-1",),
    ],
)
async def test_an_absurd_period_is_refused(span: tuple[str, ...], database: Database, now: Moment) -> None:
    house = await database.transact(worked, now)
    with pytest.raises(BadInput):
        await database.transact(asked, now, house.workers[0], *span)


def test_a_period_ends_now_at_the_latest() -> None:
    now = Moment(1_790_000_000_000)  # in September 2026
    assert parse_span("2026", "", now) == (1_767_225_600_000, now)
    assert parse_span("2026-01", "2026-01", now) == (1_767_225_600_000, 1_769_904_000_000)
    assert parse_span("", "", now) == (0, now)
    assert parse_span("", "2026", now) is None


async def test_ones_own_work_alone_and_none_is_none(database: Database, now: Moment) -> None:
    house = await database.transact(worked, now)
    (nothing,) = await database.transact(asked, now, house.workers[1])
    assert (nothing.form, nothing.signed) == ("", "")
    assert "no answer of yours" in render(RecordReady.stored_as, {"form": "", "signed": ""}, "en").text


async def test_a_new_key_signs_and_the_old_one_is_still_known(database: Database, now: Moment, tmp_path: Path) -> None:
    text, old = await record_of(database, now)
    new = await database.transact(lambda unit: records_service.renew_key(unit).public, now)
    keys = await database.transact(lambda unit: [each.public for each in records_service.list_keys(unit)], now)
    assert keys == [new, old]
    assert checked(tmp_path, text, old)[0] == 0
    assert checked(tmp_path, text, new)[0] == 1
