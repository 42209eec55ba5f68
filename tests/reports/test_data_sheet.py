"""The data sheet is one page, whatever stands in it."""

import pytest

from jobs.data_sheets import sheet_words
from locales.languages import LANGUAGES
from reports.data_sheet import DataSheet, DataSheetPart, data_sheet_pdf
from tests.reports.pdf import read

LONGEST = "Wählen Sie, was hier am besten paßt (a \\ b). " * 5
FULLEST = (
    ("asked", (("tasks", "tasks_are"), ("purpose", "consent_is"))),
    ("who", (*((name, f"{name}_are") for name in ("workers", "answers", "models", "tools")),
             ("result", "weighed"), ("wanted", "until"), ("when", "from_to"), ("languages", "when"))),
    ("agreement", (*((name, f"{name}_is") for name in ("alpha", "percent", "gold", "sure")), ("kappa", "kappa"))),
    ("pay", (*((name, f"{name}_is") for name in ("each", "total", "consent")), ("names", "names_are"))),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_page_is_one_page(language: str) -> None:
    known = sheet_words(language)
    filled = {name: text.replace("{", "1 234 567 ").replace("}", "") for name, text in known.items()}
    parts = [
        DataSheetPart(known[title], [(known[what], filled[value]) for what, value in lines]) for title, lines in FULLEST
    ]
    parts[0] = DataSheetPart(
        parts[0].title, [*parts[0].lines, (known["question"], 2 * LONGEST[:140]), (known["kind"], LONGEST)]
    )
    notes = [known[name] for name in ("sample", "alike", "certainty", "model_limit", "running")]
    page = read(data_sheet_pdf(DataSheet(known["title"], LONGEST[:150], parts, known["limits"], notes, "Pouce · 1")))
    assert page.pages == 1
    assert page.lines[-1] == "Pouce · 1"
    assert "paßt (a \\ b)." in page.text
    assert known["limits"] in page.lines
    assert page.text.count("•") == len(notes)
    *above, foot = page.heights
    assert foot == min(page.heights) > 15
    assert min(above) > foot + 7  # nothing is written over the foot
