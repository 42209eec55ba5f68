"""Which reports stop a project."""

import pytest

from domain.fairness.reports import MAX_REPORTS_PER_DAY, Kind, may_report, must_stop_project


@pytest.mark.parametrize("kind", [Kind.ILLEGAL, Kind.SCAM])
def test_one_report_of_what_is_illegal_or_a_scam_stops_a_project(kind: Kind) -> None:
    assert must_stop_project([kind])
    assert must_stop_project([Kind.BROKEN, kind])


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.PRIVATE, Kind.DISTURBING])
def test_of_anything_else_it_takes_three(kind: Kind) -> None:
    assert not must_stop_project([])
    assert not must_stop_project([kind, kind])
    assert must_stop_project([kind, Kind.BROKEN, Kind.PRIVATE])


def test_a_worker_reports_a_few_tasks_a_day() -> None:
    assert may_report(MAX_REPORTS_PER_DAY - 1)
    assert not may_report(MAX_REPORTS_PER_DAY)
