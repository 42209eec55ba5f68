"""Which reports stop a project."""

import pytest

from domain.fairness.reports import PER_DAY, Kind, may_report, stops


@pytest.mark.parametrize("kind", [Kind.ILLEGAL, Kind.SCAM])
def test_one_report_of_what_is_illegal_or_a_scam_stops_a_project(kind: Kind) -> None:
    assert stops([kind])
    assert stops([Kind.BROKEN, kind])


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.PRIVATE, Kind.DISTURBING])
def test_of_anything_else_it_takes_three(kind: Kind) -> None:
    assert not stops([])
    assert not stops([kind, kind])
    assert stops([kind, Kind.BROKEN, Kind.PRIVATE])


def test_a_worker_reports_a_few_tasks_a_day() -> None:
    assert may_report(PER_DAY - 1)
    assert not may_report(PER_DAY)
