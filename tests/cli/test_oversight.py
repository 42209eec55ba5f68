"""`pouce oversight`, compared with plain statements over a database with two quarters in it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from domain.conduct.evidence import Evidence
from domain.fairness.cases import ComplaintId
from domain.moments import DAY, HOUR, Moment, later
from domain.work.dispatch import WorkerStanding
from services.fairness import complaints
from services.quality import restrictions
from services.work import inputs
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import REQUESTER, House, furnish
from tests.invariants.flows import turn

ADMINS = frozenset({REQUESTER})
FIRST, SECOND = (Moment(int(datetime(*day, tzinfo=UTC).timestamp() * 1000)) for day in ((2026, 9, 20), (2026, 10, 5)))
SPANS = {"2026-Q3": ((2026, 7, 1), (2026, 10, 1)), "2026-Q4": ((2026, 10, 1), (2027, 1, 1))}


@pytest.fixture
def pouce(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)

    def typed(url: str, *words: str) -> str:
        monkeypatch.setenv("DATABASE_URL", url)
        assert main(list(words)) == 0
        return capsys.readouterr().out

    return typed


def restrict(unit: UnitOfWork, house: House, number: int) -> None:
    worker = house.workers[number]
    unit.enrolments.enrol(worker, house.project)
    found = [Evidence(worker, "random", 10.0, 40, 5, 0.8, 0.5)]
    restrictions.apply_evidence(unit, unit.projects.get(house.project), worker, found)


def complain(unit: UnitOfWork, house: House, number: int) -> None:
    act = act_of(unit, house.workers[number], ADMINS)
    complaints.ask_for_complaint(act, "other", 0)
    inputs.take_words(act, "Nobody looked at my answers.")


def half_a_year(url: str) -> House:
    """Three restrictions in the first quarter (one confirmed, one lifted, one lapsed), one in the second that waits;
    three complaints, one of them answered too late; soft measures; a pause."""
    with one_transaction(url, FIRST) as unit:
        house = furnish(unit, workers=4, tasks=8)
        for worker in house.workers:
            turn(unit, worker)
        for number in range(3):
            restrict(unit, house, number)
            complain(unit, house, number)
        unit.enrolments.stand(house.project, [(house.workers[3], WorkerStanding(0.1, True))])
        unit.evidence.watch(house.workers[2], house.project, 2)
        unit.soft_measures.note(house.project)
        unit.audit.note(None, "pause", "project:1")
    with one_transaction(url, later(FIRST, 10 * HOUR)) as unit:
        admin = act_of(unit, house.requester, ADMINS)
        first, second, _ = (unit.restrictions.list_of_worker(worker, 1)[0].id for worker in house.workers[:3])
        restrictions.decide_restriction(admin, first, False)
        inputs.take_words(admin, "Half of these answers are wrong.")
        restrictions.decide_restriction(admin, second, True)
        unit.audit.note(house.requester, "resumed", "project:1")
    with one_transaction(url, later(FIRST, 73 * HOUR)) as unit:
        restrictions.end_due_restrictions(unit)
        complaints.answer_complaint(
            act_of(unit, house.requester, ADMINS), ComplaintId(1), "You were right: it is lifted."
        )
    with one_transaction(url, SECOND) as unit:
        complaints.answer_complaint(
            act_of(unit, house.requester, ADMINS), ComplaintId(2), "You were wrong: here is why."
        )
        restrict(unit, house, 3)
    return house


def counted(unit: UnitOfWork, what: str, table: str, at: str, span: tuple[int, int], where: str = "1 = 1") -> int:
    sql = f"SELECT {what} FROM {table} WHERE {at} >= {span[0]} AND {at} < {span[1]} AND {where}"
    return int(unit.connection.all(sql)[0][0] or 0)


def test_the_figures_are_those_of_plain_statements(pouce: Callable[..., str], database_url: str) -> None:
    half_a_year(database_url)
    found = {each["quarter"]: each for each in json.loads(pouce(database_url, "oversight", "--json"))}
    assert list(found)[:2] == list(SPANS)
    with one_transaction(database_url, SECOND, read_only=True) as unit:
        for name, days in SPANS.items():
            span = tuple(int(datetime(*day, tzinfo=UTC).timestamp() * 1000) for day in days)
            of, restricted = found[name], found[name]["restrictions"]

            def imposed(where: str, span: tuple[int, int] = span) -> int:  # type: ignore[assignment]
                return counted(unit, "count(*)", "restrictions", "imposed_at", span, where)

            assert of["answers"] == counted(unit, "count(*)", "submissions", "submitted_at", span)
            assert of["workers"] == counted(unit, "count(DISTINCT worker)", "submissions", "submitted_at", span)
            assert restricted["imposed"] == imposed("1 = 1")
            assert restricted["confirmed"] == imposed("state <> 'lifted' AND decided_by IS NOT NULL")
            assert restricted["lifted"] == imposed("state = 'lifted' AND decided_by IS NOT NULL")
            assert restricted["lapsed"] == imposed("lapsed = 1")
            assert restricted["waiting"] == imposed("state = 'standing' AND decided_by IS NULL")
            for kind in ("later", "checks", "held"):
                assert of["measures"][kind] == counted(
                    unit, "count(*)", "soft_measures", "since", span, f"kind = '{kind}'"
                )
            assert of["complaints"]["answered"] == counted(
                unit, "count(*)", "complaints", "made_at", span, "answered_at IS NOT NULL"
            )
            assert of["complaints"]["in_time"] == counted(
                unit, "count(*)", "complaints", "made_at", span, "answered_at <= due_at"
            )
            moved = {each["kind"]: each["amount"] for each in of["pay"]}
            for kind in ("release", "topup", "reject"):
                assert moved.get(kind, 0) == counted(
                    unit, "sum(amount)", "transfers", "made_at", span, f"kind = '{kind}'"
                )
    first, second = found["2026-Q3"], found["2026-Q4"]
    assert first["restrictions"] == {
        **{"imposed": 3, "confirmed": 1, "lifted": 1, "lapsed": 1, "granted": 0, "faded": 0, "waiting": 0},
        **{"appealed": 0, "hours": 10.0},
    }
    assert first["measures"] == {"later": 1, "checks": 0, "held": 1, "spared": 0}
    assert first["pauses"] == {"by_machine": 1, "resumed_by_machine": 0, "resumed_by_human": 1, "ended_by_human": 0}
    assert (first["complaints"]["answered"], first["complaints"]["in_time"]) == (2, 1)
    assert first["complaints"]["days"] == round((73 * HOUR + (SECOND - FIRST)) / 2 / DAY, 2)
    assert (second["restrictions"]["imposed"], second["restrictions"]["waiting"]) == (1, 1)


def test_it_prints_a_block_a_quarter(pouce: Callable[..., str], database_url: str) -> None:
    half_a_year(database_url)
    printed = pouce(database_url, "oversight")
    assert printed.startswith("2026-Q3: ")
    assert "3 imposed, 1 confirmed by a human, 1 lifted by a human, 1 lapsed" in printed
    assert "1 by machine, 0 resumed by machine, 1 resumed by human, 0 ended by human" in printed
    assert "\n\n2026-Q4: " in printed


def test_an_empty_house_has_no_figures(pouce: Callable[..., str], database_url: str) -> None:
    assert pouce(database_url, "oversight") == "Nobody has come yet.\n"
    assert json.loads(pouce(database_url, "oversight", "--json")) == []
