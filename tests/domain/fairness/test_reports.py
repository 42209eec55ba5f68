"""Which reports stop a project."""

import pytest

from domain.fairness.reports import MAX_REPORTS_PER_DAY, ReportKind, may_report, must_stop_project


@pytest.mark.parametrize("kind", [ReportKind.ILLEGAL, ReportKind.SCAM])
def test_one_report_of_what_is_illegal_or_a_scam_stops_a_project(kind: ReportKind) -> None:
    assert must_stop_project([kind])
    assert must_stop_project([ReportKind.BROKEN, kind])


@pytest.mark.parametrize("kind", [ReportKind.BROKEN, ReportKind.PRIVATE, ReportKind.DISTURBING])
def test_of_anything_else_it_takes_three(kind: ReportKind) -> None:
    assert not must_stop_project([])
    assert not must_stop_project([kind, kind])
    assert must_stop_project([kind, ReportKind.BROKEN, ReportKind.PRIVATE])


def test_a_worker_reports_a_few_tasks_a_day() -> None:
    assert may_report(MAX_REPORTS_PER_DAY - 1)
    assert not may_report(MAX_REPORTS_PER_DAY)
