"""The picture of /admin goes by the clock of the admin who asks."""

from dataclasses import replace

import pytest

from handlers.people import accounts
from locales import translator
from tests.handlers.screens.people_samples import DASHBOARD

CLOCKS = {"UTC": ("14:13", "14:00", "13:13"), "Asia/Kolkata": ("19:43", "19:30", "18:43")}  # at 14:13:20 UTC


@pytest.mark.parametrize("zone", CLOCKS)
def test_hours_and_moments_are_those_of_the_admins_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    monkeypatch.setattr(accounts, "overview_picture", lambda *parts, **kw: drawn.extend((*parts, *kw.values())) or b"")
    t = translator("en")
    accounts.dashboard_picture(replace(DASHBOARD, zone=zone), t)
    title, _, day, _, _, notes = map(str, drawn)
    assert [time in part for time, part in zip(CLOCKS[zone], (title, day, notes), strict=True)] == [True] * 3
    assert t.city(zone) in title
