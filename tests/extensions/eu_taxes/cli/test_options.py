"""Options of the command line that do not fit are refused before anything is written."""

from pathlib import Path

import pytest

from tests.cli.test_ledger import Pouce, pouce

__all__ = ["pouce"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["dac7", "2026", "figures.csv", "--filed"], "--filed: only with --xml"),
        (["dac7", "2026", "figures.csv", "--test"], "--test: only with --xml"),
        (["dac7", "2026", "figures.csv", "--xsd", "x.xsd"], "--xsd: only with --xml"),
        (["dac7", "2026", "figures.csv", "--schema", "fr"], "--schema: only with --xml"),
        (["invoices", "2026-01", "costs.csv", "--pdf", "."], "--pdf: not with FILE"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    words: list[str], expected: str, pouce: Pouce, sqlite_url: str, tmp_path: Path
) -> None:
    """Who writes --filed without --xml would believe that the year is filed."""
    assert pouce(sqlite_url, *words) == (1, "", f"{expected}\n")
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**63)])
@pytest.mark.parametrize("words", [["paid", "{}", "RF06"], ["declare", "x.csv", "--number={}"]])
def test_a_number_that_no_declaration_can_have_is_refused(
    words: list[str], number: str, pouce: Pouce, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        pouce(sqlite_url, "contributions", *(word.format(number) for word in words))
    assert ended.value.code == 2
    assert "expected a number from 1 on" in capsys.readouterr().err or number == "-1"
