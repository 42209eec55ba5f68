"""What a way from a file to its results must show to count as well, and what turns it red."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.shows.sets import Opened, Shown
from benchmarks.shows.went import Money, Sight, Went, seen_by

MONEY = Money(card=3_960_000, held=3_960_000, given=3_960_000, spent=3_900_000, back=60_000, left=0, fell=3_900_000)
OPENED = Opened("pandas", 30, True, 0.9, "as is true")


def went() -> Went:
    about = Shown(
        "text", "texts", "people", "a.csv", "", 30, lambda ids: b"", lambda task: None, "csv", lambda *_: OPENED
    )
    return Went(
        about, money=MONEY, is_preview_over=True, as_worker=True, progress=[0, 40, 100], opened=OPENED, broken="30 rows"
    )


def test_a_way_with_all_of_it_is_well_and_its_controls_are_red() -> None:
    assert list(went().problems()) == []
    assert went().unseen == []


@pytest.mark.parametrize("name", ["card", "held", "given", "spent", "back", "left", "fell"])
@pytest.mark.parametrize("off", [10_000, -1])
def test_no_amount_may_be_off(name: str, off: int) -> None:
    changed: dict[str, Any] = {name: getattr(MONEY, name) + off}
    wrong = replace(MONEY, **changed)
    assert not replace(went(), money=wrong).is_well


@pytest.mark.parametrize(
    "wrong",
    [
        {"money": None},
        {"is_preview_over": False},
        {"as_worker": False},
        {"progress": []},
        {"progress": [0, 100]},
        {"progress": [0, 40, 80]},
        {"progress": [0, 80, 40, 100]},
        {"opened": None},
        {"opened": replace(OPENED, whole=False)},
        {"failed": ["TimeoutError"]},
    ],
)  # fmt: skip
def test_nothing_may_be_missing(wrong: dict[str, Any]) -> None:
    assert not replace(went(), **wrong).is_well


def test_a_tool_that_opens_half_a_download_is_told() -> None:
    assert replace(went(), broken="").unseen == ["a download cut in half"]


def test_a_preview_is_a_task_as_a_worker_saw_it() -> None:
    preview = Sight("🧪 Which bird? · €0.04\nLook.", ("bunting", "grosbeak"), b"picture")
    seen = Sight("Thanks!\nWhich bird? · €0.04\nLook.", ("bunting", "grosbeak", "🤷 Can't tell"), b"picture")
    assert seen_by(preview, [replace(seen, text="Another"), seen])
    for other in (replace(seen, labels=("bunting",)), replace(seen, content=None), replace(seen, text="Look.")):
        assert not seen_by(preview, [other])
