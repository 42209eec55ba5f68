"""kill -9 in the circle of money: from a QR code to the worker's bank, back, and out again; papers and invoices.

A hundred kills: `python -m benchmarks treasury`.
"""

from pathlib import Path

import pytest

from faults.treasury import treasury


@pytest.mark.timeout(400)
async def test_money_goes_round_once_however_often_the_bot_dies(sqlite_url: str, tmp_path: Path) -> None:
    async with treasury(sqlite_url, tmp_path / "log", life=2, most=2) as house:
        found = await house.run(kills=2)
    assert found.untrue == []
    assert house.kills == 2
